//! The folder for what can be made again.

use std::path::PathBuf;

/// The folder for what this program keeps and can make again; `None` where no home is known.
pub(crate) fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    // The convention says that a relative path does not count.
    let named = named.filter(|path| path.is_absolute());
    let cache = named.or_else(|| Some(std::env::home_dir()?.join(".cache")))?;
    Some(cache.join("datasette"))
}
