//! Arbitrary SQL: whether it is a question, and the parameters it names.

use datasette_core::Fault;

/// The pragma functions that SQL may name (QUERY-06).
const ALLOWED_PRAGMAS: [&str; 13] = [
    "database_list",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "page_count",
    "max_page_count",
    "page_size",
    "schema_version",
    "table_info",
    "table_xinfo",
    "table_list",
];

/// The words a statement may begin with (QUERY-03).
const BEGINNINGS: [&[&str]; 6] = [
    &["select"],
    &["explain", "select"],
    &["explain", "query", "plan", "select"],
    &["with"],
    &["explain", "with"],
    &["explain", "query", "plan", "with"],
];

/// Checks that a statement reads as a question. A courtesy with the messages of the original: what
/// the statement may do is decided by the connection it runs on.
///
/// # Errors
/// 400 titled `Invalid SQL` in the words of QUERY-03 and QUERY-06.
pub fn validate_select(sql: &str) -> Result<(), Fault> {
    let lines: Vec<&str> = sql
        .split('\n')
        .filter(|line| !line.trim().starts_with("--"))
        .collect();
    let sql = lines.join("\n").trim().to_lowercase();
    let statement = after_comments(&sql);
    if !BEGINNINGS.iter().any(|words| begins_with(statement, words)) {
        return Err(Fault::invalid_sql("Statement must be a SELECT"));
    }
    let is_disallowed = |at: usize| {
        let rest = &sql[at + "pragma".len()..];
        !rest.strip_prefix('_').is_some_and(|rest| {
            ALLOWED_PRAGMAS
                .iter()
                .any(|pragma| rest.starts_with(pragma))
        })
    };
    if sql.match_indices("pragma").any(|(at, _)| is_disallowed(at)) {
        let functions = ALLOWED_PRAGMAS.map(|pragma| format!("pragma_{pragma}()"));
        return Err(Fault::invalid_sql(format!(
            "Statement contained a disallowed PRAGMA. Allowed pragma functions are {}",
            functions.join(", ")
        )));
    }
    Ok(())
}

/// Whether Python's driver, and so the original, counts the rows that a statement changes: those
/// that begin with a verb of their own, not with WITH (WRITE-146).
pub fn counts_its_rows(sql: &str) -> bool {
    let statement = after_comments(sql);
    ["insert", "update", "delete", "replace"]
        .iter()
        .any(|verb| {
            let start = statement.get(..verb.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(verb))
        })
}

/// What follows leading white space and comments (QUERY-04).
fn after_comments(sql: &str) -> &str {
    let mut rest = sql.trim_start();
    loop {
        let after = if rest.starts_with("--") {
            rest.split_once('\n').map(|(_, after)| after)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, after)| after)
        } else {
            None
        };
        match after {
            Some(after) => rest = after.trim_start(),
            None => return rest,
        }
    }
}

fn begins_with(sql: &str, words: &[&str]) -> bool {
    let mut rest = sql;
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            rest = rest.trim_start();
        }
        match rest.strip_prefix(word) {
            Some(after) if !after.starts_with(is_word) => rest = after,
            _ => return false,
        }
    }
    true
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The names after `:` outside comments, texts and quoted identifiers, each once, in order of
/// first appearance (QUERY-13).
pub fn named_parameters(sql: &str) -> Vec<String> {
    names_after(sql, &[':'])
}

/// The names of everything that SQLite binds by name, also after `@` and `$`, which are no
/// parameters for a visitor (QUERY-16) but may be magic ones.
pub fn placeholders(sql: &str) -> Vec<String> {
    names_after(sql, &[':', '@', '$'])
}

fn names_after(sql: &str, signs: &[char]) -> Vec<String> {
    let bare = without_quoted_parts(sql);
    let mut names: Vec<String> = Vec::new();
    for (at, sign) in bare.match_indices(signs) {
        let rest = &bare[at + sign.len()..];
        let end = rest
            .find(|character| !is_word(character))
            .unwrap_or(rest.len());
        let name = &rest[..end];
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

fn without_quoted_parts(sql: &str) -> String {
    let mut bare = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        match quoted_length(rest, first) {
            Some(length) => rest = &rest[length..],
            None => {
                bare.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    bare
}

/// The length in bytes of the comment, text or quoted identifier that `sql` begins with.
fn quoted_length(sql: &str, first: char) -> Option<usize> {
    match first {
        '-' if sql.starts_with("--") => Some(sql.find('\n').unwrap_or(sql.len())),
        '/' if sql.starts_with("/*") => {
            Some(sql[2..].find("*/").map_or(sql.len(), |end| 2 + end + 2))
        }
        '\'' | '"' | '`' => doubled_quote_length(sql.as_bytes(), first as u8),
        '[' => sql.find(']').map(|end| end + 1),
        _ => None,
    }
}

/// Up to the quote that is not doubled; where there is none, up to the last pair's first.
fn doubled_quote_length(sql: &[u8], quote: u8) -> Option<usize> {
    let mut last_pair = None;
    let mut at = 1;
    while at < sql.len() {
        if sql[at] == quote {
            if sql.get(at + 1) != Some(&quote) {
                return Some(at + 1);
            }
            last_pair = Some(at + 1);
            at += 1;
        }
        at += 1;
    }
    last_pair
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: QUERY-03, QUERY-04
    #[test]
    fn questions_pass() {
        for sql in [
            "select 1",
            "  SELECT\n1",
            "explain select 1",
            "EXPLAIN  query\tplan\nselect 1",
            "with a as (select 1) select * from a",
            "explain with a as (select 1) select * from a",
            "-- first\n-- second\nselect 1",
            "/* one */ /* two\n */select(1)",
            "/* a */ -- b\n select 1",
            "select 1 -- trailing",
            "select * from pragma_table_info('t')",
        ] {
            assert!(validate_select(sql).is_ok(), "{sql}");
        }
    }

    // Proves: QUERY-03, QUERY-05
    #[test]
    fn everything_else_is_refused() {
        for sql in [
            "",
            "values(1)",
            "(select 1)",
            "selectx 1",
            "select_ 1",
            "pragma table_info(t)",
            "insert into t values (1)",
            "explain insert into t values (1)",
            "explain query select 1",
            "explainselect 1",
            "-- select 1",
            "/* unfinished select 1",
            "; select 1",
        ] {
            let fault = validate_select(sql).unwrap_err();
            assert_eq!(fault.message(), "Statement must be a SELECT", "{sql}");
            assert_eq!(fault.title(), Some("Invalid SQL"));
        }
    }

    // Proves: QUERY-06, QUERY-07
    #[test]
    fn pragma_is_refused_wherever_it_stands() {
        for sql in [
            "select 'pragma'",
            "select * from pragma_writable_schema()",
            "with p as (PRAGMA x) select 1",
            "select * from pragma_table_info('t'), pragma",
        ] {
            let message = validate_select(sql).unwrap_err().message();
            let start = "Statement contained a disallowed PRAGMA. Allowed pragma functions are \
                         pragma_database_list(), pragma_foreign_key_list(), ";
            assert!(message.starts_with(start), "{sql}: {message}");
            assert!(message.ends_with("pragma_table_xinfo(), pragma_table_list()"));
        }
    }

    // Proves: QUERY-13
    #[test]
    fn parameters_are_found_outside_quotes() {
        let cases: [(&str, &[&str]); 10] = [
            ("select :a, :b, :a", &["a", "b"]),
            ("select ':a', \":b\", [:c], `:d`, :e", &["e"]),
            ("select 1 -- :a\n, :b /* :c */", &["b"]),
            ("select 'it''s :a' || :b", &["b"]),
            ("select /* :a", &[]),
            ("select 'open :a", &["a"]),
            ("select 'open '' :a", &["a"]),
            ("select \"-- :a\", :b", &["b"]),
            ("select '/*', :a, '*/'", &["a"]),
            ("select :_x, ::y, :é1", &["_x", "y", "é1"]),
        ];
        for (sql, expected) in cases {
            assert_eq!(named_parameters(sql), expected, "{sql}");
        }
    }

    // Proves: QUERY-16
    #[test]
    fn placeholders_of_every_kind_have_names() {
        let sql = "select :a, @b, $c, ?, ?1, '@d', :b";
        assert_eq!(named_parameters(sql), ["a", "b"]);
        assert_eq!(placeholders(sql), ["a", "b", "c"]);
    }
}
