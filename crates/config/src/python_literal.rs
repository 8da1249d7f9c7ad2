//! Values as Python writes them, for messages that quote what was configured (SET-05).

use std::fmt::Write as _;

use serde_json::Value;

/// The name of the Python type that holds such a value.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.as_str().contains(['.', 'e', 'E']) => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// The value as a Python literal.
pub(crate) fn literal(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(keys) => {
            out.push('{');
            for (index, (key, item)) in keys.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_text(out, key);
                out.push_str(": ");
                write_value(out, item);
            }
            out.push('}');
        }
    }
}

/// Single quotes unless the text has only single ones; control characters escaped.
fn write_text(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            _ if u32::from(character) < 0x20 || u32::from(character) == 0x7f => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\x{:02x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::literal;
    use serde_json::json;

    // Proves: SET-05
    #[test]
    fn values_look_like_python() {
        assert_eq!(literal(&json!(true)), "True");
        assert_eq!(literal(&json!("50")), "'50'");
        assert_eq!(literal(&json!("it's")), "\"it's\"");
        assert_eq!(literal(&json!("'\"\n\u{1}")), "'\\'\"\\n\\x01'");
        assert_eq!(
            literal(&json!([1, 1.5, null, {"a": "b"}])),
            "[1, 1.5, None, {'a': 'b'}]"
        );
    }
}
