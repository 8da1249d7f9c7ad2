//! Stored queries: one table for those of configuration, users and plugins.

mod read;
mod row;
mod write;

pub use read::StoredQueries;
