//! A database file that lives no longer than the process (INT-02).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use datasette_core::{Fault, FaultKind};
use tempfile::TempPath;

/// A private file, readable by its owner only; dropping deletes it and SQLite's companions.
pub(crate) struct TemporaryFile {
    path: TempPath,
}

impl TemporaryFile {
    pub(crate) fn new() -> Result<Self, Fault> {
        let file = tempfile::Builder::new()
            .prefix("datasette_temp_")
            .suffix(".db")
            .tempfile()
            .map_err(|error| {
                let words = format!(
                    "the temporary directory {} is not writable: {error}",
                    std::env::temp_dir().display()
                );
                Fault::new(FaultKind::Internal, words)
            })?;
        Ok(Self {
            path: file.into_temp_path(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        for suffix in ["-wal", "-shm", "-journal"] {
            let mut companion: OsString = self.path.as_os_str().to_owned();
            companion.push(suffix);
            let _ = std::fs::remove_file(PathBuf::from(companion));
        }
    }
}
