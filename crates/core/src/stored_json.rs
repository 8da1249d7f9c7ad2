//! JSON in the spelling of text columns: a space after `,` and `:`, ASCII only. Text that other
//! programs wrote and compare keeps its spelling.

use std::fmt::Write as _;

use serde_json::{Number, Value};

use crate::{given, real};

/// The value as JSON text, object keys in their order.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, Spelling::Ascii);
    out
}

/// The same for the eyes of people: characters beyond ASCII stand as they are (WRITE-13). Numbers
/// are written anew, reals in their shortest form.
pub fn readable(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, Spelling::Readable);
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Ascii,
    Readable,
}

fn write(out: &mut String, value: &Value, spelling: Spelling) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => match spelling {
            Spelling::Ascii => out.push_str(&number.to_string()),
            Spelling::Readable => write_number(out, number),
        },
        Value::String(text) => write_text(out, text, spelling),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(out, item, spelling);
            }
            out.push(']');
        }
        Value::Object(keys) => {
            out.push('{');
            for (index, (key, item)) in keys.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_text(out, key, spelling);
                out.push_str(": ");
                write(out, item, spelling);
            }
            out.push('}');
        }
    }
}

fn write_number(out: &mut String, number: &Number) {
    let spelled = number.as_str();
    if given::is_integer(number) {
        out.push_str(if spelled == "-0" { "0" } else { spelled });
        return;
    }
    match spelled.parse::<f64>() {
        Ok(real) if real.is_finite() => real::write(out, real),
        Ok(real) if real < 0.0 => out.push_str("-Infinity"),
        _ => out.push_str("Infinity"),
    }
}

fn write_text(out: &mut String, text: &str, spelling: Spelling) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            beyond if spelling == Spelling::Readable && beyond >= '\u{7f}' => out.push(beyond),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{readable, text};
    use serde_json::json;

    #[test]
    fn spaces_and_ascii() {
        assert_eq!(
            text(&json!({"b": [1, null, true], "a": "é\u{1f512}\n\"\u{7f}"})),
            r#"{"b": [1, null, true], "a": "\u00e9\ud83d\udd12\n\"\u007f"}"#
        );
    }

    // Proves: WRITE-13
    #[test]
    fn readable_text_keeps_its_characters() {
        let value = serde_json::from_str(r#"{"b":[-0,1E2,2.50,1e999],"a":"é\u0001\n"}"#).unwrap();
        assert_eq!(
            readable(&value),
            r#"{"b": [0, 100.0, 2.5, Infinity], "a": "é\u0001\n"}"#
        );
    }
}
