use super::*;
use crate::interpret::interpret;
use serde_json::json;

fn config() -> Config {
    let raw = json!({
        "plugins": {"p": "root", "q": {"a": 1}},
        "databases": {
            "one": {
                "plugins": {"p": "database"},
                "tables": {"t": {"plugins": {"p": {"own": true}}}, "u": {}},
            },
            "two": {},
        },
    });
    let interpreted = interpret(&raw).unwrap();
    Config {
        instance: interpreted.instance,
        databases: interpreted.databases,
        raw,
        ..Config::default()
    }
}

fn asked(plugin: &str, database: Option<&str>, table: Option<&str>, fallback: bool) -> Value {
    config()
        .plugin_config(plugin, database, table, fallback)
        .unwrap()
}

// Proves: CONF-55
#[test]
fn the_root_value() {
    assert_eq!(asked("q", None, None, true), json!({"a": 1}));
    assert_eq!(asked("missing", None, None, true), json!(null));
}

// Proves: CONF-21, CONF-56, CONF-58, DEF-07
#[test]
fn the_most_specific_value_wins() {
    assert_eq!(
        asked("p", Some("one"), Some("t"), true),
        json!({"own": true})
    );
    assert_eq!(asked("p", Some("one"), Some("u"), true), json!("database"));
    assert_eq!(asked("p", Some("one"), None, true), json!("database"));
    assert_eq!(asked("p", Some("two"), None, true), json!("root"));
    assert_eq!(asked("p", Some("two"), Some("t"), true), json!("root"));
    assert_eq!(asked("p", Some("missing"), None, true), json!("root"));
}

// Proves: CONF-57
#[test]
fn without_fallback_only_that_level() {
    assert_eq!(asked("p", Some("one"), Some("u"), false), json!(null));
    assert_eq!(asked("p", Some("one"), None, false), json!("database"));
    assert_eq!(asked("p", Some("two"), None, false), json!(null));
    assert_eq!(asked("p", Some("missing"), Some("t"), false), json!(null));
}

fn resolved(value: Value) -> Result<Value, Fault> {
    resolve_secrets(&value, &|name| (name == "SET").then(|| "value".to_owned()))
}

// Proves: CONF-59, CONF-61
#[test]
fn variables_at_any_depth() {
    let given = json!({
        "a": {"$env": "SET"},
        "b": [{"$env": "UNSET"}, {"c": {"$env": "SET"}}],
        "d": {"$env": "SET", "other": 1},
    });
    let expected = json!({
        "a": "value",
        "b": [null, {"c": "value"}],
        "d": {"$env": "SET", "other": 1},
    });
    assert_eq!(resolved(given).unwrap(), expected);
}

// Proves: CONF-60
#[test]
fn files_are_read_at_each_access() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret.txt");
    let given = json!({"$file": path});
    std::fs::write(&path, "one\n").unwrap();
    assert_eq!(resolved(given.clone()).unwrap(), json!("one\n"));
    std::fs::write(&path, "two\n").unwrap();
    assert_eq!(resolved(given.clone()).unwrap(), json!("two\n"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(resolved(given).unwrap_err().status(), 500);
}
