//! Sample files: each valid one is compared with what it was understood as, each invalid one with
//! what the user is told. `UPDATE_GOLDEN=1` rewrites the former.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use datasette_config::{Config, SETTINGS, Settings, Sources, load};

fn sources(file: &str) -> Sources {
    Sources {
        config_file: Some(PathBuf::from(file)),
        ..Sources::default()
    }
}

fn describe(config: &Config) -> String {
    let mut text = String::new();
    let defaults = Settings::default();
    for setting in SETTINGS {
        let value = config.settings.get(setting.name);
        if value != defaults.get(setting.name) {
            writeln!(text, "setting {} = {value}", setting.name).unwrap();
        }
    }
    writeln!(text, "instance = {:#?}", config.instance).unwrap();
    writeln!(text, "databases = {:#?}", config.databases).unwrap();
    writeln!(text, "raw = {:#}", config.raw).unwrap();
    text
}

macro_rules! valid {
    ($($name:ident $extension:literal)*) => {
        mod valid {
            $(#[test] fn $name() {
                let file = concat!("tests/valid/", stringify!($name), $extension);
                let config = super::load(super::sources(file)).unwrap();
                super::compare(&super::describe(&config), &file.replace($extension, ".golden"));
            })*
        }
        const VALID: &[&str] = &[$(concat!(stringify!($name), $extension)),*];
    };
}

fn compare(found: &str, golden: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, found).unwrap();
    }
    let expected = std::fs::read_to_string(golden).unwrap();
    assert_eq!(found, expected, "differs from {golden}");
}

macro_rules! invalid {
    ($($name:ident $extension:literal $message:literal)*) => {
        mod invalid {
            $(#[test] fn $name() {
                let file = concat!("tests/invalid/", stringify!($name), $extension);
                let fault = super::load(super::sources(file)).unwrap_err();
                assert_eq!(fault.message(), $message);
            })*
        }
        const INVALID: &[&str] = &[$(concat!(stringify!($name), $extension)),*];
    };
}

valid! {
    // Proves: CONF-03
    empty ".yaml"
    // Proves: CONF-03
    only_null_settings ".yaml"
    // Proves: CONF-02
    types ".yaml"
    // Proves: CONF-02
    anchors ".yaml"
    // Proves: CONF-02
    byte_order_mark ".yaml"
    // Proves: SET-06, SET-08
    settings ".json"
    // Proves: CONF-01, CONF-05
    json_named_yaml ".yaml"
    // Proves: CONF-05, CONF-06, CONF-07, CONF-08, CONFIG-09
    table_options ".yaml"
    // Proves: PERM-02, PERM-03
    access ".yaml"
    // Proves: CONF-65, CONF-66, PERM-41, CONFIG-19
    queries ".yaml"
    // Proves: CONF-75
    assets ".yaml"
}

invalid! {
    // Proves: CONF-01
    neither_json_nor_yaml ".yaml"
        "tests/invalid/neither_json_nor_yaml.yaml:1:20: Metadata is not valid JSON or YAML: while parsing a flow sequence, expected ',' or ']'; a bracket or brace above is never closed"
    // Proves: CONF-01
    broken_json ".json"
        "tests/invalid/broken_json.json:3:1: Metadata is not valid JSON or YAML: trailing comma"
    // Proves: CONF-04
    top_level_list ".yaml"
        "tests/invalid/top_level_list.yaml: The top level must be a mapping, not a list"
    two_documents ".yaml"
        "tests/invalid/two_documents.yaml:2:1: Metadata is not valid JSON or YAML: expected a single document"
    // Proves: CONF-02
    not_plain_data ".yaml"
        "tests/invalid/not_plain_data.yaml:1:4: Metadata is not valid JSON or YAML: the tag tag:yaml.org,2002:!python/name:os.system is not plain data"
    alias_inside_itself ".yaml"
        "tests/invalid/alias_inside_itself.yaml:1:8: Metadata is not valid JSON or YAML: an alias stands inside what it repeats"
    // Proves: SET-04
    misspelt_setting ".yaml"
        "Invalid setting 'defualt_page_size' in config file. Did you mean 'default_page_size'? (tests/invalid/misspelt_setting.yaml:3)"
    // Proves: SET-07
    retired_setting ".json"
        "Invalid setting 'hash_urls' in config file (tests/invalid/retired_setting.json:2)"
    // Proves: SET-05
    quoted_number ".yaml"
        "Setting 'default_page_size' in config file has incorrect type. Expected int, got str. Value: '50'. Hint: In YAML/JSON config files, remove quotes from boolean and integer values. (tests/invalid/quoted_number.yaml:2)"
    // Proves: SET-05
    truth_for_number ".yaml"
        "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got bool. Value: True. Hint: In YAML/JSON config files, remove quotes from boolean and integer values. (tests/invalid/truth_for_number.yaml:2)"
    // Proves: SET-05
    number_for_text ".yaml"
        "Setting 'base_url' in config file has incorrect type. Expected str, got int. Value: 5. Hint: In YAML/JSON config files, remove quotes from boolean and integer values. (tests/invalid/number_for_text.yaml:2)"
    databases_list ".yaml"
        "tests/invalid/databases_list.yaml:1: databases must be a mapping, not a list"
    table_text ".yaml"
        "tests/invalid/table_text.yaml:4: databases.one.tables.t must be a mapping, not text"
    // Proves: PERM-10
    allow_text ".yaml"
        "tests/invalid/allow_text.yaml:3: databases.one.allow must be true, false or a mapping of actor properties, not text"
    // Proves: PERM-10
    permission_list ".yaml"
        "tests/invalid/permission_list.yaml:2: permissions.view-table must be true, false or a mapping of actor properties, not a list"
    // Proves: CONF-65
    query_without_sql ".yaml"
        "tests/invalid/query_without_sql.yaml:4: databases.one.queries.q: \"sql\" is missing; is \"sqll\" meant to be it?"
    query_number ".yaml"
        "tests/invalid/query_number.yaml:4: databases.one.queries.q must be SQL text or a mapping with \"sql\", not a number"
    // Proves: CONF-50
    column_type_without_type ".yaml"
        "tests/invalid/column_type_without_type.yaml:6: databases.one.tables.t.column_types.c: \"type\" is missing"
    sortable_columns_text ".yaml"
        "tests/invalid/sortable_columns_text.yaml:5: databases.one.tables.t.sortable_columns must be a list, not text"
    asset_without_url ".yaml"
        "tests/invalid/asset_without_url.yaml:2: extra_js_urls.0: \"url\" is missing"
}

fn files(folder: &str) -> BTreeSet<String> {
    std::fs::read_dir(Path::new("tests").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".golden"))
        .collect()
}

#[test]
fn every_sample_has_its_test() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(files("valid"), names(VALID));
    assert_eq!(files("invalid"), names(INVALID));
}
