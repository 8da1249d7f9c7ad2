//! Files to test with.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use datasette_core::Fault;
use datasette_sqlite::{OpenOptions, Source};
use rusqlite::Connection;
use tempfile::TempDir;

/// A database file in a directory of its own.
pub(crate) struct File {
    directory: TempDir,
    path: PathBuf,
}

impl File {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }
}

/// A path in a new directory; nothing is there yet.
pub(crate) fn nowhere() -> File {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    File { directory, path }
}

/// A file that holds `bytes`.
pub(crate) fn file_of(bytes: &[u8]) -> File {
    let file = nowhere();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

/// A database made by a script.
pub(crate) fn file_with(script: &str) -> File {
    let file = nowhere();
    from_outside(file.path(), script);
    file
}

/// Runs a script as another program would: on a connection of its own.
pub(crate) fn from_outside(path: &Path, script: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(script).unwrap();
    connection.close().unwrap();
}

/// Options for a file, with two lanes.
pub(crate) fn options(path: &Path) -> OpenOptions {
    OpenOptions {
        lanes: 2,
        ..OpenOptions::new(Source::File(path.to_owned()))
    }
}

/// Options for a database in memory that no other test shares.
pub(crate) fn in_memory() -> OpenOptions {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("test {}", NEXT.fetch_add(1, Ordering::Relaxed));
    OpenOptions::new(Source::Memory { name })
}

/// The message of what must have failed.
pub(crate) fn refusal<T>(result: Result<T, Fault>) -> String {
    match result {
        Ok(_) => "(it succeeded)".to_owned(),
        Err(fault) => fault.message(),
    }
}
