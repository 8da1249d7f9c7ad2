//! Writing: a JSON body becomes a typed question, and with its table SQL text and values.

pub mod body;
pub mod column_kind;
mod rows;
mod sql_tokens;
mod statements;
mod tables;

pub use column_kind::{ColumnKind, ColumnKinds};
pub use rows::{
    InsertKind, InsertQuestion, Manner, RowKey, StreamFormat, StreamQuestion, UpdateQuestion,
    added_columns, delete, insert_statement, row_key,
};
pub use statements::demand::Demand;
pub use statements::query_draft::QueryDraft;
pub use statements::sql_template::SqlTemplate;
pub use statements::{demand, query_draft, sql_template};
pub use tables::{
    AlterPlan, AlterQuestion, CreateContent, CreateQuestion, DefaultExpression, NewColumn,
    NewDefault, NewForeignKey, Operation, Rebuild, SetTypeQuestion, TableChanges, WantedType,
    inferred, plan_alter, plan_create, plan_rebuild,
};

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
