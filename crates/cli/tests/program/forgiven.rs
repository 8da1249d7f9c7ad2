//! Configuration that the original fails on, or reads as something else, and that means something.

use serde_json::json;

use crate::folder::Folder;

// Proves: CONF-07, SET-06, DEF-04
#[test]
fn what_is_left_empty_is_empty() {
    let folder = Folder::new();
    for (option, text) in [
        ("-c", "settings:\n"),
        ("-c", "settings: {default_page_size: null, base_url:}\n"),
        ("-c", "databases:\n"),
        ("-c", "databases:\n  one:\n"),
        ("-c", "databases:\n  one:\n    tables:\n    queries:\n"),
        (
            "-c",
            "databases:\n  one:\n    tables:\n      t:\nplugins:\npermissions:\nextra_css_urls:\n",
        ),
        ("-m", "databases:\n"),
        ("-m", "databases:\n  one:\n"),
        ("-m", "databases:\n  one:\n    tables:\n"),
        ("-m", "databases:\n  one:\n    tables:\n      t:\n"),
    ] {
        folder.write("empty.yaml", text);
        let asked = ["one.db", option, "empty.yaml"];
        let settings = folder.json(&asked, "/-/settings.json");
        assert_eq!(settings["default_page_size"], 100, "{text}");
        let rows = folder.json(&asked, "/one/t.json?_shape=arrays");
        assert_eq!(rows["rows"], json!([[1, "a"], [2, "b"]]), "{text}");
        assert_eq!(folder.run(&[&asked[..], &["--get", "/"]].concat()).err, "");
    }
}

// Proves: CONF-08, DEF-04
#[test]
fn numbers_are_names() {
    let folder = Folder::new();
    drop(folder.database(
        "2020.db",
        "create table \"1999\" (\"7\" text); insert into \"1999\" values ('x'), ('y');",
    ));
    folder.write(
        "c.yaml",
        "databases:\n  2020:\n    tables:\n      1999: {size: 1, facets: [7]}\n    \
         queries: {2021: select 5 as five}\n",
    );
    let asked = ["2020.db", "-c", "c.yaml"];
    let page = folder.json(&asked, "/2020/1999.json?_extra=facet_results");
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
    assert_eq!(page["facet_results"]["results"]["7"]["name"], "7");
    let query = folder.json(&asked, "/2020/2021.json");
    assert_eq!(query["rows"], json!([{"five": 5}]));
}

// Proves: CONF-100, DEF-06
#[test]
fn rules_of_a_query_that_is_none() {
    let folder = Folder::new();
    folder.write(
        "m.yaml",
        "databases: {one: {queries: {q: {allow: {id: root}}, r: {allow: {id: root}}}}}",
    );
    folder.write("c.yaml", "databases: {one: {queries: {r: select 1}}}");
    let asked = ["one.db", "-c", "c.yaml", "-m", "m.yaml"];
    let code = |arguments: &[&str], path: &str| {
        let ran = folder.run(&[&asked[..], arguments, &["--get", path]].concat());
        (ran.code, ran.err)
    };
    let nothing = String::new();
    assert_eq!(code(&[], "/one/q.json"), (Some(1), nothing.clone()));
    assert_eq!(code(&[], "/one/r.json"), (Some(1), nothing.clone()));
    let root = ["--actor", "{\"id\": \"root\"}"];
    assert_eq!(code(&root, "/one/r.json"), (Some(0), nothing));
}

// Proves: CONF-89, META-06, DEF-08
#[test]
fn dates_and_descriptions_of_any_form_are_shown() {
    let folder = Folder::new();
    folder.write(
        "c.yaml",
        "since: 2026-11-22\nplugins: {p: {at: 2026-11-22 10:30:00}}\n",
    );
    folder.write(
        "m.yaml",
        "databases: {one: {tables: {t: {columns: {id: {unit: m}, name: 2026-11-22}}}}}",
    );
    let asked = ["one.db", "-c", "c.yaml", "-m", "m.yaml"];
    let config = folder.json(&asked, "/-/config.json");
    assert_eq!(config["since"], "2026-11-22");
    assert_eq!(config["plugins"]["p"]["at"], "2026-11-22 10:30:00");
    let page = folder.json(&asked, "/one/t.json?_extra=metadata");
    assert_eq!(
        page["metadata"]["columns"],
        json!({"id": "{\"unit\": \"m\"}", "name": "2026-11-22"})
    );
    assert_eq!(
        folder
            .run(&[&asked[..], &["--get", "/one/t"]].concat())
            .code,
        Some(0)
    );
}

// Proves: CONF-47, CONF-48, CONF-49
#[test]
fn types_that_do_not_fit_their_columns() {
    let folder = Folder::new();
    folder.write(
        "c.yaml",
        "databases:\n  one:\n    tables:\n      t:\n        column_types:\n          id: url\n          \
         name: bogus\n          missing: url\n",
    );
    let asked = ["one.db", "-c", "c.yaml", "--internal", "kept.db"];
    let ran = folder.run(&[&asked[..], &["--get", "/one/t.json?_extra=column_types"]].concat());
    assert_eq!(ran.code, Some(0));
    let told: Vec<&str> = ran
        .err
        .lines()
        .map(|line| line.split_once("column_types: ").unwrap().1)
        .collect();
    assert_eq!(
        told,
        [
            "Column type 'url' is only applicable to SQLite types TEXT but one.t.id has SQLite type INTEGER (c.yaml:6)",
            "column_types config references unknown type 'bogus' for one.t.name (c.yaml:7)",
        ]
    );
    let page: serde_json::Value = serde_json::from_slice(&ran.out).unwrap();
    assert_eq!(page["column_types"], json!({}));
    let kept = rusqlite::Connection::open(folder.path("kept.db")).unwrap();
    let stored: String = kept
        .query_row(
            "select group_concat(column_name || '=' || column_type order by column_name) from column_types",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(stored, "missing=url,name=bogus");
}
