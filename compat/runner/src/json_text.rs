//! JSON as text: one form that people read in goldens, and the exact form the server must send.

use std::fmt::Write;

use serde_json::Value;

/// Values whose one-line form is no longer than this stay on one line in a golden.
const LINE: usize = 100;

/// Indented by one space; short values stay on one line. Ends without a newline.
pub(crate) fn readable(value: &Value) -> String {
    let mut text = String::new();
    write_readable(value, 0, &mut text);
    text
}

fn write_readable(value: &Value, depth: usize, text: &mut String) {
    let line = value.to_string();
    let short = line.chars().count() + depth <= LINE;
    match value {
        Value::Array(items) if !short => {
            text.push_str("[\n");
            for (index, item) in items.iter().enumerate() {
                indent(depth + 1, text);
                write_readable(item, depth + 1, text);
                text.push_str(if index + 1 < items.len() { ",\n" } else { "\n" });
            }
            indent(depth, text);
            text.push(']');
        }
        Value::Object(map) if !short => {
            text.push_str("{\n");
            for (index, (key, item)) in map.iter().enumerate() {
                indent(depth + 1, text);
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(": ");
                write_readable(item, depth + 1, text);
                text.push_str(if index + 1 < map.len() { ",\n" } else { "\n" });
            }
            indent(depth, text);
            text.push('}');
        }
        _ => text.push_str(&line),
    }
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', depth));
}

/// The form of WIRE-01 and WIRE-02: `", "` and `": "`, everything outside printable ASCII escaped.
pub(crate) fn as_served(value: &Value) -> String {
    let mut text = String::new();
    write_served(value, &mut text);
    text
}

fn write_served(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                write_served(item, text);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                write_string(key, text);
                text.push_str(": ");
                write_served(item, text);
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for char in string.chars() {
        match char {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(char),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    // Writing into a String cannot fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_values_stay_on_one_line() {
        let value = json!({"a": [1, 2], "b": "x".repeat(100)});
        let expected = format!("{{\n \"a\": [1,2],\n \"b\": \"{}\"\n}}", "x".repeat(100));
        assert_eq!(readable(&value), expected);
    }

    #[test]
    fn the_served_form_is_ascii() {
        let value = json!({"a": ["é😀\u{7f}\n", 1.5, null]});
        assert_eq!(
            as_served(&value),
            r#"{"a": ["\u00e9\ud83d\ude00\u007f\n", 1.5, null]}"#
        );
    }
}
