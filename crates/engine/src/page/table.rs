//! The result of reading a table or view.

use datasette_core::{ColumnRef, TableRef};
use datasette_hooks::FacetSuggestion;
use datasette_query::TablePlan;
pub use datasette_query::TableQuestion as Question;

use super::facet::{FacetResults, SuggestedFacet};
use crate::labels::Labels;

/// How many rows match, up to the limit of COUNT-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number; one more than the limit when it was reached.
    pub rows: u64,
    /// Whether there may be more (COUNT-02).
    pub truncated: bool,
}

/// Rows are counted up to this many; one more means "more than that" (COUNT-01).
pub const COUNT_LIMIT: u64 = 10_000;

impl Count {
    /// From a number that is known to be the whole.
    pub fn exact(rows: u64) -> Self {
        Self {
            rows,
            truncated: false,
        }
    }

    /// From the number that a count stopped by `limit 10001` gave.
    pub fn capped(rows: u64) -> Self {
        Self {
            rows,
            truncated: rows > COUNT_LIMIT,
        }
    }
}

/// A foreign key that is shown with labels where the actor may see its target.
#[derive(Clone, Debug)]
pub struct Expandable {
    /// The referencing column.
    pub column: ColumnRef,
    /// The referenced table.
    pub other_table: TableRef,
    /// The name of the referenced column; none where only a table that cannot be seen tells it.
    pub other_name: Option<String>,
    /// The referenced column; a reference may name one that does not exist.
    pub other_column: Option<ColumnRef>,
    /// The column whose text stands for a row (LABEL-08); none of a table that cannot be seen.
    pub label: Option<ColumnRef>,
    /// Whether the actor may see the target; without that, values stay as they are (LABEL-07).
    pub visible: bool,
}

/// Everything about one page of a table but the rows, which went into the sink.
#[derive(Debug)]
pub struct TablePage {
    /// What was asked.
    pub question: Question,
    /// The statements.
    pub plan: TablePlan,
    /// Names of the columns of each row.
    pub columns: Vec<String>,
    /// How many rows went into the sink.
    pub rows: usize,
    /// The token of the next page.
    pub next: Option<String>,
    /// The count, when it was wanted and did not run into its limit.
    pub count: Option<Count>,
    /// The facets, when they were wanted.
    pub facets: Option<FacetResults>,
    /// Suggested facets, when they were wanted.
    pub suggested: Vec<SuggestedFacet>,
    /// Facets that kinds proposed that work by themselves.
    pub added_suggestions: Vec<FacetSuggestion>,
    /// Labels of the expanded columns.
    pub labels: Labels,
    /// Foreign keys that may be expanded (EXTRA-47), when they were wanted.
    pub expandable: Vec<Expandable>,
    /// Whether an anonymous visitor may not see this page (EXTRA-46).
    pub private: bool,
    /// Whether nothing of it was left out for lack of time.
    pub complete: bool,
    /// How long the statements took, in milliseconds.
    pub query_ms: f64,
}
