//! Facets of a column's values.

use datasette_core::ColumnRef;

use super::scope::{FacetScope, Rows, quoted};

/// Rows that suggestions look at (FACET-39).
pub(super) const CONSIDERED_ROWS: u32 = 1000;

/// Values and how often each occurs (FACET-28, FACET-29).
pub(super) fn results(rows: Rows<'_>, column: &str) -> String {
    format!(
        "select {column} as value, count(*) as count from ( {} ) \
         where {column} is not null group by {column} order by count desc, value limit {}",
        rows.sql,
        u64::from(rows.facet_size) + 1
    )
}

/// Distinct values in the first rows and how often each occurs there: columns `value` and `n`.
pub fn suggest(scope: &FacetScope, column: &ColumnRef) -> String {
    let column = quoted(column);
    format!(
        "with limited as (select * from ({}) limit {CONSIDERED_ROWS}) \
         select {column} as value, count(*) as n from limited \
         where {column} is not null group by {column} limit {}",
        scope.filtered_sql,
        u64::from(scope.facet_size) + 1
    )
}

/// Whether these counts, the second column of [`suggest`], make a facet worth suggesting
/// (FACET-39). `matching_rows` is the number of matching rows, capped or not.
pub fn is_suggested(counts: &[i64], matching_rows: u64, facet_size: u32) -> bool {
    let distinct = counts.len() as u64;
    distinct > 1
        && distinct < matching_rows
        && distinct <= u64::from(facet_size)
        && counts.iter().any(|count| *count > 1)
}
