//! The server's own database: catalogue, metadata, stored queries, column types.
//!
//! [`Internal`] is the database and what it stores, [`Registry`] the attached databases and the
//! live catalogue, which it mirrors into the internal tables.

mod cell;
mod column_types;
mod internal;
mod keyed_calls;
mod metadata;
mod migration;
mod mirror;
mod mirroring;
mod queries;
mod registry;
mod snapshot;

pub use column_types::ColumnTypes;
pub use internal::{Internal, NAME};
pub use keyed_calls::{CallName, KeptCall, KeptCalls};
pub use metadata::StoredMetadata;
pub use queries::{StoredQueries, mentions};
pub use registry::Registry;
