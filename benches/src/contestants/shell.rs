//! The `sqlite3` shell, if this machine has it.

use std::env;
use std::path::PathBuf;

/// The first `sqlite3` on the path.
pub(super) fn binary() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join("sqlite3"))
        .find(|file| file.is_file())
}
