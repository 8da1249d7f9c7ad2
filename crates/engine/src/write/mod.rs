//! Writing: permits and a question become a change; one visit to the write lane per call, events
//! after its commit.

pub mod alter_table;
pub mod author;
mod column_values;
pub mod create_table;
pub mod delete;
pub mod drop_table;
mod event;
pub mod find;
pub mod insert;
mod kept;
mod lane;
mod rebuild_table;
mod row_name;
mod row_stream;
pub mod set_column_type;
pub mod streamed;
pub mod update;

pub use alter_table::{AlteredTable, alter};
pub use author::Author;
pub use create_table::{CreatedTable, create};
pub use datasette_query::change::{
    AlterQuestion, CreateQuestion, InsertKind, InsertQuestion, SetTypeQuestion, StreamFormat,
    StreamQuestion, UpdateQuestion,
};
pub use delete::delete;
pub use drop_table::{drop_table, rows_to_drop};
pub use find::{FoundRow, find_row};
pub use insert::{Stored, insert, upsert};
pub use row_name::row_name;
pub use set_column_type::set_column_type;
pub use streamed::{Received, insert_stream};
pub use update::{Updated, update};
