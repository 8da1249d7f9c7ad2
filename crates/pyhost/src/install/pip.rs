//! Running pip inside of an environment, with what it says passed on.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Runs pip without looking for modules in the folder we are in, where `python -m pip` would look
/// first.
const PROGRAM: &str = "import sys
if sys.path[:1] == ['']:
    del sys.path[0]
from runpy import run_module
run_module('pip', run_name='__main__', alter_sys=True)";

/// Runs pip with these words; answers its exit code. It shares our streams.
///
/// # Errors
/// A sentence for the user: it did not start, or was ended from outside.
pub(super) fn run<W: AsRef<OsStr>>(
    python: &Path,
    words: impl IntoIterator<Item = W>,
) -> Result<u8, String> {
    let mut command = Command::new(python);
    command.args(["-c", PROGRAM]).args(words);
    let status = command.status();
    let status = status.map_err(|error| format!("pip did not start: {error}"))?;
    match status.code().map(u8::try_from) {
        Some(Ok(code)) => Ok(code),
        _ => Err(format!("pip was ended: {status}")),
    }
}
