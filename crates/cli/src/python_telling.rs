//! Python asked once, without a server: it writes its answer into a file, since plugins print.

use std::path::Path;
use std::process::Command;

use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// What Python answers. `command` makes the command that writes into the file that it is given.
///
/// # Errors
/// Python does not start, or a plugin cannot be loaded: its words (PLUG-05).
pub(crate) fn told<T: DeserializeOwned>(
    command: impl FnOnce(&Path) -> Result<Command, Failure>,
) -> Result<T, Failure> {
    let cannot = |error: std::io::Error| Failure::error(format!("Python plugins: {error}"));
    let answer = tempfile::NamedTempFile::new().map_err(cannot)?;
    let ran = command(answer.path())?.output().map_err(cannot)?;
    if !ran.status.success() {
        let words = String::from_utf8_lossy(&ran.stderr);
        return Err(Failure::error(words.trim_end().to_owned()));
    }
    let text = std::fs::read(answer.path()).map_err(cannot)?;
    serde_json::from_slice(&text).map_err(|error| {
        Failure::error(format!(
            "Python plugins: the answer makes no sense: {error}"
        ))
    })
}
