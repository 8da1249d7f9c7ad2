//! What rules of access cost those who ask for what everybody may see, and what signing in costs.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;

use serde_json::{Map, Value, json};

use super::setting::Setting;
use super::work::Work;
use crate::client::Load;
use crate::contestants::{Contestant, Server};
use crate::report::{LineKey, Sample};

/// The sides take turns this often within the time of one measurement, so that whatever else the
/// machine does falls on all of them.
const SLICES: u32 = 10;
/// Tables with rules of their own.
const RULED: usize = 1000;
/// Signs the cookie below.
const SECRET: &str = "golden-secret";
/// The actor `{"id": "root"}`, for ever.
const COOKIE: &str = "Cookie: ds_actor=eyJhIjp7ImlkIjoicm9vdCJ9fQ.LH8Ux22pLQTgAaxDn4-6vDOxtDI\r\n";

/// Rules at every level, none of which closes the table that is asked for.
fn rules() -> Value {
    let tables: Map<String, Value> = (0..RULED)
        .map(|number| {
            let allow = json!({"allow": {"id": ["ann", "bob"], "role": "boss"}});
            (format!("table_{number}"), allow)
        })
        .collect();
    json!({
        "allow": {"id": "*", "unauthenticated": true},
        "allow_sql": {"id": "ann"},
        "permissions": {"insert-row": {"id": "ann"}, "debug-menu": {"id": "root"}},
        "databases": {"million": {
            "allow": {"role": ["boss", "staff"], "unauthenticated": true, "id": "root"},
            "permissions": {"create-table": {"id": "ann"}},
            "tables": tables,
        }},
    })
}

/// Answers per second of one side, so far.
#[derive(Default)]
struct Side {
    answers: usize,
    seconds: f64,
}

impl Side {
    fn rate(&self) -> f64 {
        self.answers as f64 / self.seconds
    }
}

/// Two servers at once: one without rules, one with many.
///
/// # Errors
/// A server that does not start or fails under load.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let file = setting.databases.million.with_file_name("rules.json");
    fs::write(&file, rules().to_string())?;
    let secret = [OsStr::new("--secret"), OsStr::new(SECRET)];
    let ruled = [secret[0], secret[1], OsStr::new("-c"), file.as_os_str()];
    let plain = setting.start_at(Work::Access, contestant, setting.port, &secret)?;
    let ruled = setting.start_at(Work::Access, contestant, setting.port + 1, &ruled)?;
    let slice = |server: &Server, headers| Load {
        headers,
        duration: setting.duration / SLICES,
        ..setting.load(Work::Access, server)
    };
    let loads = [slice(&plain, ""), slice(&ruled, ""), slice(&ruled, COOKIE)];
    let mut sides = [Side::default(), Side::default(), Side::default()];
    // The first turn is the warm-up.
    for turn in 0..=SLICES {
        for (side, load) in sides.iter_mut().zip(&loads) {
            let result = load.run()?;
            if turn > 0 {
                side.answers += result.answers();
                side.seconds += result.elapsed;
            }
        }
    }
    let [plain, ruled, signed] = sides.map(|side| side.rate());
    Ok(vec![
        Sample::new(LineKey::AccessRules, 100.0 * ruled / plain),
        Sample::new(LineKey::AccessSigned, 100.0 * signed / ruled),
    ])
}
