//! How long a statement may run and how many rows it may give.

use std::time::Duration;

/// The limits of one statement. The default sets none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time from the first step to the last row; the statement stops within 50 ms of it.
    pub time: Option<Duration>,
    /// Stop after this many rows; [`Outcome::truncated`] tells whether more existed (QUERY-18).
    pub rows: Option<usize>,
    /// What [`Limits::time`] counts.
    pub span: Span,
    /// Whether the statement only finds out something, so that nobody logs that it failed.
    pub tentative: bool,
}

/// What a time limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The whole statement, with what its sink takes.
    #[default]
    Statement,
    /// The work of SQLite, and not the time that the sink waits for its reader.
    Work,
    /// The work of SQLite from one row to the next: for exports that may take as long as they
    /// give rows.
    Row,
}

impl Limits {
    /// No limits at all: for statements of the server's own that are known to be small.
    pub const NONE: Self = Self {
        time: None,
        rows: None,
        span: Span::Statement,
        tentative: false,
    };

    /// A time limit alone.
    pub fn time(limit: Duration) -> Self {
        Self {
            time: Some(limit),
            ..Self::NONE
        }
    }

    /// A limit of the time from one row to the next.
    pub fn between_rows(limit: Duration) -> Self {
        Self {
            span: Span::Row,
            ..Self::time(limit)
        }
    }

    /// A limit of the time that SQLite works.
    pub fn work(limit: Duration) -> Self {
        Self {
            span: Span::Work,
            ..Self::time(limit)
        }
    }

    /// The same limits for a statement that may well fail.
    pub fn tentative(self) -> Self {
        Self {
            tentative: true,
            ..self
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
