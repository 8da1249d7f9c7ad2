//! Facets of a column's dates.

use datasette_core::ColumnRef;

use super::scope::{FacetScope, Rows, quoted};

/// Dates and how often each occurs (FACET-30).
pub(super) fn results(rows: Rows<'_>, column: &str) -> String {
    format!(
        "select date({column}) as value, count(*) as count from ( {} ) \
         where date({column}) is not null group by date({column}) \
         order by count desc, value limit {}",
        rows.sql,
        u64::from(rows.facet_size) + 1
    )
}

/// Dates in the first 100 rows: suggested when one of them is not NULL (FACET-40). An SQL error
/// means that the column is not suggested (FACET-43).
pub fn suggest(scope: &FacetScope, column: &ColumnRef) -> String {
    let column = quoted(column);
    format!(
        "select date({column}) from (select * from ({}) limit 100) \
         where {column} glob '????-??-*'",
        scope.filtered_sql
    )
}
