//! What plugins written in Python cost.

use std::error::Error;
use std::ffi::OsStr;
use std::path::PathBuf;

use super::setting::Setting;
use super::work::Work;
use crate::client::Load;
use crate::contestants::{Contestant, Server};
use crate::locations;
use crate::report::{LineKey, Sample};

/// A page with a hundred rows.
const PAGE: &str = "/million/observations?_nosuggest=1&_nofacet=1&_nocount=1";

/// A function of SQL, called for 100,000 rows.
const CALLS: &str = "/million/-/query.json?sql=with+recursive+n(i)+as+(select+1+union+all+select\
                     +i%2B1+from+n+where+i<100000)+select+sum(distance(i%2590,i%25180,1.5,2.5))+from+n";

/// The sides of each comparison take turns on servers that run at once, one client at a time.
///
/// # Errors
/// A server that does not start or fails.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let mut samples = Vec::new();
    if contestant == Contestant::Ours {
        let plain = start(contestant, setting, None, 0)?;
        let hooked = start(contestant, setting, Some("hook"), 1)?;
        let without = median(setting, &plain, PAGE)?;
        let with = median(setting, &hooked, PAGE)?;
        samples.push(Sample::new(LineKey::HookCost, with - without));
        drop((plain, hooked));
        // They are known after their first start.
        drop(start(contestant, setting, Some("ten"), 0)?);
        let ten = start(contestant, setting, Some("ten"), 0)?;
        let startup = ten.startup().as_secs_f64() * 1000.0;
        samples.push(Sample::new(LineKey::PluginStart, startup));
    }
    // The original's page is the one without plugins: ours has to afford two.
    let plugins = (contestant == Contestant::Ours).then_some("cells");
    let cells = start(contestant, setting, plugins, 0)?;
    let page = median(setting, &cells, PAGE)?;
    samples.push(Sample::new(LineKey::PluginCells, 1000.0 / page));
    drop(cells);
    let function = start(contestant, setting, Some("function"), 0)?;
    let calls = median(setting, &function, CALLS)?;
    samples.push(Sample::new(LineKey::PluginFunction, calls / 1000.0));
    Ok(samples)
}

/// A server with the plugins of a folder, each on a port of its own.
fn start(
    contestant: Contestant,
    setting: &Setting,
    plugins: Option<&str>,
    place: u16,
) -> Result<Server, Box<dyn Error>> {
    let folder = plugins.map(|name| locations::plugins_folder().join(name));
    let environment: Option<PathBuf> = match contestant {
        Contestant::Ours => Some(setting.contestants.environment()?),
        _ => None,
    };
    // The default would end 100,000 calls on a slow machine.
    let mut options = ["--setting", "sql_time_limit_ms", "60000"]
        .map(OsStr::new)
        .to_vec();
    if let (Some(environment), Some(_)) = (&environment, &folder) {
        options.extend([OsStr::new("--python"), environment.as_os_str()]);
    }
    if let Some(folder) = &folder {
        options.extend([OsStr::new("--plugins-dir"), folder.as_os_str()]);
    }
    setting.start_at(Work::Plugins, contestant, setting.port + place, &options)
}

/// The median of what one client waits, in milliseconds.
fn median(setting: &Setting, server: &Server, path: &str) -> Result<f64, Box<dyn Error>> {
    let load = Load {
        paths: vec![path.to_owned()],
        connections: 1,
        ..setting.load(Work::Plugins, server)
    };
    // The first run is the warm-up.
    load.run()?;
    Ok(load.run()?.latency(50.0).ok_or("no answer at all")?)
}
