//! How long a statement may run and how many rows it may give.

use std::time::Duration;

/// The limits of one statement. The default sets none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time from the first step to the last row; the statement stops within 50 ms of it.
    pub time: Option<Duration>,
    /// Stop after this many rows; [`Outcome::truncated`] tells whether more existed (QUERY-18).
    pub rows: Option<usize>,
    /// Whether [`Limits::time`] counts from row to row instead of over the whole statement, and
    /// not while the sink waits for its reader: for exports that may take as long as they give
    /// rows.
    pub between_rows: bool,
}

impl Limits {
    /// No limits at all: for statements of the server's own that are known to be small.
    pub const NONE: Self = Self {
        time: None,
        rows: None,
        between_rows: false,
    };

    /// A time limit alone.
    pub fn time(limit: Duration) -> Self {
        Self {
            time: Some(limit),
            rows: None,
            between_rows: false,
        }
    }

    /// A limit of the time from one row to the next.
    pub fn between_rows(limit: Duration) -> Self {
        Self {
            between_rows: true,
            ..Self::time(limit)
        }
    }

    /// The same limits with at most `rows` rows.
    pub fn rows(self, rows: usize) -> Self {
        Self {
            rows: Some(rows),
            ..self
        }
    }
}

/// What came of a statement that gave rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many rows reached the sink.
    pub rows: usize,
    /// Whether at least one more row existed than [`Limits::rows`] allowed.
    pub truncated: bool,
}
