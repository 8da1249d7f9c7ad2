//! Quoting of SQL identifiers. Nobody else builds one.

use std::borrow::Cow;

/// The name in double quotes, embedded quotes doubled.
pub fn quote(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for character in name.chars() {
        if character == '"' {
            quoted.push('"');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// The name bare when it can stand bare, else as [`quote`] gives it (WIRE-21).
pub fn quote_if_needed(name: &str) -> Cow<'_, str> {
    let plain = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !is_reserved(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(quote(name))
    }
}

/// Whether the word forces quoting, compared without regard to case.
pub fn is_reserved(word: &str) -> bool {
    let mut lower = [0u8; 24];
    let Some(lower) = lower.get_mut(..word.len()) else {
        return false;
    };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    RESERVED
        .binary_search_by(|reserved| reserved.as_bytes().cmp(lower))
        .is_ok()
}

/// Sorted, lower case.
static RESERVED: [&str; 124] = [
    "abort",
    "action",
    "add",
    "after",
    "all",
    "alter",
    "analyze",
    "and",
    "as",
    "asc",
    "attach",
    "autoincrement",
    "before",
    "begin",
    "between",
    "by",
    "cascade",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "commit",
    "conflict",
    "constraint",
    "create",
    "cross",
    "current_date",
    "current_time",
    "current_timestamp",
    "database",
    "default",
    "deferrable",
    "deferred",
    "delete",
    "desc",
    "detach",
    "distinct",
    "drop",
    "each",
    "else",
    "end",
    "escape",
    "except",
    "exclusive",
    "exists",
    "explain",
    "fail",
    "for",
    "foreign",
    "from",
    "full",
    "glob",
    "group",
    "having",
    "if",
    "ignore",
    "immediate",
    "in",
    "index",
    "indexed",
    "initially",
    "inner",
    "insert",
    "instead",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "key",
    "left",
    "like",
    "limit",
    "match",
    "natural",
    "no",
    "not",
    "notnull",
    "null",
    "of",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "plan",
    "pragma",
    "primary",
    "query",
    "raise",
    "recursive",
    "references",
    "regexp",
    "reindex",
    "release",
    "rename",
    "replace",
    "restrict",
    "right",
    "rollback",
    "row",
    "savepoint",
    "select",
    "set",
    "table",
    "temp",
    "temporary",
    "then",
    "to",
    "transaction",
    "trigger",
    "union",
    "unique",
    "update",
    "using",
    "vacuum",
    "values",
    "view",
    "virtual",
    "when",
    "where",
    "with",
    "without",
];

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WIRE-21
    #[test]
    fn quotes_only_where_needed() {
        assert_eq!(quote_if_needed("plain_1"), "plain_1");
        assert_eq!(quote_if_needed("1st"), "\"1st\"");
        assert_eq!(quote_if_needed("Select"), "\"Select\"");
        assert_eq!(quote_if_needed("no spaces"), "\"no spaces\"");
        assert_eq!(quote_if_needed("a\"b]"), "\"a\"\"b]\"");
        assert_eq!(quote_if_needed(""), "\"\"");
        assert_eq!(quote_if_needed("é"), "\"é\"");
        assert_eq!(quote_if_needed("without"), "\"without\"");
    }

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
