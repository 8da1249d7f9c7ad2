//! Bytes as Python writes them, which the original does wherever bytes meet text.

use std::fmt::Write as _;

/// In single quotes, in double ones where that saves escaping: `b'\x00'`.
pub(crate) fn text(bytes: &[u8]) -> String {
    let quote = match bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        true => b'"',
        false => b'\'',
    };
    let mut text = format!("b{}", char::from(quote));
    for byte in bytes {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            byte if *byte == quote || *byte == b'\\' => {
                text.push('\\');
                text.push(char::from(*byte));
            }
            b' '..=b'~' => text.push(char::from(*byte)),
            // Writing into a string cannot fail.
            byte => drop(write!(text, "\\x{byte:02x}")),
        }
    }
    text.push(char::from(quote));
    text
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn bytes_are_quoted_and_escaped() {
        assert_eq!(text(b""), "b''");
        assert_eq!(text(b"a\x00\xff"), "b'a\\x00\\xff'");
        assert_eq!(text(b"it's\n"), "b\"it's\\n\"");
        assert_eq!(text(b"'\"\\"), "b'\\'\"\\\\'");
    }
}
