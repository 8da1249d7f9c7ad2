//! Which SQLite this is and what it can do (EXT-20).

use std::sync::OnceLock;

use rusqlite::Connection;

/// The SQLite linked into this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqliteVersions {
    /// The version, such as `3.54.1`.
    pub version: String,
    /// Compile-time options as `PRAGMA compile_options` lists them.
    pub compile_options: Vec<String>,
    /// Those of `FTS5`, `FTS4`, `FTS3` that work, in this order.
    pub fts_versions: Vec<&'static str>,
}

/// The versions, found out once.
pub fn versions() -> SqliteVersions {
    static VERSIONS: OnceLock<SqliteVersions> = OnceLock::new();
    VERSIONS
        .get_or_init(|| SqliteVersions {
            version: rusqlite::version().to_owned(),
            ..ask().unwrap_or_default()
        })
        .clone()
}

fn ask() -> rusqlite::Result<SqliteVersions> {
    let connection = Connection::open_in_memory()?;
    let compile_options = connection
        .prepare("pragma compile_options")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let fts_versions = ["FTS5", "FTS4", "FTS3"]
        .into_iter()
        .filter(|name| {
            let sql = format!("create virtual table v{name} using {name} (data)");
            connection.execute_batch(&sql).is_ok()
        })
        .collect();
    Ok(SqliteVersions {
        version: String::new(),
        compile_options,
        fts_versions,
    })
}
