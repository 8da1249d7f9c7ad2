//! Whatever stands where an allow block may stand: understood, or refused at startup with its
//! place; nobody is let in by accident.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used)]

use std::fs;

use datasette_config::{AllowBlock, Config, Sources, load};
use datasette_core::{Actor, Fault};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every place of an allow block, with what leads there in a file.
const PLACES: [(&str, &str); 9] = [
    ("allow", "allow: BLOCK"),
    ("allow_sql", "allow_sql: BLOCK"),
    ("permissions.view-table", "permissions: {view-table: BLOCK}"),
    ("databases.d.allow", "databases: {d: {allow: BLOCK}}"),
    (
        "databases.d.allow_sql",
        "databases: {d: {allow_sql: BLOCK}}",
    ),
    (
        "databases.d.permissions.insert-row",
        "databases: {d: {permissions: {insert-row: BLOCK}}}",
    ),
    (
        "databases.d.tables.t.allow",
        "databases: {d: {tables: {t: {allow: BLOCK}}}}",
    ),
    (
        "databases.d.tables.t.permissions.x",
        "databases: {d: {tables: {t: {permissions: {x: BLOCK}}}}}",
    ),
    (
        "databases.d.queries.q.allow",
        "databases: {d: {queries: {q: {sql: select 1, allow: BLOCK}}}}",
    ),
];

fn read(text: &str) -> Result<Config, Fault> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("datasette.yaml");
    fs::write(&path, text).unwrap();
    load(Sources {
        config_file: Some(path),
        ..Sources::default()
    })
}

/// All blocks of a configuration.
fn blocks(config: &Config) -> Vec<&AllowBlock> {
    let instance = &config.instance;
    let mut found: Vec<&AllowBlock> = Vec::new();
    found.extend(&instance.allow);
    found.extend(&instance.allow_sql);
    found.extend(instance.permissions.values());
    for database in config.databases.values() {
        found.extend(&database.allow);
        found.extend(&database.allow_sql);
        found.extend(database.permissions.values());
        for table in database.tables.values() {
            found.extend(&table.allow);
            found.extend(table.permissions.values());
        }
        for query in database.queries.values() {
            found.extend(&query.allow);
            found.extend(query.permissions.values());
        }
    }
    found
}

/// What is written in place of a block, everywhere.
fn everywhere(block: &str) -> Vec<(&'static str, Result<Config, Fault>)> {
    PLACES
        .iter()
        .map(|(place, text)| (*place, read(&text.replace("BLOCK", block))))
        .collect()
}

// Proves: PERM-01, PERM-02, PERM-03
#[test]
fn words_of_yaml_are_truths() {
    for yes in [
        "true",
        "True",
        "yes",
        "on",
        "ON",
        "1",
        "!!bool yes",
        "0x1",
        "0b1",
    ] {
        for (place, config) in everywhere(yes) {
            let config = config.unwrap();
            assert_eq!(
                blocks(&config),
                [&AllowBlock::Everybody],
                "{yes} at {place}"
            );
        }
    }
    for no in ["false", "no", "off", "0", "0x0"] {
        for (place, config) in everywhere(no) {
            let config = config.unwrap();
            assert_eq!(blocks(&config), [&AllowBlock::Nobody], "{no} at {place}");
        }
    }
    for nothing in ["null", "~", ""] {
        for (place, config) in everywhere(nothing) {
            assert!(blocks(&config.unwrap()).is_empty(), "{nothing} at {place}");
        }
    }
}

// Proves: PERM-10
#[test]
fn what_is_no_block_is_refused_with_its_place() {
    for odd in [
        "\"true\"",
        "'*'",
        "root",
        "\"\"",
        "yess",
        "!!str true",
        "2",
        "-1",
        "1.0",
        "0.0",
        "1.5",
        ".inf",
        ".nan",
        "1_0",
        "2020-01-01",
        "12:30:45",
        "[]",
        "[root]",
        "[true]",
        "[{id: root}]",
        "!!binary AQID",
    ] {
        for (place, config) in everywhere(odd) {
            let message = config.expect_err(odd).message();
            let last = place.rsplit('.').next().unwrap_or(place);
            assert!(
                message.contains(last) || message.contains("binary"),
                "{odd} at {place}: {message}"
            );
        }
    }
}

// Proves: PERM-04, PERM-07, PERM-08, PERM-09
#[test]
fn odd_mappings_let_nobody_in_by_accident() {
    let strangers = [
        None,
        Some(json!({"id": "stranger"})),
        Some(json!({"id": "true", "name": "unauthenticated"})),
        Some(json!({"id": null})),
        Some(json!({"id": {}})),
    ];
    for block in [
        "{}",
        "{id: }",
        "{id: null}",
        "{id: []}",
        "{id: [null]}",
        "{id: {}}",
        "{id: {id: stranger}}",
        "{id: ['*']}",
        "{id: ' *'}",
        "{id: yes}",
        "{unauthenticated: 'true'}",
        "{unauthenticated: 1}",
        "{unauthenticated: [true]}",
        "{Unauthenticated: true}",
        "{stranger: true}",
        "{1: true, null: x, true: y}",
        "{allow: true}",
        "{'*': '*'}",
    ] {
        for (place, config) in everywhere(block) {
            let Ok(config) = config else {
                continue;
            };
            for stranger in &strangers {
                let who = stranger
                    .as_ref()
                    .and_then(Value::as_object)
                    .cloned()
                    .map(Actor::new);
                for read in blocks(&config) {
                    assert!(
                        !read.allows(who.as_ref()),
                        "{block} at {place} for {stranger:?}"
                    );
                }
            }
        }
    }
    let (_, config) = everywhere("{unauthenticated: yes}").remove(0);
    assert!(blocks(&config.unwrap())[0].allows(None));
}

// Proves: PERM-10
#[test]
fn lists_of_permissions_that_are_none_are_refused() {
    for place in [
        "permissions: BLOCK",
        "databases: {d: {permissions: BLOCK}}",
        "databases: {d: {tables: {t: {permissions: BLOCK}}}}",
        "databases: {d: {queries: {q: {sql: select 1, permissions: BLOCK}}}}",
        "databases: {d: {tables: {t: BLOCK}}}",
        "databases: {d: BLOCK}",
        "databases: BLOCK",
    ] {
        for odd in [
            "true",
            "1",
            "[view-table]",
            "\"view-table\"",
            "[{view-table: true}]",
        ] {
            let config = read(&place.replace("BLOCK", odd));
            assert!(config.is_err(), "{place} {odd}");
        }
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2i64..3).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["*", "true", "stranger", ""]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec!["id", "unauthenticated", "role", "1", ""]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..3).prop_map(|pairs| {
                let pairs = pairs.into_iter();
                Value::Object(pairs.map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Proves: PERM-10
    #[test]
    fn any_value_is_a_block_or_a_mistake(value in anything()) {
        let is_block = match &value {
            Value::Null | Value::Bool(_) | Value::Object(_) => true,
            Value::Number(number) => ["0", "1"].contains(&number.as_str()),
            _ => false,
        };
        for (place, config) in everywhere(&value.to_string()) {
            prop_assert_eq!(config.is_ok(), is_block, "{} at {}", value, place);
            let Ok(config) = config else {
                continue;
            };
            let open = value == Value::Bool(true)
                || value.as_u64() == Some(1)
                || value.get("unauthenticated") == Some(&Value::Bool(true));
            for block in blocks(&config) {
                prop_assert_eq!(block.allows(None), open, "{} at {}", value, place);
            }
        }
    }
}
