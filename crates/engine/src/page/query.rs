//! The result of running a statement.

use datasette_core::action::QueryRef;
use datasette_core::{DatabaseRef, Value};

/// Everything about one query page but the rows, which went into the sink.
#[derive(Debug)]
pub struct QueryPage {
    /// The database.
    pub database: DatabaseRef,
    /// The stored query, where it is one's page.
    pub stored: Option<QueryRef>,
    /// The statement.
    pub sql: String,
    /// The named parameters and their values, without those whose name starts with `_`.
    pub params: Vec<(String, Value)>,
    /// Names of the columns; empty when the statement failed.
    pub columns: Vec<String>,
    /// How many rows went into the sink.
    pub rows: usize,
    /// Whether there were more rows than may be returned (QUERY-18).
    pub truncated: bool,
    /// SQLite's message when the statement failed (QUERY-19).
    pub error: Option<String>,
    /// Whether an anonymous visitor may not see this page.
    pub private: bool,
    /// How long the statement took, in milliseconds.
    pub query_ms: f64,
}
