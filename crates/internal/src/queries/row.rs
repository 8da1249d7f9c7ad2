//! One row of `queries` and the stored query it means (INT-19, INT-31).

use datasette_core::row::BatchRow;
use datasette_core::{StoredQuery, Value, stored_json};
use serde_json::{Map, Value as Json};

use crate::cell::{flag, optional, required, text, truth};

/// The columns in the order that [`read`] and [`values`] use.
pub(super) const COLUMNS: &str = "database_name, name, sql, title, description, \
     description_html, options, parameters, is_write, is_private, is_trusted, source, owner_id";

/// The query of a row of [`COLUMNS`]. JSON that others stored and that does not fit is left out.
pub(super) fn read(row: BatchRow<'_>) -> StoredQuery {
    let options = row.get(6).as_text().unwrap_or_default();
    let mut options: Map<String, Json> = serde_json::from_str(&options).unwrap_or_default();
    let parameters = row.get(7).as_text().unwrap_or_default();
    let mut option = |key: &str| match options.shift_remove(key) {
        None | Some(Json::Null) => None,
        Some(Json::String(text)) => Some(text),
        Some(other) => Some(other.to_string()),
    };
    StoredQuery {
        database: required(row.get(0)),
        name: required(row.get(1)),
        sql: required(row.get(2)),
        title: text(row.get(3)),
        description: text(row.get(4)),
        description_html: text(row.get(5)),
        hide_sql: option("hide_sql").is_some_and(|hide| hide != "false"),
        fragment: option("fragment"),
        parameters: serde_json::from_str(&parameters).unwrap_or_default(),
        is_write: truth(row.get(8)),
        is_private: truth(row.get(9)),
        is_trusted: truth(row.get(10)),
        source: required(row.get(11)),
        owner_id: text(row.get(12)),
        on_success_message: option("on_success_message"),
        on_success_message_sql: option("on_success_message_sql"),
        on_success_redirect: option("on_success_redirect"),
        on_error_message: option("on_error_message"),
        on_error_redirect: option("on_error_redirect"),
    }
}

/// The values of a row of [`COLUMNS`].
pub(super) fn values(query: &StoredQuery) -> [Value; 13] {
    let parameters = query.parameters.iter().cloned().map(Json::String).collect();
    [
        Value::from(query.database.as_str()),
        Value::from(query.name.as_str()),
        Value::from(query.sql.as_str()),
        optional(query.title.as_deref()),
        optional(query.description.as_deref()),
        optional(query.description_html.as_deref()),
        Value::Text(stored_json::text(&options(query))),
        Value::Text(stored_json::text(&Json::Array(parameters))),
        flag(query.is_write),
        flag(query.is_private),
        flag(query.is_trusted),
        Value::from(query.source.as_str()),
        optional(query.owner_id.as_deref()),
    ]
}

/// What is set, keys sorted (INT-31).
fn options(query: &StoredQuery) -> Json {
    let text = |value: &Option<String>| value.clone().map(Json::String);
    let all = [
        ("fragment", text(&query.fragment)),
        ("hide_sql", query.hide_sql.then_some(Json::Bool(true))),
        ("on_error_message", text(&query.on_error_message)),
        ("on_error_redirect", text(&query.on_error_redirect)),
        ("on_success_message", text(&query.on_success_message)),
        (
            "on_success_message_sql",
            text(&query.on_success_message_sql),
        ),
        ("on_success_redirect", text(&query.on_success_redirect)),
    ];
    let set = all
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Json::Object(set.collect())
}
