//! Writing: permits and a question become a change; one visit to the write lane per call, events
//! after its commit.

mod abandoned;
pub mod alter_table;
mod analysis;
pub mod author;
mod borrowed;
mod column_values;
pub mod create_table;
pub mod delete;
pub mod drop_table;
mod event;
pub mod find;
pub mod insert;
mod judgement;
mod kept;
pub mod keyed;
mod lane;
pub mod preview;
mod rebuild_table;
mod row_name;
mod row_stream;
pub mod set_column_type;
pub mod statement;
pub mod stored_change;
pub mod stored_run;
pub mod streamed;
mod templates;
pub mod update;

pub use abandoned::{Abandoned, Waiting};
pub use alter_table::{AlteredTable, alter};
pub use analysis::{Analysis, Unanalysed};
pub use author::Author;
pub(crate) use borrowed::{BorrowedPlace, failed};
pub use create_table::{CreatedTable, create};
pub use datasette_query::change::query_draft::is_yes;
pub use datasette_query::change::{
    AlterQuestion, ColumnKind, CreateQuestion, DefaultExpression, InsertKind, InsertQuestion,
    QueryDraft, SetTypeQuestion, SqlTemplate, StreamFormat, StreamQuestion, UpdateQuestion,
    require_ordinary,
};
pub use delete::delete;
pub use drop_table::{drop_table, rows_to_drop};
pub use find::{FoundRow, find_row};
pub use insert::{Stored, insert, upsert};
pub use judgement::{Judge, Refusal};
pub use keyed::{AnsweredCall, FoundCall, KeyedCall, Request};
pub use preview::Preview;
pub use row_name::row_name;
pub use set_column_type::set_column_type;
pub use statement::{NotRun, PermittedStatement, Written};
pub use stored_change::{delete_query, store_query, update_query};
pub use stored_run::{StoredRun, StoredRunPermit, run_stored};
pub use streamed::{Received, insert_stream};
pub use templates::{WriteTemplates, write_templates};
pub use update::{Updated, update};
