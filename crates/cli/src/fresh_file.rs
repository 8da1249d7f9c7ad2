//! A file that a start makes, and takes back when it fails.

use std::fs;
use std::path::{Path, PathBuf};

/// What SQLite may put beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A database file that did not exist before the start. Dropped before [`FreshFile::keep`], it is
/// gone again: nothing is left of what never ran.
#[derive(Debug)]
pub(crate) struct FreshFile(Option<PathBuf>);

impl FreshFile {
    /// Looks whether the file is there already. To be called before it is made.
    pub(crate) fn watch(path: Option<&Path>) -> Self {
        let is_new = |path: &&Path| fs::symlink_metadata(path).is_err();
        Self(path.filter(is_new).map(Path::to_path_buf))
    }

    /// The start succeeded: the file stays.
    pub(crate) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for FreshFile {
    fn drop(&mut self) {
        let Some(path) = &self.0 else { return };
        // What cannot be removed was never made.
        let _ = fs::remove_file(path);
        for suffix in BESIDE {
            let mut beside = path.clone().into_os_string();
            beside.push(suffix);
            let _ = fs::remove_file(beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("old.db");
        let new = folder.path().join("new.db");
        let kept = folder.path().join("kept.db");
        fs::write(&old, "").unwrap();
        let watched = [&old, &new, &kept].map(|path| FreshFile::watch(Some(path)));
        fs::write(&new, "").unwrap();
        fs::write(folder.path().join("new.db-wal"), "").unwrap();
        fs::write(&kept, "").unwrap();
        let [of_old, of_new, of_kept] = watched;
        of_kept.keep();
        drop((of_old, of_new));
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["kept.db", "old.db"]);
    }
}
