//! The result of completing a key.

use datasette_core::RowBatch;

/// Rows that a few typed characters may mean.
#[derive(Debug)]
pub struct AutocompletePage {
    /// Names of the identifying columns, which are the first of the rows; `rowid` for rowid
    /// tables.
    pub primary_keys: Vec<String>,
    /// Which column of the rows is the label; `None` when the table has no label column.
    pub label: Option<usize>,
    /// The rows, best first.
    pub rows: RowBatch,
}
