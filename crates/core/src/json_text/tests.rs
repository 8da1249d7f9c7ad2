//! The words are those of the original, recorded.

use super::*;

// Proves: DEBUG-41, PERM-70
#[test]
fn mistakes_are_named_with_their_place() {
    let recorded = [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("  ", "Expecting value: line 1 column 3 (char 2)"),
        (
            "{",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        (
            "{ ",
            "Expecting property name enclosed in double quotes: line 1 column 3 (char 2)",
        ),
        (
            "{\"a\"",
            "Expecting ':' delimiter: line 1 column 5 (char 4)",
        ),
        (
            "{\"a\" 1",
            "Expecting ':' delimiter: line 1 column 6 (char 5)",
        ),
        ("{\"a\":", "Expecting value: line 1 column 6 (char 5)"),
        ("{\"a\":}", "Expecting value: line 1 column 6 (char 5)"),
        (
            "{\"a\":1",
            "Expecting ',' delimiter: line 1 column 7 (char 6)",
        ),
        (
            "{\"a\":1,",
            "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)",
        ),
        (
            "{\"a\":1, }",
            "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)",
        ),
        (
            "{a:1}",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("[", "Expecting value: line 1 column 2 (char 1)"),
        ("[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
        ("[1,", "Expecting value: line 1 column 4 (char 3)"),
        ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
        ("[,]", "Expecting value: line 1 column 2 (char 1)"),
        ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
        (
            "\"abc",
            "Unterminated string starting at: line 1 column 1 (char 0)",
        ),
        (
            "\"a\nb\"",
            "Invalid control character at: line 1 column 3 (char 2)",
        ),
        ("\"\\x\"", "Invalid \\escape: line 1 column 2 (char 1)"),
        (
            "\"\\u12\"",
            "Invalid \\uXXXX escape: line 1 column 3 (char 2)",
        ),
        (
            "\"\\u12g4\"",
            "Invalid \\uXXXX escape: line 1 column 3 (char 2)",
        ),
        (
            "\"\\",
            "Unterminated string starting at: line 1 column 1 (char 0)",
        ),
        ("nul", "Expecting value: line 1 column 1 (char 0)"),
        ("-", "Expecting value: line 1 column 1 (char 0)"),
        ("-x", "Expecting value: line 1 column 1 (char 0)"),
        ("01", "Extra data: line 1 column 2 (char 1)"),
        ("1.", "Extra data: line 1 column 2 (char 1)"),
        ("1.e5", "Extra data: line 1 column 2 (char 1)"),
        ("1e", "Extra data: line 1 column 2 (char 1)"),
        ("1E+", "Extra data: line 1 column 2 (char 1)"),
        ("1 2", "Extra data: line 1 column 3 (char 2)"),
        ("{} x", "Extra data: line 1 column 4 (char 3)"),
        ("[1]]", "Extra data: line 1 column 4 (char 3)"),
        ("é x", "Expecting value: line 1 column 1 (char 0)"),
        ("\"é\" x", "Extra data: line 1 column 5 (char 4)"),
        (
            "{\n  \"a\": 1\n  \"b\": 2}",
            "Expecting ',' delimiter: line 3 column 3 (char 13)",
        ),
        (
            "\u{feff}1",
            "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)",
        ),
        (
            "{\"a\":1 ,\"b\"}",
            "Expecting ':' delimiter: line 1 column 12 (char 11)",
        ),
        ("[[[", "Expecting value: line 1 column 4 (char 3)"),
        (
            "{\"a\":[1,{\"b\":}]}",
            "Expecting value: line 1 column 14 (char 13)",
        ),
        (".5", "Expecting value: line 1 column 1 (char 0)"),
        ("+1", "Expecting value: line 1 column 1 (char 0)"),
        ("1\u{a0}", "Extra data: line 1 column 2 (char 1)"),
        ("[1,\n,2]", "Expecting value: line 2 column 1 (char 4)"),
        (
            "{\"a\":\"b",
            "Unterminated string starting at: line 1 column 6 (char 5)",
        ),
    ];
    for (text, words) in recorded {
        let mistake = read(text).unwrap_err();
        assert_eq!(mistake.to_string(), words, "{text:?}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = "[".repeat(100_000);
    let mistake = read(&deep).unwrap_err();
    assert_eq!(mistake.words, "Too many levels");
    assert!(read(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
}

// Proves: WRITE-14
#[test]
fn infinity_is_taken_outside_of_strings() {
    let read = |text: &str| super::read_with_infinity(text).map(|value| value.to_string());
    assert_eq!(
        read(r#"{"a": [Infinity, -Infinity, NaN], "NaN\"Infinity": "\\"}"#).as_deref(),
        Ok(r#"{"a":[1e+999,-1e+999,null],"NaN\"Infinity":"\\"}"#)
    );
    assert_eq!(
        read("[Infinity").unwrap_err(),
        super::read("[Infinity").unwrap_err()
    );
    assert!(read("-NaN").is_err());
    assert!(read("[1,]").is_err());
}
