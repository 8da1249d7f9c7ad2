//! Extras that describe tables, columns, statements and the request.

use datasette_core::{ColumnRef, TableRef, Value};
use datasette_engine::extras::{Scope, Wanted, offered};
use datasette_engine::page::{Expandable, TablePage};
use serde_json::{Map, Value as Json, json};

use super::writer::json_of;
use crate::location::Location;

/// `column_details` (EXTRA-22, EXTRA-50).
pub fn column_details(table: &TableRef) -> Json {
    let mut details = Map::new();
    for column in &table.columns {
        details.insert(
            column.name.clone(),
            json!({
                "type": column.declared_type,
                "sqlite_type": column.affinity().name(),
                "notnull": column.not_null,
                "default": column.default,
                "is_pk": column.primary_key_position > 0,
                "pk_position": column.primary_key_position,
                "hidden": column.hidden,
            }),
        );
    }
    Json::Object(details)
}

/// `display_columns` (EXTRA-23, EXTRA-24): the columns as the HTML table shows them.
pub fn display_columns(page: &TablePage, descriptions: &Json, types: &Json) -> Vec<Json> {
    let question = &page.question;
    let table = &question.table;
    let single_key = (table.primary_key.len() == 1).then(|| table.primary_key[0]);
    let mut columns = Vec::new();
    let link_column = !table.is_view() && single_key.is_none();
    if link_column {
        columns.push(json!({
            "name": "Link",
            "sortable": false,
            "is_pk": false,
            "type": "",
            "notnull": 0,
            "is_special_link_column": true,
        }));
    }
    // A single key comes first, wherever it stands in the table (HTML-53).
    let (first, rest): (Vec<_>, Vec<_>) = question.selected.iter().partition(|selected| {
        single_key.is_some() && selected.column().map(ColumnRef::index) == single_key
    });
    for selected in first.into_iter().chain(rest) {
        let name = selected.name();
        let mut shown = json!({
            "name": name,
            "sortable": question.sortable.contains(name),
            "is_pk": selected.column().is_none_or(|column| column.primary_key_position > 0),
            "type": selected.column().map_or("integer", |column| &column.declared_type),
            "notnull": u8::from(selected.column().is_some_and(|column| column.not_null)),
        });
        let is_link = single_key.is_some() && selected.column().map(ColumnRef::index) == single_key;
        if let (false, Some(members)) = (is_link, shown.as_object_mut()) {
            members.insert("description".to_owned(), descriptions[name].clone());
            members.insert("column_type".to_owned(), types[name]["type"].clone());
            members.insert(
                "column_type_config".to_owned(),
                types[name]["config"].clone(),
            );
        }
        columns.push(shown);
    }
    columns
}

/// `request` (EXTRA-27).
pub fn request(location: &Location) -> Json {
    let mut args = Map::new();
    for (key, value) in location.query.pairs() {
        let values = args.entry(key.clone()).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(json!(value));
        }
    }
    json!({
        "url": location.absolute(&location.full_path()),
        "path": location.local(&location.path),
        "full_path": location.full_path(),
        "host": location.origin.split("://").nth(1),
        "args": args,
    })
}

/// `query` (EXTRA-28 to EXTRA-30).
pub fn query(sql: &str, params: &[(String, Value)]) -> Json {
    let params: Map<String, Json> = params
        .iter()
        .map(|(name, value)| (name.clone(), json_of(value.as_ref())))
        .collect();
    json!({"sql": sql, "params": params})
}

/// `expandable_columns` (EXTRA-47).
pub fn expandable(keys: &[Expandable]) -> Json {
    keys.iter()
        .map(|key| {
            json!([
                {
                    "column": key.column.name(),
                    "other_table": key.other_table.name(),
                    "other_column": key.other_name,
                },
                key.label.as_ref().map(|label| label.name()),
            ])
        })
        .collect()
}

/// `extras` (EXTRA-36).
pub fn extras(scope: Scope, wanted: &Wanted, location: &Location) -> Json {
    offered(scope)
        .map(|extra| {
            // The count brings with it whether it is whole (EXTRA-07).
            let selected =
                wanted.has(extra.name) || (extra.name == "count_truncated" && wanted.has("count"));
            let toggle = match selected {
                true => location.without(|key, value| key == "_extra" && value == extra.name),
                false => location.adding(&[("_extra", extra.name)]),
            };
            json!({
                "name": extra.name,
                "description": extra.description,
                "toggle_url": location.absolute(&toggle),
                "selected": selected,
            })
        })
        .collect()
}
