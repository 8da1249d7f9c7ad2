//! Writing: a JSON body becomes a typed question, and with its table SQL text and values.

pub mod added_columns;
pub mod body;
pub mod column_kind;
pub mod delete;
pub mod insert;
pub mod insert_statement;
pub mod row_key;
pub mod streamed;
pub mod update;

pub use column_kind::{ColumnKind, ColumnKinds};
pub use insert::{InsertKind, InsertQuestion, Manner};
pub use row_key::RowKey;
pub use streamed::{StreamFormat, StreamQuestion};
pub use update::UpdateQuestion;

use datasette_core::{Fault, TableKind, TableRef, Value};

/// A statement with its values by place.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values of its parameters.
    pub values: Vec<Value>,
}

/// Refuses what is no ordinary table (WRITE-12).
///
/// # Errors
/// 404 for a view, 400 for virtual and shadow tables.
pub fn require_ordinary(table: &TableRef) -> Result<(), Fault> {
    match table.kind {
        TableKind::Rowid | TableKind::WithoutRowid => Ok(()),
        TableKind::View => Err(Fault::not_found(format!(
            "Table not found: {}",
            table.name()
        ))),
        TableKind::Virtual(_) | TableKind::Shadow => Err(Fault::bad_request(
            "Structured writes require an ordinary table",
        )),
    }
}
