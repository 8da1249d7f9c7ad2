//! What the operator is told about a mistake: which file and line or which argument, which key,
//! and what was perhaps meant.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used)]

use std::fs;

use datasette_config::{Config, Sources, load};

/// Loads texts as files beside each other, and arguments; what is told names files without their
/// folder.
fn told(config: &str, metadata: &str, settings: &[(&str, &str)]) -> Result<Config, String> {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        Some(path)
    };
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let folder = format!("{}/", directory.path().display());
    let loaded = load(Sources {
        config_file: file("datasette.yaml", config),
        metadata_file: file("metadata.yaml", metadata),
        settings: settings.iter().map(owned).collect(),
        config_dir: None,
    });
    match loaded {
        Ok(mut config) => {
            for line in &mut config.warnings {
                *line = line.replace(&folder, "");
            }
            Ok(config)
        }
        Err(fault) => Err(fault.message().replace(&folder, "")),
    }
}

fn refusal(config: &str, metadata: &str, settings: &[(&str, &str)]) -> String {
    told(config, metadata, settings).unwrap_err()
}

fn warnings(config: &str, metadata: &str, settings: &[(&str, &str)]) -> Vec<String> {
    told(config, metadata, settings).unwrap().warnings
}

#[test]
fn a_wrong_type_names_file_line_and_key() {
    let table =
        |options: &str| format!("databases:\n  one:\n    tables:\n      t:\n        {options}\n");
    let at = "databases.one.tables.t";
    for (options, words) in [
        ("facets: state", "facets must be a list, not text"),
        (
            "facets: [[a]]",
            "facets.0 must be a column or a mapping, not a list",
        ),
        ("sort: [a]", "sort must be text, not a list"),
        (
            "column_types: [a]",
            "column_types must be a mapping, not a list",
        ),
        (
            "column_types: {c: 5}",
            "column_types.c must be a name of a type or a mapping with \"type\", not a number",
        ),
        (
            "column_types: {c: {type: url, config: 5}}",
            "column_types.c.config must be a mapping, not a number",
        ),
        (
            "allow: yes please",
            "allow must be true, false or a mapping of actor properties, not text",
        ),
        (
            "permissions: {insert-row: [a]}",
            "permissions.insert-row must be true, false or a mapping of actor properties, not a list",
        ),
        ("plugins: x", "plugins must be a mapping, not text"),
    ] {
        assert_eq!(
            refusal(&table(options), "", &[]),
            format!("datasette.yaml:5: {at}.{words}"),
            "{options}"
        );
    }
}

#[test]
fn what_moved_from_metadata_is_blamed_on_the_metadata() {
    let metadata = "title: T\ndatabases:\n  one:\n    tables:\n      t:\n        facets: a\n";
    let config = "databases:\n  one:\n    tables:\n      t:\n        facets: [a]\n";
    assert_eq!(
        refusal(config, metadata, &[("databases.one.tables.t.facets", "[]")]),
        "metadata.yaml:6: databases.one.tables.t.facets must be a list, not text"
    );
    assert_eq!(
        refusal(
            "databases: {one: [1]}",
            "databases: {one: {title: T, allow: true}}",
            &[]
        ),
        "datasette.yaml:1: databases.one must be a mapping, not a list"
    );
}

#[test]
fn an_argument_is_named_instead_of_the_file() {
    let config = "databases:\n  one:\n    queries:\n      q: select 1\n";
    assert_eq!(
        refusal(config, "", &[("databases.one.tables.t.facets", "a")]),
        "-s databases.one.tables.t.facets: databases.one.tables.t.facets must be a list, not text"
    );
    assert_eq!(
        refusal(
            config,
            "",
            &[("databases.two", "{\"tables\": {\"t\": 5}}"), ("x", "1")]
        ),
        "-s databases.two: databases.two.tables.t must be a mapping, not a number"
    );
    // Only the argument has that query, but not its SQL.
    assert_eq!(
        refusal(config, "", &[("databases.one.queries.r.title", "R")]),
        "-s databases.one.queries.r.title: databases.one.queries.r: \"sql\" is missing"
    );
    assert_eq!(
        refusal(
            "settings: {max_csv_mb: x}",
            "",
            &[("max_returned_rows", "5")]
        ),
        "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got str. \
         Value: 'x'. Hint: In YAML/JSON config files, remove quotes from boolean and integer \
         values. (datasette.yaml:1)"
    );
    assert_eq!(
        refusal("", "", &[("settings.max_cvs_mb", "5")]),
        "Invalid setting 'max_cvs_mb' in config file. Did you mean 'max_csv_mb'? \
         (-s settings.max_cvs_mb)"
    );
}

// Proves: CONF-05
#[test]
fn a_slip_is_a_warning_with_its_place() {
    let config = "alow: {id: root}\nmax_returned_rows: 5\npermissions:\n  view-tabel: true\n\
                  databases:\n  one:\n    table: {}\n    tables:\n      t:\n        sortdesc: a\n        \
                  column_types:\n          c: {type: url, confg: {}}\n    queries:\n      q:\n        \
                  sql: select 1\n        parms: []\nextra_js_urls:\n- {url: x, modul: true}\n";
    let words = "is not known and does nothing. Did you mean";
    let mut found = warnings(config, "", &[]);
    found.sort_by_key(|line| line.split(':').nth(1).unwrap().parse::<u32>().unwrap());
    assert_eq!(
        found,
        [
            format!("datasette.yaml:1: alow {words} \"allow\"?"),
            format!("datasette.yaml:2: max_returned_rows {words} \"settings.max_returned_rows\"?"),
            format!("datasette.yaml:4: permissions.view-tabel {words} \"view-table\"?"),
            format!("datasette.yaml:7: databases.one.table {words} \"tables\"?"),
            format!("datasette.yaml:10: databases.one.tables.t.sortdesc {words} \"sort_desc\"?"),
            format!(
                "datasette.yaml:12: databases.one.tables.t.column_types.c.confg {words} \"config\"?"
            ),
            format!("datasette.yaml:16: databases.one.queries.q.parms {words} \"params\"?"),
            format!("datasette.yaml:18: extra_js_urls.0.modul {words} \"module\"?"),
        ]
    );
    // The slip is kept, as the original keeps it.
    assert_eq!(told(config, "", &[]).unwrap().raw["alow"]["id"], "root");
    assert_eq!(
        warnings(
            "",
            "",
            &[("databases.one.alow_sql", "0"), ("defualt_page_size", "5")]
        ),
        [
            format!(
                "-s defualt_page_size: defualt_page_size {words} \"settings.default_page_size\"?"
            ),
            format!("-s databases.one.alow_sql: databases.one.alow_sql {words} \"allow_sql\"?"),
        ]
    );
    let metadata = "titel: T\ndatabases:\n  one:\n    licence_url: L\n    tables:\n      t:\n        \
                    colums: {}\n        sort-desc: a\n";
    assert_eq!(
        warnings("", metadata, &[]),
        [
            format!("metadata.yaml:1: titel {words} \"title\"?"),
            format!("metadata.yaml:4: databases.one.licence_url {words} \"license_url\"?"),
            format!("metadata.yaml:7: databases.one.tables.t.colums {words} \"columns\"?"),
            format!("metadata.yaml:8: databases.one.tables.t.sort-desc {words} \"sort_desc\"?"),
        ]
    );
}

// Proves: CONF-31, CONF-32, CONF-36
#[test]
fn options_that_fail_every_page_are_told_at_the_start() {
    let config = "databases:\n  one:\n    tables:\n      t:\n        sort: a\n        sort_desc: b\n        \
                  size: many\n        facet_size: -1\n        facets:\n        - a\n        - {date: a, array: b}\n      \
                  u: {sort: '', sort_desc: a, size: max, facet_size: '5', facets: [{date: a}]}\n";
    let at = |line: u8, words: &str| {
        format!("datasette.yaml:{line}: databases.one.tables.t.{words}, or pages of the table fail")
    };
    assert_eq!(
        warnings(config, "", &[]),
        [
            at(6, "sort_desc must not stand beside \"sort\""),
            at(7, "size must be a whole number or \"max\""),
            at(8, "facet_size must be a whole number or \"max\""),
            at(11, "facets.1 must have one key, as in {date: COLUMN}"),
        ]
    );
}

// Proves: CONF-05
#[test]
fn keys_of_the_owner_are_nobody_s_business() {
    let config = "title: T\ndepartment: Parks\nunits: {}\nplugins: {p: {alow: 1, settigns: 2}}\n\
                  permissions: {launch-rocket: true}\nallow: {alow: x, ids: [1]}\n\
                  databases:\n  alow: {}\n  one:\n    owner: me\n    tables:\n      facet: {}\n      \
                  t:\n        colour: red\n        plugins: {p: {sortdesc: 1}}\n        \
                  column_types: {confg: {type: p, config: {typ: 1}}}\n    queries: {sqll: select 1}\n";
    let metadata = "sources: [a, b]\ncontact: me\ntags: [x]\ntitle: T\nqueries: {}\n\
                    databases:\n  one:\n    abouts: x\n    tables:\n      t:\n        \
                    columns: {titel: x}\n        units: {}\n        plugins: {p: {alow: 1}}\n";
    assert_eq!(
        warnings(config, metadata, &[("plugins.x.alow", "1")]),
        [""; 0]
    );
}
