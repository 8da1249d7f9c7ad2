//! CSV written by hand: CRLF, quotes only where needed.

use rusqlite::types::ValueRef;

use super::real::write_real;

/// Appends one field of a row that has several.
pub(crate) fn write_field(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(integer) => {
            out.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes());
        }
        ValueRef::Real(real) => write_real(out, real),
        ValueRef::Text(text) | ValueRef::Blob(text) => write_text(out, text),
    }
}

/// Appends text, quoted if it holds a comma, a quote or a line end.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    if !text
        .iter()
        .any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'))
    {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_only_where_needed() {
        let field = |value| {
            let mut out = Vec::new();
            write_field(&mut out, value);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(field(ValueRef::Null), "");
        assert_eq!(field(ValueRef::Integer(7)), "7");
        assert_eq!(field(ValueRef::Real(7.0)), "7.0");
        assert_eq!(field(ValueRef::Text(b"plain text")), "plain text");
        assert_eq!(field(ValueRef::Text(b"Silva, jr.")), "\"Silva, jr.\"");
        assert_eq!(field(ValueRef::Text(b"a \"b\"\n")), "\"a \"\"b\"\"\n\"");
    }
}
