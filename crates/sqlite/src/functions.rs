//! SQL functions that every lane offers.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

/// Registers the server's functions on a connection. They are pure, so views and triggers of an
/// untrusted schema may call them too.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("escape_fts", 1, flags, |context| {
        Ok(match context.get_raw(0) {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(escape_fts(&number.to_string())),
            ValueRef::Real(number) => Some(escape_fts(&datasette_core::real::text(number))),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                Some(escape_fts(&String::from_utf8_lossy(bytes)))
            }
        })
    })
}

/// Turns what somebody typed into a full-text query that means those words (SEARCH-11).
pub fn escape_fts(query: &str) -> String {
    let mut rest = query;
    let closed;
    if query.matches('"').count() % 2 == 1 {
        closed = format!("{query}\"");
        rest = &closed;
    }
    let mut escaped = String::with_capacity(rest.len() + 8);
    let mut push = |part: &str| {
        if !part.is_empty() {
            if !escaped.is_empty() {
                escaped.push(' ');
            }
            escaped.push('"');
            escaped.push_str(part);
            escaped.push('"');
        }
    };
    while let Some(open) = rest.find('"') {
        rest[..open].split_whitespace().for_each(&mut push);
        let phrase = &rest[open + 1..];
        let close = phrase.find('"').unwrap_or(phrase.len());
        push(&phrase[..close]);
        rest = phrase.get(close + 1..).unwrap_or_default();
    }
    rest.split_whitespace().for_each(&mut push);
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape_fts;

    // Proves: SEARCH-11
    #[test]
    fn words_and_phrases_are_quoted() {
        let cases = [
            ("dog", r#""dog""#),
            ("dog cat", r#""dog" "cat""#),
            (r#"a "b c"#, r#""a" "b c""#),
            (r#""b c" d"#, r#""b c" "d""#),
            (r#"x"y z"w"#, r#""x" "y z" "w""#),
            (r#"a "" b"#, r#""a" "b""#),
            ("  ", ""),
            ("", ""),
            ("\"", ""),
            ("a* OR b", r#""a*" "OR" "b""#),
        ];
        for (typed, expected) in cases {
            assert_eq!(escape_fts(typed), expected, "{typed:?}");
        }
    }
}
