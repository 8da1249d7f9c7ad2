//! The result of looking at a database.

use datasette_core::schema::ForeignKey;
use datasette_core::{DatabaseRef, TableRef};

use super::table::Count;

/// A table in a listing.
#[derive(Clone, Debug)]
pub struct TableSummary {
    /// The table.
    pub table: TableRef,
    /// How many rows it has; `None` when counting took too long.
    pub count: Option<Count>,
    /// Whether it is hidden, by nature or by configuration (HIDE-01).
    pub hidden: bool,
    /// Foreign keys of other tables that the actor may see, sorted (DB-05).
    pub incoming: Vec<ForeignKey>,
    /// Its own foreign keys to tables that the actor may see, sorted.
    pub outgoing: Vec<ForeignKey>,
    /// The full-text table found for it, where the actor may see that one, too.
    pub fts_table: Option<String>,
    /// Whether an anonymous visitor may not see it.
    pub private: bool,
}

/// A view in a listing.
#[derive(Clone, Debug)]
pub struct ViewSummary {
    /// The view.
    pub view: TableRef,
    /// Whether an anonymous visitor may not see it.
    pub private: bool,
}

/// Everything on a database page that comes from the database.
#[derive(Clone, Debug)]
pub struct DatabasePage {
    /// The database.
    pub database: DatabaseRef,
    /// Whether an anonymous visitor may not see it.
    pub private: bool,
    /// Size of the file in bytes; 0 in memory.
    pub size: u64,
    /// Tables sorted by (hidden, name) (DB-03).
    pub tables: Vec<TableSummary>,
    /// Views sorted by name (DB-08).
    pub views: Vec<ViewSummary>,
    /// Whether the actor may run SQL.
    pub allow_execute_sql: bool,
}
