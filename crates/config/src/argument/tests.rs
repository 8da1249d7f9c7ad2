use super::*;
use serde_json::json;

fn merged(pairs: &[(&str, &str)]) -> Value {
    let mut configuration = Map::new();
    for (name, value) in pairs {
        SettingArgument::parse(name, value)
            .unwrap()
            .apply(&mut configuration);
    }
    Value::Object(configuration)
}

fn message(name: &str, value: &str) -> String {
    SettingArgument::parse(name, value).unwrap_err().message()
}

// Proves: CLI-80, CLI-81
#[test]
fn switches_have_six_spellings() {
    for (text, expected) in [
        ("on", true),
        ("OFF", false),
        ("True", true),
        ("false", false),
        ("1", true),
        ("0", false),
    ] {
        assert_eq!(
            merged(&[("allow_facet", text)]),
            json!({"settings": {"allow_facet": expected}})
        );
    }
    assert_eq!(
        message("allow_facet", "yes"),
        "\"settings.allow_facet\" should be on/off/true/false/1/0"
    );
}

// Proves: CLI-82
#[test]
fn numbers_are_digits_only() {
    assert_eq!(
        merged(&[("default_page_size", "50")]),
        json!({"settings": {"default_page_size": 50}})
    );
    for text in ["", "-1", "+1", "1.0", "dog", " 5"] {
        assert_eq!(
            message("default_page_size", text),
            "\"settings.default_page_size\" should be an integer",
            "{text:?}"
        );
    }
}

// Proves: CLI-83, CLI-84, CLI-90
#[test]
fn paths_hold_json_or_text() {
    for (text, expected) in [
        ("1.5", json!(1.5)),
        ("true", json!(true)),
        ("null", json!(null)),
        ("[1,2]", json!([1, 2])),
        ("{\"x\":1}", json!({"x": 1})),
        ("hello", json!("hello")),
        ("\"5\"", json!("5")),
        ("off", json!("off")),
    ] {
        assert_eq!(
            merged(&[("plugins.p.key", text)]),
            json!({"plugins": {"p": {"key": expected}}}),
            "{text}"
        );
    }
}

// Proves: CLI-86
#[test]
fn later_arguments_win() {
    assert_eq!(merged(&[("a", "1"), ("a.b", "2")]), json!({"a": {"b": 2}}));
    assert_eq!(merged(&[("a.b", "2"), ("a", "1")]), json!({"a": 1}));
    assert_eq!(
        merged(&[
            ("a.b.c", "{\"x\": [1,2]}"),
            ("a.b.d", "1.5"),
            ("a.q", "hello")
        ]),
        json!({"a": {"b": {"c": {"x": [1, 2]}, "d": 1.5}, "q": "hello"}})
    );
}
