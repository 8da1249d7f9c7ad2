//! One row of a table in the words of its page: the argument `_row` of fragments.

use datasette_core::{Fault, QueryString, TableRef, tilde};

use crate::column_name::rowid_name;

/// Arguments of the page of one row's table: `_row` replaced by conditions on the key, without
/// paging and without counts, facets and suggestions (DEBUG-59); the arguments themselves when
/// there is no `_row`.
///
/// # Errors
/// 400 for a view, and for the wrong number of components.
pub fn only_row(table: &TableRef, arguments: &QueryString) -> Result<QueryString, Fault> {
    let Some(row) = arguments.get("_row").filter(|row| !row.is_empty()) else {
        return Ok(arguments.clone());
    };
    if table.is_view() {
        return Err(Fault::bad_request("_row is not supported for views"));
    }
    let key: Vec<&str> = match table.uses_rowid() {
        true => vec![rowid_name(table)],
        false => table.primary_key_names().collect(),
    };
    let values: Vec<_> = row.split(',').map(tilde::decode).collect();
    if values.len() != key.len() {
        return Err(Fault::bad_request(
            "_row does not match the primary key for this table",
        ));
    }
    let replaced = |argument: &str| {
        let switches = ["_row", "_next", "_nocount", "_nofacet", "_nosuggest"];
        switches.contains(&argument)
            || key
                .iter()
                .any(|name| argument == condition(name) || argument == format!("{name}__exact"))
    };
    let kept = arguments.without(|argument, _| replaced(argument));
    let conditions: Vec<(String, String)> = key
        .iter()
        .zip(values)
        .map(|(name, value)| (condition(name), value.into_owned()))
        .collect();
    let mut added: Vec<(&str, &str)> = conditions
        .iter()
        .map(|(argument, value)| (argument.as_str(), value.as_str()))
        .collect();
    added.extend([("_nocount", "1"), ("_nofacet", "1"), ("_nosuggest", "1")]);
    Ok(kept.adding(&added))
}

/// The argument that asks for equality: the bare name, unless that would be read otherwise.
fn condition(name: &str) -> String {
    match name.starts_with('_') || name.contains("__") {
        true => format!("{name}__exact"),
        false => name.to_owned(),
    }
}
