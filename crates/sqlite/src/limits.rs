//! How long a statement may run and how many rows it may give.

use std::time::Duration;

/// The limits of one statement. The default sets none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time from the first step to the last row; the statement stops within 50 ms of it.
    pub time: Option<Duration>,
    /// Stop after this many rows; [`Outcome::truncated`] tells whether more existed (QUERY-18).
    pub rows: Option<usize>,
}

impl Limits {
    /// No limits at all: for statements of the server's own that are known to be small.
    pub const NONE: Self = Self {
        time: None,
        rows: None,
    };

    /// A time limit alone.
    pub fn time(limit: Duration) -> Self {
        Self {
            time: Some(limit),
            rows: None,
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
