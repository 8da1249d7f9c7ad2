//! Columns and indexes of one table.

use datasette_core::Column;
use datasette_core::schema::Index;

use super::source::{about, integer, optional_text, text};
use crate::error::SqlError;
use crate::session::Session;

/// All columns, generated and hidden ones included (TABLE-10).
pub(super) fn of(session: &Session<'_>, table: &str) -> Result<Vec<Column>, SqlError> {
    about(session, "table_xinfo", table, |row| Column {
        name: text(row, 1),
        declared_type: text(row, 2),
        not_null: integer(row, 3) != 0,
        default: optional_text(row, 4),
        primary_key_position: u32::try_from(integer(row, 5)).unwrap_or(0),
        hidden: u8::try_from(integer(row, 6)).unwrap_or(0),
    })
}

/// Places of the primary key columns in key order (TABLE-08).
pub(super) fn primary_key(columns: &[Column]) -> Vec<usize> {
    let mut key: Vec<usize> = (0..columns.len())
        .filter(|index| columns[*index].primary_key_position > 0)
        .collect();
    key.sort_by_key(|index| columns[*index].primary_key_position);
    key
}

/// Indexes in the order SQLite lists them; their SQL is filled in from the schema table.
pub(super) fn indexes(
    session: &Session<'_>,
    table: &str,
    sql_of: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Index>, SqlError> {
    let mut indexes = about(session, "index_list", table, |row| Index {
        sequence: integer(row, 0),
        name: text(row, 1),
        unique: integer(row, 2) != 0,
        origin: text(row, 3),
        partial: integer(row, 4) != 0,
        columns: Vec::new(),
        sql: None,
    })?;
    for index in &mut indexes {
        // The last column of the pragma tells indexed columns from those stored along with them.
        let columns = about(session, "index_xinfo", &index.name, |row| {
            (integer(row, 5) != 0).then(|| optional_text(row, 2))
        })?;
        index.columns = columns.into_iter().flatten().collect();
        index.sql = sql_of(&index.name);
    }
    Ok(indexes)
}
