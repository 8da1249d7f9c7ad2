//! Memory of an idle server, and of the same server after mixed load.

use std::error::Error;
use std::thread;
use std::time::Duration;

use super::setting::Setting;
use super::work::Work;
use crate::contestants::{Contestant, MemoryUse};
use crate::report::{LineKey, Sample};

/// Between the last answer and the look at the memory.
const SETTLE: Duration = Duration::from_secs(1);

/// Looks at the memory after the first answer, then after table JSON, row JSON and table HTML.
///
/// # Errors
/// A server that fails under load.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let server = setting.start(Work::Memory, contestant)?;
    thread::sleep(SETTLE);
    let idle = MemoryUse::of(server.process())?;
    for work in [Work::Json, Work::Row, Work::Html] {
        if work.suits(contestant) {
            setting.load(work, &server).run()?;
        }
    }
    thread::sleep(SETTLE);
    let loaded = MemoryUse::of(server.process())?;
    Ok(vec![
        Sample::new(LineKey::MemoryIdle, idle.resident),
        Sample::new(LineKey::MemoryLoaded, loaded.resident),
    ])
}
