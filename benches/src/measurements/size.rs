//! How large the one file is that is installed.

use std::error::Error;
use std::fs;

use super::setting::Setting;
use crate::contestants::Contestant;
use crate::report::{LineKey, Sample};

/// Looks at the binary.
///
/// # Errors
/// It cannot be looked at.
pub(super) fn measure(
    contestant: Contestant,
    setting: &Setting,
) -> Result<Vec<Sample>, Box<dyn Error>> {
    let bytes = fs::metadata(setting.contestants.binary(contestant))?.len();
    Ok(vec![Sample::new(LineKey::BinarySize, bytes as f64 / 1e6)])
}
