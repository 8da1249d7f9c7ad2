//! Any string as a CSS class or a part of a template name.

use std::borrow::Cow;
use std::fmt::Write;

use md5::{Digest, Md5};

/// The class name of an arbitrary string (WIRE-22): unchanged when it already is one, else what
/// can be kept of it and the first six hex digits of its MD5.
pub fn css_class(text: &str) -> Cow<'_, str> {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if plain {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let stripped = text.trim_start_matches('_').trim_start_matches('-');
    for word in stripped
        .split(char::is_whitespace)
        .filter(|word| !word.is_empty())
    {
        if !kept.is_empty() {
            kept.push('-');
        }
        kept.extend(
            word.chars()
                .filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-'),
        );
    }
    if !kept.is_empty() {
        kept.push('-');
    }
    for byte in &Md5::digest(text.as_bytes())[..3] {
        let _ = write!(kept, "{byte:02x}");
    }
    Cow::Owned(kept)
}

/// The colour of a database: six hex digits, from the file's hash when it is known, else from the
/// MD5 of the name (WIRE-25).
pub fn database_color(name: &str, hash: Option<&str>) -> String {
    if let Some(color) = hash.and_then(|hash| hash.get(..6)) {
        return color.to_owned();
    }
    Md5::digest(name.as_bytes())[..3]
        .iter()
        .fold(String::new(), |mut color, byte| {
            let _ = write!(color, "{byte:02x}");
            color
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WIRE-22
    #[test]
    fn class_names_follow_the_documented_examples() {
        let cases = [
            ("_city_id", "city_id-07c442"),
            ("1", "1-c4ca42"),
            ("no spaces", "no-spaces-7088d7"),
            ("-", "336d5e"),
            ("-no-leading-hyphens", "no-leading-hyphens-65bea6"),
            ("plain_Name-2", "plain_Name-2"),
        ];
        for (text, expected) in cases {
            assert_eq!(css_class(text), expected);
        }
    }

    // Proves: WIRE-25
    #[test]
    fn colours_come_from_hash_or_name() {
        assert_eq!(database_color("fixtures", None), "9403e5");
        assert_eq!(database_color("fixtures", Some("abcdef0123")), "abcdef");
    }
}
