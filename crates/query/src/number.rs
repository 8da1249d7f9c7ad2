//! Numbers and JSON scalars as the original reads and prints them.

use datasette_core::{Value, real};
use serde_json::Value as Json;

/// An integer with optional surrounding space, sign and single `_` between digits; `None` when it
/// is something else or does not fit into 64 bits.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let well_formed = digits
        .split('_')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    if !well_formed {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// A finite float in the same loose spelling.
pub(crate) fn float(text: &str) -> Option<f64> {
    let text = text.trim();
    // Separators may only stand between digits; words such as `inf` are not numbers here.
    let bytes = text.as_bytes();
    let separators_fit = bytes.iter().enumerate().all(|(at, byte)| {
        let digit = |index: Option<usize>| {
            index
                .and_then(|index| bytes.get(index))
                .is_some_and(u8::is_ascii_digit)
        };
        *byte != b'_' || (digit(at.checked_sub(1)) && digit(at.checked_add(1)))
    });
    if !separators_fit || !bytes.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let number: f64 = text.replace('_', "").parse().ok()?;
    number.is_finite().then_some(number)
}

/// The value to compare with in the numeric lookups (FILTER-24).
pub(crate) fn numeric(text: &str) -> Value {
    if let Some(number) = integer(text) {
        Value::Integer(number)
    } else if let Some(number) = float(text) {
        Value::Real(number)
    } else {
        Value::from(text)
    }
}

/// A JSON scalar as a value to bind; `None` for arrays and objects.
pub(crate) fn json_value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Integer(i64::from(*truth)),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Real(number.as_f64()?),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(_) | Json::Object(_) => return None,
    })
}

/// A JSON scalar as it reads inside a description: text without quotes, `True`, `None`.
pub(crate) fn python_text(json: &Json) -> String {
    match json {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::String(text) => text.clone(),
        other => json_text(other),
    }
}

/// A JSON scalar as JSON text, pure ASCII, floats in the one spelling (WIRE-02, WIRE-05).
pub(crate) fn json_text(json: &Json) -> String {
    match json {
        Json::String(text) => ascii_string(text),
        Json::Number(number) if number.as_i64().is_none() => {
            let written = number.to_string();
            if written
                .bytes()
                .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
            {
                number.as_f64().map_or(written, real::text)
            } else {
                written
            }
        }
        other => other.to_string(),
    }
}

fn ascii_string(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    let mut ascii = String::with_capacity(quoted.len());
    for character in quoted.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: FILTER-24
    #[test]
    fn numeric_text_becomes_a_number() {
        let cases = [
            ("5", Value::Integer(5)),
            (" -5 ", Value::Integer(-5)),
            ("+1_000", Value::Integer(1000)),
            ("1__0", Value::from("1__0")),
            ("_1", Value::from("_1")),
            ("1.5", Value::Real(1.5)),
            ("1_0.5", Value::Real(10.5)),
            (".5", Value::Real(0.5)),
            ("1e3", Value::Real(1000.0)),
            ("1e999", Value::from("1e999")),
            ("inf", Value::from("inf")),
            ("nan", Value::from("nan")),
            ("0x10", Value::from("0x10")),
            ("abc", Value::from("abc")),
            ("", Value::from("")),
            ("-", Value::from("-")),
            ("99999999999999999999", Value::Real(1e20)),
        ];
        for (text, expected) in cases {
            assert_eq!(numeric(text), expected, "{text:?}");
        }
    }

    #[test]
    fn json_scalars_print_as_ascii() {
        assert_eq!(
            json_text(&Json::from("é\u{1f600}\"")),
            r#""\u00e9\ud83d\ude00\"""#
        );
        assert_eq!(json_text(&Json::from(1.0)), "1.0");
        assert_eq!(json_text(&Json::from(7)), "7");
        assert_eq!(python_text(&Json::Null), "None");
    }
}
