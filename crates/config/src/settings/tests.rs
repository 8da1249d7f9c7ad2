use super::*;
use serde_json::json;

// Proves: SET-01, DEBUG-04
#[test]
fn the_table_has_all_settings_in_order() {
    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(
        names,
        [
            "default_page_size",
            "max_returned_rows",
            "max_insert_rows",
            "max_post_body_bytes",
            "num_sql_threads",
            "sql_time_limit_ms",
            "default_facet_size",
            "facet_time_limit_ms",
            "facet_suggest_time_limit_ms",
            "allow_facet",
            "allow_download",
            "allow_signed_tokens",
            "default_allow_sql",
            "max_signed_tokens_ttl",
            "suggest_facets",
            "default_cache_ttl",
            "cache_size_kb",
            "allow_csv_stream",
            "max_csv_mb",
            "truncate_cells_html",
            "force_https_urls",
            "template_debug",
            "trace_debug",
            "base_url",
            // Our own.
            "table_permissions_in_sql",
            "max_streamed_rows",
            "content_security_policy",
        ]
    );
}

// Proves: SET-01
#[test]
fn defaults_are_those_of_the_table() {
    let defaults = Settings::default();
    let values: Vec<_> = SETTINGS
        .iter()
        .map(|setting| defaults.get(setting.name))
        .collect();
    assert_eq!(
        Value::Array(values),
        json!([
            100, 1000, 100, 2097152, 3, 1000, 30, 200, 50, true, true, true, true, 0, true, 5, 0,
            true, 100, 2048, false, false, false, "/", true, 0, "default"
        ])
    );
    for setting in SETTINGS {
        let (kind, value) = match setting.default {
            SettingDefault::Integer(number) => (SettingKind::Integer, json!(number)),
            SettingDefault::Boolean(truth) => (SettingKind::Boolean, json!(truth)),
            SettingDefault::Text(text) => (SettingKind::Text, json!(text)),
        };
        assert_eq!((kind, value), (setting.kind, defaults.get(setting.name)));
        assert!(!setting.help.is_empty());
    }
    assert_eq!(defaults.get("nosuch"), Value::Null);
}

// Proves: CLI-81, CLI-82, CLI-89, SET-04
#[test]
fn text_sets_a_setting_or_says_why_not() {
    let mut settings = Settings::default();
    settings.set_from_text("max_csv_mb", "7").unwrap();
    settings.set_from_text("allow_facet", "OFF").unwrap();
    settings.set_from_text("base_url", "/x/").unwrap();
    assert_eq!((settings.max_csv_mb, settings.allow_facet), (7, false));
    assert_eq!(settings.base_url, "/x/");
    let mut refused = |name, text| settings.set_from_text(name, text).unwrap_err().message();
    assert_eq!(
        refused("max_csv_mb", "-7"),
        "\"settings.max_csv_mb\" should be an integer"
    );
    assert_eq!(
        refused("max_csv_md", "7"),
        "Invalid setting 'max_csv_md' in config file. Did you mean 'max_csv_mb'?"
    );
    assert!(refused("base_url", "5").contains("Expected str, got int"));
}
