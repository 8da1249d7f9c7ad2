//! What may be asked: the operators of filters and the redirects of forms, for those who show and
//! route them.

use datasette_core::{Fault, QueryString, TableRef};
use datasette_query::{lookup, redirect, statement};

/// One operator of the filter menu.
#[derive(Clone, Copy, Debug)]
pub struct LookupChoice {
    /// What stands after `__`.
    pub key: &'static str,
    /// What the menu shows.
    pub label: &'static str,
    /// Whether it needs no value.
    pub takes_no_value: bool,
}

/// The operators in the order of the menu (FILTER-23).
pub fn lookups() -> impl Iterator<Item = LookupChoice> {
    lookup::LOOKUPS.iter().map(|lookup| LookupChoice {
        key: lookup.key,
        label: lookup.label,
        takes_no_value: !lookup.takes_value,
    })
}

/// Where a submitted filter form leads (FILTER-39 to FILTER-45, SORT-07); `None` when the
/// arguments are no form's.
pub fn form_redirect(arguments: &QueryString) -> Option<QueryString> {
    redirect::filter_redirect(arguments).or_else(|| redirect::sort_redirect(arguments))
}

/// Names of the parameters that a statement mentions, in order (QUERY-13).
pub fn named_parameters(sql: &str) -> Vec<String> {
    statement::named_parameters(sql)
}

/// The arguments that show only the row of `_row` (DEBUG-59).
///
/// # Errors
/// 400 for a view, and for the wrong number of components.
pub fn only_row(table: &TableRef, arguments: &QueryString) -> Result<QueryString, Fault> {
    datasette_query::only_row(table, arguments)
}

/// The parameter fields of a statement with their values: those that a stored query fixes, else
/// those that the SQL mentions (QUERY-31), without names that start with `_`.
pub fn parameter_fields(
    sql: &str,
    fixed: Option<&[String]>,
    arguments: &QueryString,
) -> Vec<(String, String)> {
    let names = fixed.map_or_else(|| named_parameters(sql), <[String]>::to_vec);
    names
        .into_iter()
        .filter(|name| !name.starts_with('_'))
        .map(|name| {
            let value = arguments.get(&name).unwrap_or_default().to_owned();
            (name, value)
        })
        .collect()
}

/// Whether a statement reads as a question that a visitor may ask as well (QUERY-03 to QUERY-07).
pub fn is_select(sql: &str) -> bool {
    statement::validate_select(sql).is_ok()
}

/// The arguments that an exact count looks at (COUNT-06).
pub fn conditions_only(arguments: &QueryString) -> QueryString {
    datasette_query::conditions_only(arguments)
}
