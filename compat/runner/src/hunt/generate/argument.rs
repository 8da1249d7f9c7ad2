//! Arguments of table pages other than filters.

use super::{filter, hostile};
use crate::hunt::random::Random;
use crate::hunt::schema::Table;

const EXTRAS: [&str; 33] = [
    "count",
    "count_truncated",
    "count_sql",
    "facet_results",
    "facets_timed_out",
    "suggested_facets",
    "human_description_en",
    "columns",
    "all_columns",
    "primary_keys",
    "column_details",
    "display_columns",
    "render_cell",
    "request",
    "query",
    "column_types",
    "set_column_type_ui",
    "metadata",
    "extras",
    "database",
    "table",
    "database_color",
    "renderers",
    "custom_table_templates",
    "sorted_facet_results",
    "table_definition",
    "view_definition",
    "is_view",
    "private",
    "expandable_columns",
    "form_hidden_args",
    "foreign_key_tables",
    "nope",
];
const SIZES: [&str; 12] = [
    "0", "1", "2", "5", "max", "-1", "abc", "1001", "1000", "", "1.5", " 3",
];
const SHAPES: [&str; 8] = [
    "objects",
    "arrays",
    "array",
    "array",
    "arrayfirst",
    "object",
    "",
    "nope",
];
const TRUTH: [&str; 8] = ["on", "off", "1", "0", "true", "FALSE", "", "maybe"];

/// One argument of a table page.
pub(super) fn any(table: &Table, random: &mut Random) -> Option<(String, String)> {
    let column = match random.below(20) {
        0 => "rowid".to_owned(),
        1 => hostile::any(random).to_owned(),
        _ => random.pick(&table.columns)?.name.clone(),
    };
    let of = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
    match random.below(36) {
        0..=8 => filter::lookup(table, random),
        9 | 10 => of("_sort", &column),
        11 | 12 => of("_sort_desc", &column),
        13 => of("_col", &column),
        14 => of("_nocol", &column),
        15 => of("_size", random.pick(&SIZES)?),
        16 | 17 => shape(random),
        18 | 19 => extra(random),
        20..=22 => facet(&column, random),
        23 | 24 => filter::search(table, random),
        25 => filter::condition(table, random),
        26 => filter::through(table, random),
        27 => of(
            random.pick(&[
                "_labels",
                "_json_infinity",
                "_nocount",
                "_nofacet",
                "_nosuggest",
            ])?,
            random.pick(&TRUTH)?,
        ),
        28 => of("_next", &hostile::or_known(table, random)),
        29 => of(
            "_next",
            &format!(
                "{},{}",
                hostile::or_known(table, random),
                hostile::or_known(table, random)
            ),
        ),
        30 => of(random.pick(&["_json", "_label"])?, &column),
        31 => of("_labels", "on"),
        32 => form(&column, table, random),
        33 => of(
            random.pick(&[
                "_stream",
                "_dl",
                "_header",
                "_nl",
                "_ttl",
                "_hash",
                "_timelimit",
            ])?,
            random.pick(&TRUTH)?,
        ),
        34 => of(
            "_facet_size",
            random.pick(&["1", "2", "max", "0", "-1", "x", ""])?,
        ),
        _ => of("_json_infinity", "on"),
    }
}

/// `_shape=...`.
pub(super) fn shape(random: &mut Random) -> Option<(String, String)> {
    Some(("_shape".to_owned(), random.pick(&SHAPES)?.to_string()))
}

/// `_extra=a,b`.
pub(super) fn extra(random: &mut Random) -> Option<(String, String)> {
    let count = 1 + random.below(3);
    let names: Vec<&str> = (0..count)
        .filter_map(|_| random.pick(&EXTRAS).copied())
        .collect();
    Some(("_extra".to_owned(), names.join(",")))
}

fn facet(column: &str, random: &mut Random) -> Option<(String, String)> {
    let name = random.pick(&[
        "_facet",
        "_facet",
        "_facet",
        "_facet_array",
        "_facet_date",
        "_facet_foo",
    ])?;
    let value = match random.below(12) {
        0 => serde_json::json!({"column": column}).to_string(),
        1 if random.one_in(3) => "{".to_owned(),
        _ => column.to_owned(),
    };
    Some((name.to_string(), value))
}

/// Arguments of the filter form, which are answered with a redirect.
fn form(column: &str, table: &Table, random: &mut Random) -> Option<(String, String)> {
    let of = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
    match random.below(6) {
        0 => of("_filter_column", column),
        1 => of("_filter_column_1", column),
        2 => of("_filter_op", random.pick(&["gt", "isnull__1", "", "nope"])?),
        3 => of("_filter_value", &hostile::or_known(table, random)),
        4 => of("_sort_by_desc", "on"),
        _ => of("_filter_column_2", ""),
    }
}
