//! Pages that show data about the instance: introspection and schemas.

use minijinja::context;
use minijinja::value::Value;
use serde_json::{Value as Json, json};

use crate::html::data;
use crate::json::writer;

/// `show_json.html` (CTX-89): data as indented JSON under its file name. `has_debug_permission` is
/// for pages of those who may debug permissions.
pub fn show_json(filename: &str, data: &Json, has_debug_permission: bool) -> Value {
    context! {
        filename => filename,
        data => data::data(data),
        data_json => indented(data),
        has_debug_permission => has_debug_permission.then_some(true),
    }
}

/// `schema.html` (DEBUG-30). `schemas` are pairs of database and SQL; `table` is the one whose
/// schema it is.
pub fn schema(schemas: &[(String, String)], table: Option<&str>, is_instance: bool) -> Value {
    let schemas: Vec<Json> = schemas
        .iter()
        .map(|(database, schema)| json!({"database": database, "schema": schema}))
        .collect();
    context! { schemas => data::list(&schemas), table_name => table, is_instance => is_instance }
}

/// JSON indented by two spaces, ASCII only.
pub fn indented(data: &Json) -> String {
    indented_by(data, 2)
}

/// JSON indented by some spaces, ASCII only.
pub fn indented_by(data: &Json, spaces: usize) -> String {
    let mut out = Vec::new();
    write_indented(&mut out, data, spaces, 0);
    String::from_utf8(out).unwrap_or_default()
}

fn write_indented(out: &mut Vec<u8>, data: &Json, spaces: usize, depth: usize) {
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(std::iter::repeat_n(b' ', depth * spaces));
    };
    match data {
        Json::Array(items) if !items.is_empty() => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                line(out, depth + 1);
                write_indented(out, item, spaces, depth + 1);
            }
            line(out, depth);
            out.push(b']');
        }
        Json::Object(members) if !members.is_empty() => {
            out.push(b'{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                line(out, depth + 1);
                writer::string(out, key.as_bytes());
                out.extend_from_slice(b": ");
                write_indented(out, value, spaces, depth + 1);
            }
            line(out, depth);
            out.push(b'}');
        }
        simple => writer::document(out, simple),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_by_two() {
        let text = indented(&json!({"a": [1, {"b": []}], "é": null}));
        assert_eq!(
            text,
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"\\u00e9\": null\n}"
        );
    }
}
