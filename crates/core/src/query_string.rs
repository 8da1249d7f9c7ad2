//! The query string as the original reads and rewrites it.

use std::borrow::Cow;

/// Decoded pairs in their order. Keys may repeat, blank values are kept (WIRE-09).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryString {
    pairs: Vec<(String, String)>,
}

impl QueryString {
    /// Parses the text after `?`: split on `&` only, `+` and `%XX` decoded (WIRE-09).
    pub fn parse(text: &str) -> Self {
        let pairs = text
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (key, value) = part.split_once('=').unwrap_or((part, ""));
                (decode(key).into_owned(), decode(value).into_owned())
            })
            .collect();
        Self { pairs }
    }

    /// From pairs that are already decoded.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// All pairs in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The first value of `key` (WIRE-09).
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// All values of `key` in order.
    pub fn get_all<'a, 'k>(&'a self, key: &'k str) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
        self.pairs
            .iter()
            .filter(move |(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// Whether `key` occurs, even with a blank value.
    pub fn contains(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name == key)
    }

    /// A "presence" argument: on when its first value is any non-empty string (WIRE-11).
    pub fn is_present(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !value.is_empty())
    }

    /// A copy without the pairs that `unwanted` names.
    pub fn without(&self, unwanted: impl Fn(&str, &str) -> bool) -> Self {
        let keep = |(key, value): &&(String, String)| !unwanted(key, value);
        Self {
            pairs: self.pairs.iter().filter(keep).cloned().collect(),
        }
    }

    /// A copy with all values of the given keys replaced by one pair each at the end; `None` only
    /// removes (WIRE-13).
    pub fn replacing(&self, replacements: &[(&str, Option<&str>)]) -> Self {
        let mut edited = self.without(|key, _| replacements.iter().any(|(name, _)| *name == key));
        for (key, value) in replacements {
            if let Some(value) = value {
                edited.pairs.push(((*key).to_owned(), (*value).to_owned()));
            }
        }
        edited
    }

    /// A copy with pairs appended.
    pub fn adding(&self, added: &[(&str, &str)]) -> Self {
        let mut edited = self.clone();
        edited.pairs.extend(
            added
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
        );
        edited
    }

    /// The form encoding of the pairs, blank values dropped: the spelling of links that are made
    /// from the current URL (WIRE-12).
    pub fn encode_without_blanks(&self) -> String {
        encode_pairs(self.pairs.iter().filter(|(_, value)| !value.is_empty()))
    }

    /// The form encoding of all pairs.
    pub fn encode(&self) -> String {
        encode_pairs(self.pairs.iter())
    }
}

fn encode_pairs<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut encoded = String::new();
    for (key, value) in pairs {
        if !encoded.is_empty() {
            encoded.push('&');
        }
        encode_form(&mut encoded, key);
        encoded.push('=');
        encode_form(&mut encoded, value);
    }
    encoded
}

/// Appends form encoding: `A-Z a-z 0-9 _ . - ~` stay, a space becomes `+`, the rest `%XX`.
pub fn encode_form(out: &mut String, text: &str) {
    encode_form_bytes(out, text.as_bytes());
}

/// The same for bytes that need not be text.
pub fn encode_form_bytes(out: &mut String, bytes: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes.iter().copied() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

fn decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte == b'+' || byte == b'%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |offset: usize| {
            bytes
                .get(at + offset)
                .and_then(|byte| char::from(*byte).to_digit(16))
        };
        match bytes[at] {
            b'+' => decoded.push(b' '),
            b'%' => match (hex(1), hex(2)) {
                (Some(high), Some(low)) => {
                    decoded.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => decoded.push(b'%'),
            },
            byte => decoded.push(byte),
        }
        at += 1;
    }
    match String::from_utf8(decoded) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Proves: WIRE-09
    #[test]
    fn first_value_wins_and_blanks_are_kept() {
        let query = QueryString::parse("_size=1&_size=2&a=&b=x+y%26z");
        assert_eq!(query.get("_size"), Some("1"));
        assert_eq!(query.get_all("_size").count(), 2);
        assert_eq!(query.get("a"), Some(""));
        assert_eq!(query.get("b"), Some("x y&z"));
        assert_eq!(QueryString::parse("a;b=1").get("a;b"), Some("1"));
    }

    // Proves: WIRE-11
    #[test]
    fn presence_means_any_text() {
        let query = QueryString::parse("_nofacet=off&_nocount=");
        assert!(query.is_present("_nofacet"));
        assert!(!query.is_present("_nocount"));
        assert!(!query.is_present("_nosuggest"));
    }

    // Proves: WIRE-12, WIRE-13
    #[test]
    fn edits_keep_order_and_drop_blanks() {
        let query = QueryString::parse("a=1&_search=&b=2,3&a=4");
        let edited = query.replacing(&[("b", None), ("_next", Some("x=y z"))]);
        assert_eq!(edited.encode_without_blanks(), "a=1&a=4&_next=x%3Dy+z");
        let less = query.without(|key, value| key == "a" && value == "4");
        assert_eq!(less.encode_without_blanks(), "a=1&b=2%2C3");
    }

    proptest! {
        #[test]
        fn encoding_round_trips(pairs in prop::collection::vec((".{1,8}", ".{0,8}"), 0..6)) {
            let query = QueryString::from_pairs(pairs);
            prop_assert_eq!(QueryString::parse(&query.encode()), query);
        }
    }
}
