//! Writing: a JSON body becomes a typed question, and with its table SQL text and values.

pub mod added_columns;
mod alter_plan;
mod alter_question;
pub mod body;
mod column_draft;
pub mod column_kind;
mod create_plan;
mod create_question;
mod default_text;
mod definition;
mod definition_parser;
pub mod delete;
pub mod demand;
mod index_text;
pub mod insert;
pub mod insert_statement;
mod kept_constraints;
mod members;
mod python_text;
pub mod query_draft;
mod rebuild;
pub mod row_key;
mod set_type_question;
pub mod sql_template;
mod sql_tokens;
pub mod streamed;
mod table_changes;
pub mod update;

pub use alter_plan::{AlterPlan, plan_alter};
pub use alter_question::{AlterQuestion, NewForeignKey, Operation};
pub use column_kind::{ColumnKind, ColumnKinds};
pub use create_plan::{inferred, plan_create};
pub use create_question::{CreateContent, CreateQuestion, NewColumn};
pub use default_text::NewDefault;
pub use demand::Demand;
pub use insert::{InsertKind, InsertQuestion, Manner};
pub use query_draft::QueryDraft;
pub use rebuild::{Rebuild, plan_rebuild};
pub use row_key::RowKey;
pub use set_type_question::{SetTypeQuestion, WantedType};
pub use sql_template::SqlTemplate;
pub use streamed::{StreamFormat, StreamQuestion};
pub use table_changes::TableChanges;
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
