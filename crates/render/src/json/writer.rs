//! JSON text exactly as the original spells it: ASCII only, `", "` and `": "` between items.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use datasette_core::{ValueRef, real};
use serde_json::Value as Json;

/// How infinite reals are written (SHAPE-22, SHAPE-23).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Infinity {
    /// As `null`.
    #[default]
    Null,
    /// As the bare tokens `Infinity` and `-Infinity`.
    Token,
}

/// Appends a quoted string from text bytes; bytes that are not UTF-8 become U+FFFD (WIRE-02,
/// WIRE-08).
pub fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut start = 0;
    for (at, byte) in text.iter().enumerate() {
        if NEEDS_ESCAPE[usize::from(*byte)] {
            if *byte >= 0x80 {
                // From here on characters matter; the rest takes the slower way.
                out.extend_from_slice(&text[start..at]);
                characters(out, &String::from_utf8_lossy(&text[at..]));
                out.push(b'"');
                return;
            }
            out.extend_from_slice(&text[start..at]);
            escape_ascii(out, *byte);
            start = at + 1;
        }
    }
    out.extend_from_slice(&text[start..]);
    out.push(b'"');
}

const fn escape_table() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] =
            byte < 0x20 || byte >= 0x7f || byte == b'"' as usize || byte == b'\\' as usize;
        byte += 1;
    }
    table
}

static NEEDS_ESCAPE: [bool; 256] = escape_table();

fn characters(out: &mut Vec<u8>, text: &str) {
    for character in text.chars() {
        match u8::try_from(character) {
            Ok(byte) if byte < 0x80 => {
                if NEEDS_ESCAPE[usize::from(byte)] {
                    escape_ascii(out, byte);
                } else {
                    out.push(byte);
                }
            }
            _ => {
                let mut units = [0u16; 2];
                for unit in character.encode_utf16(&mut units) {
                    escape_unit(out, *unit);
                }
            }
        }
    }
}

fn escape_ascii(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0c => out.extend_from_slice(b"\\f"),
        _ => escape_unit(out, u16::from(byte)),
    }
}

fn escape_unit(out: &mut Vec<u8>, unit: u16) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(HEX[usize::from(unit >> shift & 15)]);
    }
}

/// Appends a decimal integer (WIRE-04).
pub fn integer(out: &mut Vec<u8>, number: i64) {
    let mut buffer = [0u8; 20];
    let mut at = buffer.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&buffer[at..]);
}

/// Appends one SQLite value (WIRE-04 to WIRE-08).
pub fn value(out: &mut Vec<u8>, value: ValueRef<'_>, infinity: Infinity) {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Integer(number) => integer(out, number),
        ValueRef::Real(number) if number.is_infinite() => match infinity {
            Infinity::Null => out.extend_from_slice(b"null"),
            Infinity::Token if number < 0.0 => out.extend_from_slice(b"-Infinity"),
            Infinity::Token => out.extend_from_slice(b"Infinity"),
        },
        ValueRef::Real(number) => {
            let mut text = String::new();
            real::write(&mut text, number);
            out.extend_from_slice(text.as_bytes());
        }
        ValueRef::Text(text) => string(out, text),
        ValueRef::Blob(bytes) => {
            out.extend_from_slice(b"{\"$base64\": true, \"encoded\": \"");
            out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
            out.extend_from_slice(b"\"}");
        }
    }
}

/// Appends a JSON document in the original's spelling, keys in their order (WIRE-01, WIRE-02).
pub fn document(out: &mut Vec<u8>, json: &Json) {
    match json {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(true) => out.extend_from_slice(b"true"),
        Json::Bool(false) => out.extend_from_slice(b"false"),
        Json::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Json::String(text) => string(out, text.as_bytes()),
        Json::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                document(out, item);
            }
            out.push(b']');
        }
        Json::Object(members) => {
            out.push(b'{');
            for (index, (key, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                string(out, key.as_bytes());
                out.extend_from_slice(b": ");
                document(out, member);
            }
            out.push(b'}');
        }
    }
}

/// [`document`] into a new buffer.
pub fn bytes(json: &Json) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    document(&mut out, json);
    out
}

/// A SQLite value as a JSON value, for extras and template contexts. Infinite reals are `null`.
pub fn json_of(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => Json::from(number),
        ValueRef::Real(number) if number.is_finite() => real_number(number),
        ValueRef::Real(_) => Json::Null,
        ValueRef::Text(text) => Json::String(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => {
            serde_json::json!({"$base64": true, "encoded": STANDARD.encode(bytes)})
        }
    }
}

/// A JSON number that keeps the spelling of [`real::write`].
pub fn real_number(number: f64) -> Json {
    real::text(number)
        .parse::<serde_json::Number>()
        .map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(value_ref: ValueRef<'_>) -> String {
        let mut out = Vec::new();
        value(&mut out, value_ref, Infinity::Null);
        String::from_utf8(out).unwrap()
    }

    // Proves: WIRE-02, WIRE-08
    #[test]
    fn text_is_ascii() {
        assert_eq!(spelled(ValueRef::Text(b"plain ~")), "\"plain ~\"");
        assert_eq!(
            spelled(ValueRef::Text("é\u{1f600}\n\"".as_bytes())),
            r#""\u00e9\ud83d\ude00\n\"""#
        );
        assert_eq!(
            spelled(ValueRef::Text(b"a\x7f\x01\xffz")),
            r#""a\u007f\u0001\ufffdz""#
        );
    }

    // Proves: WIRE-04, WIRE-05, WIRE-06, WIRE-07, SHAPE-22
    #[test]
    fn values_keep_their_kind() {
        assert_eq!(
            spelled(ValueRef::Integer(12345678901234567)),
            "12345678901234567"
        );
        assert_eq!(spelled(ValueRef::Integer(i64::MIN)), "-9223372036854775808");
        assert_eq!(spelled(ValueRef::Integer(0)), "0");
        assert_eq!(spelled(ValueRef::Real(1.0)), "1.0");
        assert_eq!(spelled(ValueRef::Real(f64::INFINITY)), "null");
        assert_eq!(spelled(ValueRef::Null), "null");
        assert_eq!(
            spelled(ValueRef::Blob(b"")),
            r#"{"$base64": true, "encoded": ""}"#
        );
        assert_eq!(
            spelled(ValueRef::Blob(b"hi")),
            r#"{"$base64": true, "encoded": "aGk="}"#
        );
    }

    // Proves: WIRE-01, SHAPE-23
    #[test]
    fn documents_have_spaces_and_tokens() {
        let json = serde_json::json!({"ok": true, "rows": [1, "é"], "next": null});
        assert_eq!(
            bytes(&json),
            br#"{"ok": true, "rows": [1, "\u00e9"], "next": null}"#
        );
        let mut out = Vec::new();
        value(&mut out, ValueRef::Real(f64::NEG_INFINITY), Infinity::Token);
        assert_eq!(out, b"-Infinity");
        assert_eq!(bytes(&real_number(1e16)), b"1e+16");
    }
}
