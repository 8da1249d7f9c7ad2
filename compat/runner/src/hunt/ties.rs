//! Rows that a sort does not tell apart. The first page of the original leaves their order to
//! SQLite (SORT-09), ours orders them by the key, so that no row is lost between pages (PAGE-24).

use serde_json::Value;

use super::generate::Query;
use super::pair::Pair;
use crate::compare::Difference;
use crate::pattern::Pattern;

/// Name under which this is counted in the report.
pub(super) const NAME: &str = "order-of-ties";

/// Where another order of rows shows.
const PLACES: [&str; 14] = [
    "/json/rows/**",
    "/json/rows#order",
    "/json/*",
    "/json/*/**",
    "/json/next",
    "/json/next_url",
    "/json/render_cell/**",
    "/headers/link",
    "/page/tables/0/rows/**",
    "/page/links/**",
    "/text/**",
    "/body",
    "/bytes/**",
    "/headers/content-length",
];

/// Whether the differences are an accident of the order of ties: each is at a place where rows
/// show, the sort has ties, and with all rows on one page both have the same rows and the same
/// order of the values that are sorted by.
pub(super) fn explain(pair: &Pair, query: &Query, differences: &[Difference]) -> bool {
    let Some(column) = sort_column(query) else {
        return false;
    };
    let places: Vec<Pattern> = PLACES.iter().map(|place| Pattern::new(place)).collect();
    let shows_rows =
        |difference: &Difference| places.iter().any(|place| place.matches(&difference.at));
    if query.get("_next").is_some() || !differences.iter().all(shows_rows) {
        return false;
    }
    let mut whole = query.clone();
    whole.ending = ".json";
    whole.set("_size", "max");
    for name in [
        "_shape",
        "_extra",
        "_facet",
        "_facet_array",
        "_facet_date",
        "_nocol",
        "_col",
        "_json_infinity",
        "_labels",
        "_nl",
    ] {
        whole.unset(name);
    }
    let (original, ours) = pair.answers(&whole);
    let rows = |answer: &Value| {
        answer
            .pointer("/json/rows")
            .and_then(Value::as_array)
            .cloned()
    };
    let (Some(original), Some(ours)) = (rows(&original), rows(&ours)) else {
        return false;
    };
    let order = values(&ours, column);
    let has_ties = order.windows(2).any(|pair| pair[0] == pair[1]);
    has_ties && sorted(&original) == sorted(&ours) && values(&original, column) == order
}

/// The column that the query sorts by.
pub(super) fn sort_column(query: &Query) -> Option<&str> {
    let given = |name| query.get(name).filter(|value| !value.is_empty());
    given("_sort").or_else(|| given("_sort_desc"))
}

/// The rows as texts, in an order of their own.
pub(super) fn sorted(rows: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = rows.iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

/// The values of a column, row by row.
pub(super) fn values(rows: &[Value], column: &str) -> Vec<Value> {
    rows.iter().map(|row| row[column].clone()).collect()
}
