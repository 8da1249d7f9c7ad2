//! The result of looking at the whole instance.

use datasette_core::DatabaseRef;

use super::database::{TableSummary, ViewSummary};

/// One database on the index page (INDEX-05).
#[derive(Clone, Debug)]
pub struct DatabaseSummary {
    /// The database.
    pub database: DatabaseRef,
    /// All tables that the actor may see, in the order of INDEX-09.
    pub tables: Vec<TableSummary>,
    /// The number of relationships by which tables are ordered; zeros unless counts are unknown
    /// or the order was asked for.
    pub relationships: Vec<usize>,
    /// All views that the actor may see, sorted by name.
    pub views: Vec<ViewSummary>,
    /// Whether every table's count is known (INDEX-07).
    pub counts_known: bool,
    /// Whether an anonymous visitor may not see it.
    pub private: bool,
}

/// Everything on the index page that comes from databases.
#[derive(Clone, Debug)]
pub struct IndexPage {
    /// Databases sorted by name (INDEX-02).
    pub databases: Vec<DatabaseSummary>,
    /// Whether an anonymous visitor may not see the index.
    pub private: bool,
}
