//! The variables of each page's template, under their documented names (CTX rows).

pub mod database;
pub mod debug_autocomplete;
pub mod index;
pub mod query;
pub mod row;
pub mod table;

use datasette_hooks::ActionItem;
use minijinja::value::Value;
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
