//! Plugins that are single files of a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A plugin of a plugins directory. It has no version, no static files and no templates (PLUG-21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneFilePlugin {
    /// Its name: that of the file, with `.py` (PLUG-16).
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// The plugins of a folder, by name: files named `*.py` directly inside (PLUG-15). Links to files
/// count, hidden files do not.
///
/// # Errors
/// The folder cannot be read.
pub fn find_one_file(folder: &Path) -> io::Result<Vec<OneFilePlugin>> {
    let mut plugins = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.ends_with(".py") && !name.starts_with('.') && path.is_file() {
            plugins.push(OneFilePlugin { name, path });
        }
    }
    plugins.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    Ok(plugins)
}
