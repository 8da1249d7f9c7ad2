//! The result of reading one row.

use datasette_core::{RowBatch, TableRef};
use datasette_query::RowPlan;

use super::table::Expandable;
use crate::labels::Labels;

/// Another table that refers to this row (ROW-13).
#[derive(Clone, Debug)]
pub struct IncomingLink {
    /// The referring table.
    pub other_table: TableRef,
    /// This table's column.
    pub column: String,
    /// The referring column.
    pub other_column: String,
    /// How many rows refer to this one.
    pub count: i64,
}

/// One row and what belongs to its page.
#[derive(Debug)]
pub struct RowPage {
    /// The table.
    pub table: TableRef,
    /// The statement.
    pub plan: RowPlan,
    /// The row.
    pub rows: RowBatch,
    /// Names of the identifying columns: `rowid` for rowid tables (ROW-05).
    pub primary_keys: Vec<String>,
    /// The identifying values as the URL gave them.
    pub primary_key_values: Vec<String>,
    /// Labels of foreign key columns.
    pub labels: Labels,
    /// Foreign keys that may be expanded.
    pub expandable: Vec<Expandable>,
    /// Tables that refer to this row, when they were wanted.
    pub incoming: Vec<IncomingLink>,
    /// Whether an anonymous visitor may not see this page.
    pub private: bool,
    /// Whether nothing of it was left out for lack of time.
    pub complete: bool,
    /// How long the statements took, in milliseconds.
    pub query_ms: f64,
}
