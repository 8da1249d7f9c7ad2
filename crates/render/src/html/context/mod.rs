//! The variables of each page's template, under their documented names (CTX rows).

pub mod create_token;
pub mod database;
pub mod debug_autocomplete;
pub mod execute_write;
pub mod index;
pub mod query;
pub mod query_form;
pub mod row;
pub mod table;

use datasette_core::QueryString;
use datasette_hooks::ActionItem;
use minijinja::value::{Tuple, Value};
use serde_json::{Value as Json, json};

use crate::html::data::list;

/// A callable of no arguments that gives trusted HTML: the `top_*` slots.
pub(crate) fn slot(html: &str) -> Value {
    let html = Value::from_safe_string(html.to_owned());
    Value::from_function(move || html.clone())
}

/// Entries of an actions menu as templates read them (HTML-61).
pub(crate) fn action_links(items: &[ActionItem]) -> Value {
    let links: Vec<Json> = items
        .iter()
        .map(|item| {
            let attributes: serde_json::Map<String, Json> = item
                .attrs
                .iter()
                .map(|(key, value)| (key.clone(), json!(value)))
                .collect();
            json!({
                "type": if item.is_button() { "button" } else { "link" },
                "href": item.href,
                "label": item.label,
                "description": item.description,
                "attrs": attributes,
            })
        })
        .collect();
    list(&links)
}

/// A callable that gives the entries of an actions menu.
pub(crate) fn action_menu(items: &[ActionItem]) -> Value {
    let links = action_links(items);
    Value::from_function(move || links.clone())
}

/// Hidden fields of the CSV form (HTML-36).
pub(crate) fn csv_hidden_arguments(query: &QueryString) -> Value {
    let mut hidden: Vec<(String, String)> = query
        .pairs()
        .iter()
        .filter(|(key, value)| {
            !value.is_empty() && !matches!(key.as_str(), "_labels" | "_facet" | "_size")
        })
        .cloned()
        .collect();
    hidden.push(("_size".to_owned(), "max".to_owned()));
    pairs(&hidden)
}

/// Names and values, two by two.
pub(crate) fn pairs(pairs: &[(String, String)]) -> Value {
    pairs
        .iter()
        .map(|(key, value)| {
            let pair = [key, value].map(|text| Value::from(text.as_str()));
            Value::from_object(Tuple::new(pair.to_vec()))
        })
        .collect::<Vec<Value>>()
        .into()
}
