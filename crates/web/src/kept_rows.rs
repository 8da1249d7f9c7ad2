//! Rows on their way into JSON, kept where plugins want to see them too.

use datasette_core::{Row, RowBatch, RowSink, SinkClosed};
use datasette_render::json::JsonRows;

/// Both sinks in one.
#[derive(Debug)]
pub(crate) struct KeptRows {
    /// The JSON.
    pub(crate) json: JsonRows,
    /// The rows, unless nobody wants them.
    pub(crate) rows: Option<RowBatch>,
}

impl KeptRows {
    /// Rows for JSON, and kept with `keep`.
    pub(crate) fn new(json: JsonRows, keep: bool) -> Self {
        Self {
            json,
            rows: keep.then(RowBatch::new),
        }
    }
}

impl RowSink for KeptRows {
    fn columns(&mut self, names: &[String]) {
        if let Some(rows) = &mut self.rows {
            rows.columns(names);
        }
        self.json.columns(names);
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        if let Some(rows) = &mut self.rows {
            rows.row(row)?;
        }
        self.json.row(row)
    }
}
