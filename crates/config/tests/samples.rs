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
        "Metadata is not valid JSON or YAML (tests/invalid/neither_json_nor_yaml.yaml, line 2, column 1: while parsing a flow sequence, expected ',' or ']')"
    // Proves: CONF-01
    broken_json ".json"
        "Metadata is not valid JSON or YAML (tests/invalid/broken_json.json, line 3, column 1: trailing comma)"
    // Proves: CONF-04
    top_level_list ".yaml"
        "The top level must be a mapping, not a list (tests/invalid/top_level_list.yaml)"
    two_documents ".yaml"
        "Metadata is not valid JSON or YAML (tests/invalid/two_documents.yaml, line 2, column 1: expected a single document)"
    // Proves: CONF-02
    not_plain_data ".yaml"
        "Metadata is not valid JSON or YAML (tests/invalid/not_plain_data.yaml, line 1, column 4: the tag tag:yaml.org,2002:!python/name:os.system is not plain data)"
    alias_inside_itself ".yaml"
        "Metadata is not valid JSON or YAML (tests/invalid/alias_inside_itself.yaml, line 1, column 8: an alias stands inside what it repeats)"
    // Proves: SET-04
    misspelt_setting ".yaml"
        "Invalid setting 'defualt_page_size' in config file. Did you mean 'default_page_size'? (tests/invalid/misspelt_setting.yaml, line 3)"
    // Proves: SET-07
    retired_setting ".json"
        "Invalid setting 'hash_urls' in config file (tests/invalid/retired_setting.json, line 2)"
    // Proves: SET-05
    quoted_number ".yaml"
        "Setting 'default_page_size' in config file has incorrect type. Expected int, got str. Value: '50'. Hint: In YAML/JSON config files, remove quotes from boolean and integer values. (tests/invalid/quoted_number.yaml, line 2)"
    // Proves: SET-05
    truth_for_number ".yaml"
        "Setting 'max_csv_mb' in config file has incorrect type. Expected int, got bool. Value: True. Hint: In YAML/JSON config files, remove quotes from boolean and integer values. (tests/invalid/truth_for_number.yaml, line 2)"
    // Proves: SET-05
    number_for_text ".yaml"
        "Setting 'base_url' in config file has incorrect type. Expected str, got int. Value: 5. Hint: In YAML/JSON config files, remove quotes from boolean and integer values. (tests/invalid/number_for_text.yaml, line 2)"
    databases_list ".yaml"
        "databases: expected a mapping, not a list (tests/invalid/databases_list.yaml, line 1)"
    table_text ".yaml"
        "databases.one.tables.t: expected a mapping, not text (tests/invalid/table_text.yaml, line 4)"
    // Proves: PERM-10
    allow_text ".yaml"
        "databases.one.allow: an allow block is true, false or a mapping of actor properties (tests/invalid/allow_text.yaml, line 3)"
    // Proves: PERM-10
    permission_list ".yaml"
        "permissions.view-table: an allow block is true, false or a mapping of actor properties (tests/invalid/permission_list.yaml, line 2)"
    // Proves: CONF-65
    query_without_sql ".yaml"
        "databases.one.queries.q: \"sql\" is missing; is \"sqll\" meant to be it? (tests/invalid/query_without_sql.yaml, line 4)"
    query_number ".yaml"
        "databases.one.queries.q: a query is SQL text or a mapping with \"sql\" (tests/invalid/query_number.yaml, line 4)"
    // Proves: CONF-50
    column_type_without_type ".yaml"
        "databases.one.tables.t.column_types.c: \"type\" is missing (tests/invalid/column_type_without_type.yaml, line 6)"
    sortable_columns_text ".yaml"
        "databases.one.tables.t.sortable_columns: expected a list, not text (tests/invalid/sortable_columns_text.yaml, line 5)"
    asset_without_url ".yaml"
        "extra_js_urls.0: \"url\" is missing (tests/invalid/asset_without_url.yaml, line 1)"
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
