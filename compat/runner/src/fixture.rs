//! Fixture databases: an SQL file in, a database file with reproducible bytes out.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::Connection;

/// Offset of "version-valid-for" in the header of a database file; the four bytes after it hold
/// the number of the SQLite release that wrote the file last.
const VERSION_OFFSET: u64 = 92;
/// Written there instead, so that the file's hash does not move with the release of SQLite.
const FIXED_VERSION: u32 = 3_045_000;

/// Runs the SQL file and leaves the finished database at `target`, which must not exist yet.
pub(crate) fn build(sql_file: &Path, target: &Path) -> Result<()> {
    let sql = std::fs::read_to_string(sql_file)
        .with_context(|| format!("no such fixture: {}", sql_file.display()))?;
    let connection = Connection::open(target)?;
    connection.execute_batch(
        "pragma page_size = 4096; pragma journal_mode = delete; pragma foreign_keys = off;",
    )?;
    connection
        .execute_batch(&format!("begin;\n{sql}\n;commit;"))
        .with_context(|| format!("the SQL of {} fails", sql_file.display()))?;
    connection.close().map_err(|(_, error)| error)?;
    fix_version(target)
}

fn fix_version(target: &Path) -> Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).open(target)?;
    // Both fields must stay as they are related: the change counter at 24 equals "valid for".
    file.seek(SeekFrom::Start(VERSION_OFFSET + 4))?;
    file.write_all(&FIXED_VERSION.to_be_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_builds_have_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let sql = folder.path().join("a.sql");
        std::fs::write(&sql, "create table t(a); insert into t values (1), ('x');").unwrap();
        let (one, two) = (folder.path().join("1.db"), folder.path().join("2.db"));
        build(&sql, &one).unwrap();
        build(&sql, &two).unwrap();
        assert_eq!(std::fs::read(one).unwrap(), std::fs::read(two).unwrap());
    }
}
