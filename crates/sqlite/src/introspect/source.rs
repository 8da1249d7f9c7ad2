//! The raw material: SQLite's schema table and its pragmas.
//!
//! Pragmas are used as statements. Their forms as tables could be shadowed by a table of the
//! same name in the file.

use std::collections::HashMap;

use datasette_core::identifier;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::error::SqlError;
use crate::session::Session;

/// One row of the schema table.
pub(super) struct Entry {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    pub(super) root_page: i64,
    pub(super) sql: Option<String>,
}

impl Entry {
    pub(super) fn is_table(&self) -> bool {
        self.kind == "table"
    }
}

/// What `PRAGMA table_list` tells about one table.
#[derive(Clone, Copy, Default)]
pub(super) struct Nature {
    pub(super) is_shadow: bool,
    pub(super) without_rowid: bool,
}

/// The schema table in its own order.
pub(super) fn entries(session: &Session<'_>) -> Result<Vec<Entry>, SqlError> {
    collect(
        session,
        "select type, name, tbl_name, rootpage, sql from main.sqlite_schema order by rowid",
        |row| Entry {
            kind: text(row, 0),
            name: text(row, 1),
            table: text(row, 2),
            root_page: integer(row, 3),
            sql: optional_text(row, 4),
        },
    )
}

/// The nature of every table, by name.
pub(super) fn natures(session: &Session<'_>) -> Result<HashMap<String, Nature>, SqlError> {
    let pairs = collect(session, "pragma main.table_list", |row| {
        let nature = Nature {
            is_shadow: text(row, 2) == "shadow",
            without_rowid: integer(row, 4) != 0,
        };
        (text(row, 1), nature)
    })?;
    Ok(pairs.into_iter().collect())
}

/// Has SQLite describe every table; the first it cannot is the error.
pub(crate) fn describe_tables(session: &Session<'_>) -> Result<(), SqlError> {
    for entry in entries(session)?.iter().filter(|entry| entry.is_table()) {
        collect(session, &pragma_about("table_info", &entry.name), |_| ())?;
    }
    Ok(())
}

fn pragma_about(pragma: &str, name: &str) -> String {
    format!("pragma main.{pragma}({})", identifier::quote(name))
}

/// The rows of a pragma about one named thing. A thing SQLite cannot describe, such as a view
/// over a missing table or a table of an unknown module, has none.
pub(super) fn about<T>(
    session: &Session<'_>,
    pragma: &str,
    name: &str,
    read: impl FnMut(&Row<'_>) -> T,
) -> Result<Vec<T>, SqlError> {
    match collect(session, &pragma_about(pragma, name), read) {
        Err(SqlError::Statement { message, .. }) => {
            tracing::debug!(name, pragma, message, "cannot be described");
            Ok(Vec::new())
        }
        other => other,
    }
}

fn collect<T>(
    session: &Session<'_>,
    sql: &str,
    mut read: impl FnMut(&Row<'_>) -> T,
) -> Result<Vec<T>, SqlError> {
    let mut run = || -> rusqlite::Result<Vec<T>> {
        let mut statement = session.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row));
        }
        Ok(found)
    };
    run().map_err(|error| SqlError::from_driver(error, sql))
}

/// Text of a column; empty when it is not text.
pub(super) fn text(row: &Row<'_>, index: usize) -> String {
    optional_text(row, index).unwrap_or_default()
}

/// Text of a column, `None` when it is not text. Bytes that are not UTF-8 are replaced.
pub(super) fn optional_text(row: &Row<'_>, index: usize) -> Option<String> {
    match row.get_ref(index) {
        Ok(ValueRef::Text(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

/// An integer column; 0 when it is none.
pub(super) fn integer(row: &Row<'_>, index: usize) -> i64 {
    match row.get_ref(index) {
        Ok(ValueRef::Integer(number)) => number,
        _ => 0,
    }
}
