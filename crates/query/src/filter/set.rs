//! Lookups on a list of values.

use datasette_core::{Fault, Value};
use serde_json::Value as Json;

use super::lookup::{Lookup, Naming};
use crate::number;

pub(super) static IN: Lookup = Lookup {
    key: "in",
    label: "in",
    takes_value: true,
    naming: Naming::AsNeeded,
    bind,
    condition: |c, p| format!("{c} in ({})", placeholders(p)),
    describe: |c, v| format!("{c} in {}", described(v)),
};

pub(super) static NOT_IN: Lookup = Lookup {
    key: "notin",
    label: "not in",
    takes_value: true,
    naming: Naming::AsNeeded,
    bind,
    condition: |c, p| format!("{c} not in ({})", placeholders(p)),
    describe: |c, v| format!("{c} not in {}", described(v)),
};

/// The items: a JSON list when the value starts with `[`, else the parts between commas
/// (FILTER-28, FILTER-29).
///
/// # Errors
/// 400 for invalid JSON (FILTER-30).
fn items(value: &str) -> Result<Vec<Json>, Fault> {
    if value.starts_with('[') {
        serde_json::from_str(value)
            .map_err(|error| Fault::bad_request(format!("Invalid JSON list {value}: {error}")))
    } else {
        Ok(value
            .split(',')
            .map(|part| Json::from(part.trim()))
            .collect())
    }
}

fn bind(value: &str) -> Result<Vec<Value>, Fault> {
    items(value)?
        .iter()
        .map(|item| {
            number::json_value(item).ok_or_else(|| {
                Fault::bad_request(format!(
                    "Invalid JSON list {value}: items must not be lists or objects"
                ))
            })
        })
        .collect()
}

fn placeholders(names: &[String]) -> String {
    let marked: Vec<String> = names.iter().map(|name| format!(":{name}")).collect();
    marked.join(", ")
}

fn described(value: &str) -> String {
    let items: Vec<String> = items(value)
        .unwrap_or_default()
        .iter()
        .map(number::json_text)
        .collect();
    format!("[{}]", items.join(", "))
}
