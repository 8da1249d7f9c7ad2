//! Lists of 100,000 tables, each of which is judged.

use std::error::Error;

use super::setting::Setting;
use super::work::Work;
use crate::client::Load;
use crate::contestants::Contestant;
use crate::report::{LineKey, Sample};

/// One client asks for one list after the other.
///
/// # Errors
/// A server that does not start or fails.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let server = setting.start(Work::Tables, contestant)?;
    let mut samples = Vec::new();
    for (key, path) in [
        (LineKey::TablesAllowed, "/-/allowed.json?action=view-table"),
        (LineKey::TablesJump, "/-/jump.json?q=0999"),
        (LineKey::TablesIndex, "/.json"),
    ] {
        let result = Load {
            paths: vec![path.to_owned()],
            connections: 1,
            ..setting.load(Work::Tables, &server)
        }
        .run()?;
        let median = result.latency(50.0).ok_or("no answer at all")?;
        samples.push(Sample {
            p50: Some(median),
            p99: result.latency(99.0),
            ..Sample::new(key, median)
        });
    }
    Ok(samples)
}
