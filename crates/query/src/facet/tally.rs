//! Facets whose values can be counted outside SQLite, all of a page in one pass over the rows.

use datasette_core::{TableKind, TableRef, identifier};

use super::request::FacetKind;
use super::scope::FacetScope;

/// What to select so that counting its distinct values, NULL left out, gives the same as the
/// statement of the facet; `None` where that is not known, or where SQLite is faster.
///
/// Two texts must be equal only if their bytes are: a column may not have an order of its own.
/// An index that starts with the column has its values in order, so that SQLite need not sort.
pub fn expression(scope: &FacetScope, kind: &FacetKind, column: &str) -> Option<String> {
    let table = &scope.table;
    let index = table.column_index(column)?;
    if matches!(table.kind, TableKind::Virtual(_)) || may_collate(table) {
        return None;
    }
    let quoted = identifier::quote_if_needed(&table.columns[index].name);
    match kind {
        FacetKind::Column if is_in_order(table, index) => None,
        FacetKind::Column => Some(quoted.into_owned()),
        FacetKind::Date => Some(format!("date({quoted})")),
        FacetKind::Array | FacetKind::Other(_) => None,
    }
}

/// The statement that gives these expressions for every matching row.
pub fn statement(scope: &FacetScope, expressions: &[String]) -> String {
    format!(
        "select {} from ( {} )",
        expressions.join(", "),
        scope.filtered_sql
    )
}

/// Whether a column may have an order of its own, in which different texts are equal; a view has
/// those of the tables behind it.
pub fn may_collate(table: &TableRef) -> bool {
    let says = |sql: &str| sql.to_ascii_lowercase().contains("collate");
    match table.is_view() {
        true => table.database().tables().any(|table| says(&table.sql)),
        false => says(&table.sql),
    }
}

fn is_in_order(table: &TableRef, column: usize) -> bool {
    let name = Some(&table.columns[column].name);
    table.primary_key.first() == Some(&column)
        || table.indexes.iter().any(|index| {
            !index.partial
                && index
                    .columns
                    .first()
                    .is_some_and(|first| first.as_ref() == name)
        })
}
