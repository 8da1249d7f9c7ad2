//! Deleting one row.

use datasette_core::{TableRef, identifier};

use super::row_key::RowKey;
use crate::change::Statement;

/// The statement that deletes the row.
pub fn statement(table: &TableRef, key: &RowKey) -> Statement {
    Statement {
        sql: format!(
            "delete from {}{}",
            identifier::quote(table.name()),
            key.condition()
        ),
        values: key.values().to_vec(),
    }
}
