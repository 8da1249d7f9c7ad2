//! The key that orders a page, and the condition under which rows come after a position in it.

use datasette_core::{TableRef, Value, identifier};

use crate::binding::Bindings;
use crate::column_name::rowid_name;
use crate::sort::Sort;
use crate::token::Position;

/// The columns that identify a row as SQL: the primary key, or the rowid. None for a view.
pub(crate) fn key_columns(table: &TableRef) -> Vec<String> {
    if table.uses_rowid() {
        vec![rowid_name(table).to_owned()]
    } else {
        table
            .primary_key_names()
            .map(|name| identifier::quote_if_needed(name).into_owned())
            .collect()
    }
}

/// The condition that rows come after `position` (PAGE-12 to PAGE-17).
pub(crate) fn after(
    table: &TableRef,
    sort: Option<&Sort>,
    position: &Position,
    bindings: &mut Bindings,
) -> String {
    let key = key_condition(table, &position.key, bindings);
    let (Some(sort), Some(value)) = (sort, &position.sort) else {
        return key;
    };
    let column = sort.column.sql();
    match (value, sort.descending) {
        (Value::Null, true) => format!("({column} is null and {key})"),
        (Value::Null, false) => {
            format!("({column} is not null or ({column} is null and {key}))")
        }
        (value, descending) => {
            let name = bindings.positional(value.clone());
            let (operator, nulls) = if descending {
                ("<", format!(" or {column} is null"))
            } else {
                (">", String::new())
            };
            format!("({column} {operator} :{name}{nulls} or ({column} = :{name} and {key}))")
        }
    }
}

/// For keys k1, k2: k1 is greater, or k1 is equal and k2 is greater.
fn key_condition(table: &TableRef, key: &[Value], bindings: &mut Bindings) -> String {
    let columns = key_columns(table);
    let names: Vec<String> = key
        .iter()
        .map(|value| bindings.positional(value.clone()))
        .collect();
    let pairs: Vec<(&String, &String)> = columns.iter().zip(&names).collect();
    if table.uses_rowid() {
        let (column, name) = (&columns[0], &names[0]);
        return format!("{column} > :{name}");
    }
    let alternatives: Vec<String> = (0..pairs.len())
        .map(|last| {
            let mut terms: Vec<String> = pairs[..last]
                .iter()
                .map(|(column, name)| format!("{column} = :{name}"))
                .collect();
            let (column, name) = pairs[last];
            terms.push(format!("{column} > :{name}"));
            format!("({})", terms.join(" and "))
        })
        .collect();
    format!("({})", alternatives.join("\n  or\n"))
}
