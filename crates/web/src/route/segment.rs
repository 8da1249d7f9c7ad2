//! What a segment of a path may be.

use datasette_core::tilde;

/// A name segment: one or more characters other than `.`, decoded.
pub(super) fn name(segment: &str) -> Option<String> {
    let valid = !segment.is_empty() && !segment.contains('.');
    valid.then(|| tilde::decode(segment).into_owned())
}

/// A name with an optional `.word` after it.
pub(super) fn suffixed(segment: &str) -> Option<(String, Option<String>)> {
    match segment.split_once('.') {
        None => Some((name(segment)?, None)),
        Some((stem, format)) if is_word(format) => Some((name(stem)?, Some(format.to_owned()))),
        Some(_) => None,
    }
}

/// Letters, digits and underscores: what a format may be made of.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
