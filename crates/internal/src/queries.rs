//! Stored queries: one table for those of configuration, users and plugins.

mod read;
mod row;
mod search;
mod write;

pub use read::StoredQueries;
pub use search::mentions;
