//! JSON written by hand: `", "` and `": "` as separators, pure ASCII.

use rusqlite::types::ValueRef;

use super::real::write_real;

/// Appends one SQLite value.
pub(crate) fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Integer(integer) => {
            out.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes());
        }
        // JSON has no word for an infinity.
        ValueRef::Real(real) if !real.is_finite() => out.extend_from_slice(b"null"),
        ValueRef::Real(real) => write_real(out, real),
        ValueRef::Text(text) => write_string(out, text),
        ValueRef::Blob(blob) => {
            out.extend_from_slice(b"{\"$base64\": true, \"encoded\": \"");
            write_base64(out, blob);
            out.extend_from_slice(b"\"}");
        }
    }
}

/// Appends a quoted string; bytes that are not UTF-8 become U+FFFD.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut plain = 0;
    let mut position = 0;
    while let Some(byte) = text.get(position) {
        let byte = *byte;
        if (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\' {
            position += 1;
            continue;
        }
        out.extend_from_slice(&text[plain..position]);
        if byte.is_ascii() {
            write_escape(out, byte);
            position += 1;
        } else {
            let end = text[position..]
                .iter()
                .position(u8::is_ascii)
                .map_or(text.len(), |length| position + length);
            for unit in String::from_utf8_lossy(&text[position..end]).encode_utf16() {
                write_unit(out, unit);
            }
            position = end;
        }
        plain = position;
    }
    out.extend_from_slice(&text[plain..]);
    out.push(b'"');
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0c => out.extend_from_slice(b"\\f"),
        _ => write_unit(out, u16::from(byte)),
    }
}

/// Appends `\uXXXX`.
fn write_unit(out: &mut Vec<u8>, unit: u16) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(DIGITS[usize::from(unit >> shift & 0xf)]);
    }
}

fn write_base64(out: &mut Vec<u8>, blob: &[u8]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in blob.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            out.push(if position <= group.len() {
                DIGITS[(bits >> (18 - 6 * position) & 0x3f) as usize]
            } else {
                b'='
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: ValueRef<'_>) -> String {
        let mut out = Vec::new();
        write_value(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_of_every_type() {
        assert_eq!(json(ValueRef::Null), "null");
        assert_eq!(
            json(ValueRef::Integer(-12_345_678_901_234_567)),
            "-12345678901234567"
        );
        assert_eq!(json(ValueRef::Real(2.0)), "2.0");
        assert_eq!(json(ValueRef::Real(f64::INFINITY)), "null");
        assert_eq!(
            json(ValueRef::Blob(b"")),
            r#"{"$base64": true, "encoded": ""}"#
        );
        assert_eq!(
            json(ValueRef::Blob(b"a")),
            r#"{"$base64": true, "encoded": "YQ=="}"#
        );
        assert_eq!(
            json(ValueRef::Blob(b"ab")),
            r#"{"$base64": true, "encoded": "YWI="}"#
        );
        assert_eq!(
            json(ValueRef::Blob(b"abc\xff")),
            r#"{"$base64": true, "encoded": "YWJj/w=="}"#
        );
    }

    #[test]
    fn strings_are_escaped_to_ascii() {
        let text = |text: &str| json(ValueRef::Text(text.as_bytes()));
        assert_eq!(text("plain"), r#""plain""#);
        assert_eq!(text(""), r#""""#);
        assert_eq!(text("a\"b\\c\n\u{1}\u{7f}d"), r#""a\"b\\c\n\u0001\u007fd""#);
        assert_eq!(text("Ramírez x"), r#""Ram\u00edrez x""#);
        assert_eq!(text("田😀"), r#""\u7530\ud83d\ude00""#);
        assert_eq!(json(ValueRef::Text(b"a\xffb")), r#""a\ufffdb""#);
    }
}
