//! A list of stored queries.

use datasette_core::DatabaseRef;
use datasette_core::action::QueryRef;

/// One page of a list, with the counts of what it can be narrowed to.
#[derive(Debug)]
pub struct StoredListPage {
    /// The database that it is about; `None` for the whole instance.
    pub database: Option<DatabaseRef>,
    /// The queries of this page.
    pub queries: Vec<StoredSummary>,
    /// The token of the next page (DEBUG-65).
    pub next: Option<String>,
    /// The most queries of a page.
    pub limit: usize,
    /// Queries of each mode among all that match.
    pub modes: Split,
    /// Queries of each visibility among all that match.
    pub visibilities: Split,
}

/// A stored query in a list.
#[derive(Clone, Debug)]
pub struct StoredSummary {
    /// The query.
    pub query: QueryRef,
    /// Whether an anonymous visitor does not see it; that somebody made it private does not count
    /// (PERM-63).
    pub private: bool,
}

/// How many queries are on either side of a flag (DEBUG-62).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Those without it.
    pub without: usize,
    /// Those with it.
    pub with: usize,
    /// The side that is asked for.
    pub chosen: Option<bool>,
}

impl Split {
    /// How many are on one side; none on the side that is not asked for.
    pub fn of(self, side: bool) -> usize {
        match (self.chosen, side) {
            (Some(chosen), side) if chosen != side => 0,
            (_, true) => self.with,
            (_, false) => self.without,
        }
    }
}
