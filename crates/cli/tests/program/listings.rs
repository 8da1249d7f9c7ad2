//! What the program says about itself.

use serde_json::Value;

use crate::folder::Folder;

// Proves: CLI-01, CLI-05, CLI-06
#[test]
fn help_and_version() {
    let folder = Folder::new();
    let said = |arguments: &[&str]| {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
        ran.text()
    };
    assert_eq!(said(&["--version"]), "datasette, version 1.0a41\n");
    assert!(said(&["--help"]).contains("\nCommands:\n  serve*   "));
    assert!(
        said(&["serve", "--help"]).starts_with("Usage: datasette serve [OPTIONS] [FILES]...\n")
    );
    assert!(said(&["plugins", "--help"]).contains("--requirements"));
}

// Proves: CLI-43, SET-02
#[test]
fn settings_are_listed_whatever_else_is_asked() {
    let folder = Folder::new();
    let ran = folder.run(&["missing.db", "--help-settings"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.text().starts_with("Settings:\n  default_page_size "));
    assert_eq!(
        ran.text().matches("(default=").count(),
        datasette_config::SETTINGS.len()
    );
}

/// What the server is made of, as `--all` lists it below `datasette.`.
const BUILT_IN: [&str; 21] = [
    "actor_auth_cookie",
    "blob_renderer",
    "default_actions",
    "default_column_types",
    "default_database_actions",
    "default_debug_menu",
    "default_jump_items",
    "default_magic_parameters",
    "default_permissions",
    "default_permissions.sqlite_statistics",
    "default_permissions.tokens",
    "default_query_actions",
    "default_table_actions",
    "events",
    "facets",
    "filters",
    "forbidden",
    "handle_exception",
    "publish.cloudrun",
    "publish.heroku",
    "sql_functions",
];

// Proves: CLI-180..CLI-182, CLI-185
#[test]
fn plugins_are_listed() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["plugins"]).text(), "[]\n");
    assert_eq!(
        folder.run(&["plugins", "--requirements", "--all"]).text(),
        ""
    );
    let all = folder.run(&["plugins", "--all"]).text();
    assert!(all.starts_with("[\n    {\n        \"name\": \""), "{all}");
    let listed: Vec<Value> = serde_json::from_str(&all).unwrap();
    let names: Vec<&str> = listed
        .iter()
        .map(|plugin| plugin["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, BUILT_IN.map(|name| format!("datasette.{name}")));
    for plugin in &listed {
        let keys: Vec<&String> = plugin.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["name", "static", "templates", "version", "hooks"]);
        assert_eq!(plugin["version"], Value::Null);
    }
}

#[test]
fn shells_and_manuals_are_told_about_every_option() {
    let folder = Folder::new();
    let said = |arguments: &[&str]| {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
        ran.text()
    };
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&["completions", shell]);
        assert!(
            script.contains("load-extension") && script.contains("inspect"),
            "{shell}"
        );
    }
    let page = said(&["man"]);
    assert!(
        page.contains(".TH datasette 1") && page.contains("load\\-extension"),
        "{page}"
    );
    let page = said(&["man", "inspect"]);
    assert!(
        page.contains(".TH datasette-inspect 1") && page.contains("inspect\\-file"),
        "{page}"
    );
    let refused = folder.refused(&["completions", "nosh"], 2);
    assert!(
        refused.contains("'nosh' is not one of 'bash', "),
        "{refused}"
    );
    assert!(
        folder
            .refused(&["completions"], 2)
            .ends_with("Error: Missing argument 'SHELL'.")
    );
    assert!(
        folder
            .refused(&["man", "nosuch"], 2)
            .ends_with("'nosuch' is not a command.")
    );
}
