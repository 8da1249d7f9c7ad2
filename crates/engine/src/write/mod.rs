//! Writing: permits and a question become a change; one visit to the write lane per call, events
//! after its commit.

pub mod author;
mod column_values;
pub mod delete;
mod event;
pub mod find;
pub mod insert;
mod kept;
mod lane;
mod row_name;
mod row_stream;
pub mod streamed;
pub mod update;

pub use author::Author;
pub use datasette_query::change::{
    InsertKind, InsertQuestion, StreamFormat, StreamQuestion, UpdateQuestion,
};
pub use delete::delete;
pub use find::{FoundRow, find_row};
pub use insert::{Stored, insert, upsert};
pub use row_name::row_name;
pub use streamed::{Received, insert_stream};
pub use update::{Updated, update};
