//! Tilde encoding: the reversible spelling of any name inside one URL path segment.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

fn kept(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Encodes a name so that it can stand in a URL path: `A-Z a-z 0-9 _ -` stay, a space becomes
/// `+`, every other UTF-8 byte becomes `~XX` (WIRE-17).
pub fn encode(name: &str) -> Cow<'_, str> {
    if name.bytes().all(kept) {
        return Cow::Borrowed(name);
    }
    let mut encoded = String::with_capacity(name.len() + 16);
    for byte in name.bytes() {
        if kept(byte) {
            encoded.push(char::from(byte));
        } else if byte == b' ' {
            encoded.push('+');
        } else {
            encoded.push('~');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    Cow::Owned(encoded)
}

/// Decodes a path segment: `+` becomes a space, `~XX` the byte it names (bad UTF-8 is replaced),
/// a literal `%` stays (WIRE-18). A `~` that two hexadecimal digits do not follow becomes `%`
/// (WIRE-19), as in the original.
pub fn decode(segment: &str) -> Cow<'_, str> {
    if !segment.bytes().any(|byte| byte == b'~' || byte == b'+') {
        return Cow::Borrowed(segment);
    }
    let bytes = segment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => decoded.push(b' '),
            b'~' => {
                let pair = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
                if let (Some(high), Some(low)) = pair {
                    decoded.push(high << 4 | low);
                    at += 2;
                } else {
                    decoded.push(b'%');
                }
            }
            byte => decoded.push(byte),
        }
        at += 1;
    }
    match String::from_utf8(decoded) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn digit(byte: Option<&u8>) -> Option<u8> {
    char::from(*byte?).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Proves: WIRE-17
    #[test]
    fn encodes_the_documented_examples() {
        assert_eq!(encode("/foo/bar.baz"), "~2Ffoo~2Fbar~2Ebaz");
        assert_eq!(encode("~"), "~7E");
        assert_eq!(encode("é"), "~C3~A9");
        assert_eq!(encode("a b"), "a+b");
        assert_eq!(encode("plain_name-1"), "plain_name-1");
    }

    // Proves: WIRE-18, WIRE-19
    #[test]
    fn decodes_loosely() {
        assert_eq!(decode("a+b"), "a b");
        assert_eq!(decode("100%25"), "100%25");
        assert_eq!(decode("~"), "%");
        assert_eq!(decode("~zz"), "%zz");
        assert_eq!(decode("~FF"), "\u{fffd}");
        assert_eq!(decode("~2"), "%2");
    }

    proptest! {
        #[test]
        fn round_trips_any_name(name in any::<String>()) {
            let encoded = encode(&name).into_owned();
            prop_assert!(encoded.bytes().all(|byte| kept(byte) || byte == b'~' || byte == b'+'));
            prop_assert_eq!(decode(&encoded), name);
        }
    }
}
