//! Keeps the generated files between runs.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{many, million, tables};
use crate::locations;
use crate::report;

/// Changes whenever a generator writes something else, so that old files are replaced.
const GENERATION: i64 = 1;

/// One of the files that contestants serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generated {
    /// A long table.
    Million,
    /// A few hundred tables.
    Many,
    /// A hundred thousand tables.
    Tables,
}

impl Generated {
    /// Every file.
    pub(crate) const ALL: [Self; 3] = [Self::Million, Self::Many, Self::Tables];
}

/// Where the files lie that all contestants serve.
#[derive(Debug, Clone)]
pub(crate) struct Databases {
    /// `million.db`.
    pub(crate) million: PathBuf,
    /// `many.db`.
    pub(crate) many: PathBuf,
    /// `tables.db`.
    pub(crate) tables: PathBuf,
}

impl Databases {
    /// Finds files in the work folder, generating those of `wanted` that are missing or old.
    ///
    /// # Errors
    /// A folder that cannot be written, or what SQLite says.
    pub(crate) fn ready(wanted: &[Generated]) -> Result<Self, Box<dyn Error>> {
        let folder = locations::work_folder();
        fs::create_dir_all(&folder)?;
        let databases = Self {
            million: folder.join("million.db"),
            many: folder.join("many.db"),
            tables: folder.join("tables.db"),
        };
        for file in Generated::ALL {
            if !wanted.contains(&file) {
                continue;
            }
            match file {
                Generated::Million => ensure(&databases.million, |connection| {
                    million::fill(connection, million::ROWS)
                })?,
                Generated::Many => ensure(&databases.many, |connection| {
                    many::fill(connection, many::TABLES)
                })?,
                Generated::Tables => ensure(&databases.tables, |connection| {
                    tables::fill(connection, tables::TABLES)
                })?,
            }
        }
        Ok(databases)
    }
}

/// Generates all files that are missing or old.
///
/// # Errors
/// As [`Databases::ready`].
pub(crate) fn generate_all() -> Result<(), Box<dyn Error>> {
    Databases::ready(&Generated::ALL).map(|_| ())
}

/// Leaves a file of this generation at `path`, in WAL mode, calling `fill` only when needed.
fn ensure(
    path: &Path,
    fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<(), Box<dyn Error>> {
    if path.exists() && generation(path) == Some(GENERATION) {
        return Ok(());
    }
    report::progress(&format!("generating {}", path.display()));
    for leftover in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        if leftover.exists() {
            fs::remove_file(leftover)?;
        }
    }
    let unfinished = beside(path, ".unfinished");
    if unfinished.exists() {
        fs::remove_file(&unfinished)?;
    }
    let connection = Connection::open(&unfinished)?;
    connection.execute_batch("pragma synchronous = off; begin")?;
    fill(&connection)?;
    connection.execute_batch(&format!("commit; pragma user_version = {GENERATION}"))?;
    // Last: the mode is kept in the file, and the log is folded in when the connection closes.
    connection.query_row("pragma journal_mode = wal", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

fn generation(path: &Path) -> Option<i64> {
    Connection::open(path)
        .and_then(|connection| connection.query_row("pragma user_version", [], |row| row.get(0)))
        .ok()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_generated_once_and_again_when_old() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.db");
        let mut fills = 0;
        for _ in 0..2 {
            ensure(&path, |connection| {
                fills += 1;
                million::fill(connection, 10)
            })
            .unwrap();
        }
        assert_eq!(fills, 1);
        let connection = Connection::open(&path).unwrap();
        let mode: String = connection
            .query_row("pragma journal_mode", [], |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
        connection.execute_batch("pragma user_version = 0").unwrap();
        connection.close().unwrap();
        ensure(&path, |connection| {
            fills += 1;
            million::fill(connection, 10)
        })
        .unwrap();
        assert_eq!(fills, 2);
    }
}
