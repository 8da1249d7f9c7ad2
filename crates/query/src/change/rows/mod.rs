//! Changing rows: insert and upsert, from JSON or streamed, update and delete.

pub mod added_columns;
pub mod delete;
mod insert;
pub mod insert_statement;
pub mod row_key;
mod streamed;
mod update;

pub use insert::{InsertKind, InsertQuestion, Manner};
pub use row_key::RowKey;
pub use streamed::{StreamFormat, StreamQuestion};
pub use update::UpdateQuestion;
