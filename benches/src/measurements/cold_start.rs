//! From nothing to the first answer.

use std::error::Error;

use super::setting::Setting;
use super::work::Work;
use crate::contestants::Contestant;
use crate::report::{LineKey, Sample};

/// Starts the contestant and stops it after its first answer.
///
/// # Errors
/// A server that does not start.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let server = setting.start(Work::Start, contestant)?;
    Ok(vec![Sample::new(
        LineKey::ColdStart,
        server.startup().as_secs_f64() * 1000.0,
    )])
}
