use super::*;
use serde_json::json;

fn value(word: &str) -> Value {
    match resolve(word) {
        Resolved::Value(value) => value,
        other => panic!("{word:?} is {other:?}"),
    }
}

// Proves: CONF-02
#[test]
fn truths_and_nothing() {
    for word in ["yes", "on", "true", "YES", "On", "True"] {
        assert_eq!(value(word), json!(true), "{word}");
    }
    for word in ["no", "off", "false", "NO", "Off", "False"] {
        assert_eq!(value(word), json!(false), "{word}");
    }
    for word in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(value(word), json!(null), "{word}");
    }
}

// Proves: CONF-02
#[test]
fn whole_numbers_in_all_bases() {
    for (word, expected) in [
        ("010", 8),
        ("1_000", 1000),
        ("0b101", 5),
        ("0x1F", 31),
        ("-0x10", -16),
        ("+12", 12),
        ("-0", 0),
        ("00", 0),
        ("0_", 0),
        ("1_", 1),
        ("1:30", 90),
        ("-1:30", -90),
        ("190:20:30", 685_230),
    ] {
        assert_eq!(value(word), json!(expected), "{word}");
    }
    let long = "123456789012345678901234567890";
    assert_eq!(value(long).to_string(), long);
}

// Proves: CONF-02
#[test]
fn fractions() {
    for (word, expected) in [
        ("1.5", "1.5"),
        ("1.", "1.0"),
        (".5", "0.5"),
        (".5_", "0.5"),
        ("0.1_", "0.1"),
        ("1__2.3_4", "12.34"),
        ("1.5e+3", "1500.0"),
        ("-1.5E-3", "-0.0015"),
        ("1:30.5", "90.5"),
        ("190:20:30.15", "685230.15"),
    ] {
        assert_eq!(value(word).to_string(), expected, "{word}");
    }
}

// Proves: CONF-02
#[test]
fn what_only_looks_like_a_number_is_text() {
    for word in [
        "y", "n", "nULL", "08", "0o10", "1:60", "01:30", "-.5", "1e5", "1.5e3", "1e+5", "-.nan",
        "2001-1-2", "_1", "0b", "0x", "._5", "0:30", "00:30", "1.2.3", "-", "+", ".", "1:", ":1",
    ] {
        assert_eq!(resolve(word), Resolved::Text, "{word}");
    }
}

// Proves: CONF-02
#[test]
fn dates_are_recognised() {
    for word in [
        "2001-01-02",
        "2001-12-14t21:59:43.10-05:00",
        "2001-12-14 21:59:43",
        "2001-12-14 21:59:43 Z",
        "2001-1-2 1:00:00 +5",
    ] {
        assert_eq!(resolve(word), Resolved::Date, "{word}");
    }
    for word in ["2001-01", "2001-01-02x", "2001-01-02 21:59", "20010-01-02"] {
        assert_eq!(resolve(word), Resolved::Text, "{word}");
    }
}

// Proves: CONF-02
#[test]
fn explicit_kinds() {
    let kind = |word, kind| match resolve_as(word, kind) {
        Some(Resolved::Value(value)) => Some(value.to_string()),
        _ => None,
    };
    assert_eq!(kind("5", "int"), Some("5".to_owned()));
    assert_eq!(kind("1", "float"), Some("1.0".to_owned()));
    assert_eq!(kind("1e5", "float"), Some("100000.0".to_owned()));
    assert_eq!(kind("yes", "bool"), Some("true".to_owned()));
    assert_eq!(kind("x", "null"), Some("null".to_owned()));
    assert_eq!(kind("x", "int"), None);
    assert_eq!(kind("aGk=", "binary"), None);
}
