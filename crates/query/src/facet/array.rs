//! Facets of the items of JSON arrays.

use datasette_core::ColumnRef;
use serde_json::Value as Json;

use super::column::CONSIDERED_ROWS;
use super::scope::{FacetScope, Rows, quoted};

/// Items and in how many rows each occurs (FACET-31, FACET-36). Text that is no JSON is an SQL
/// error (FACET-13).
pub(super) fn results(rows: Rows<'_>, column: &str) -> String {
    format!(
        "with inner as ( {} ), deduped_array_items as \
         ( select distinct j.value, inner.* from json_each(\"inner\".{column}) j join inner ) \
         select value as value, count(*) as count from deduped_array_items \
         group by value order by count(*) desc, value limit {}",
        rows.sql,
        u64::from(rows.facet_size) + 1
    )
}

/// The JSON types of the values in the first rows (FACET-41). An SQL error means that the column
/// is not suggested (FACET-43).
pub fn suggest_types(scope: &FacetScope, column: &ColumnRef) -> String {
    let column = quoted(column);
    format!(
        "with limited as (select * from ({}) limit {CONSIDERED_ROWS}) \
         select distinct json_type({column}) from limited \
         where {column} is not null and {column} != ''",
        scope.filtered_sql
    )
}

/// The first 100 arrays that are not empty (FACET-41), worth asking for when [`suggest_types`]
/// gave `array` and nothing else but NULL.
pub fn suggest_samples(scope: &FacetScope, column: &ColumnRef) -> String {
    let column = quoted(column);
    format!(
        "select {column} from ({}) where {column} is not null and {column} != '' \
         and json_array_length({column}) > 0 limit 100",
        scope.filtered_sql
    )
}

/// Whether these samples exist and hold only texts.
pub fn is_suggested<'a>(samples: impl IntoIterator<Item = &'a str>) -> bool {
    let mut any = false;
    for sample in samples {
        any = true;
        let parsed: Result<Json, _> = serde_json::from_str(sample);
        let texts = parsed.is_ok_and(|array| {
            array
                .as_array()
                .is_some_and(|items| items.iter().all(Json::is_string))
        });
        if !texts {
            return false;
        }
    }
    any
}
