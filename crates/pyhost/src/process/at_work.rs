//! Whose code is running in the process of the plugins.

use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The name of the file in the folder of the process.
const FILE: &str = "at-work";

/// The file in which the process notes whose code it enters. It is read when the process hangs or
/// has died, and cannot be asked.
#[derive(Clone)]
pub(crate) struct AtWork(Arc<Path>);

impl AtWork {
    /// The note of the process that has this folder.
    pub(super) fn noted_in(folder: &Path) -> Self {
        Self(folder.join(FILE).into())
    }

    /// The plugin whose code is running, or was when the process ended; `None` where it was idle.
    pub(crate) fn plugin(&self) -> Option<String> {
        let note = fs::read(&*self.0).ok()?;
        let end = note.iter().position(|byte| *byte == 0)?;
        (end > 0).then(|| String::from_utf8_lossy(&note[..end]).into_owned())
    }
}
