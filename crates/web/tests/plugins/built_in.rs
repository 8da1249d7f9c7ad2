//! The server's own features behind the seam.

use std::sync::Arc;

use datasette_core::Value;
use datasette_testkit::TestSite;
use serde_json::json;

use crate::SQL;

// Proves: PLUG-27, PLUG-29, PLUG-31, PLUG-33, PLUG-37, PLUG-40, PLUG-41
#[tokio::test]
async fn default_plugins_are_listed_with_their_hooks() {
    let site = TestSite::with(SQL).await;
    assert_eq!(site.get("/-/plugins.json").await.json(), json!([]));
    let order: Vec<String> = site
        .instance()
        .bus
        .plugins()
        .iter()
        .map(|plugin| plugin.name().to_owned())
        .collect();
    let expected = [
        ("datasette.publish.heroku", vec!["publish_subcommand"]),
        ("datasette.publish.cloudrun", vec!["publish_subcommand"]),
        ("datasette.facets", vec!["register_facet_classes"]),
        ("datasette.filters", vec!["filters_from_request"]),
        ("datasette.sql_functions", vec!["prepare_connection"]),
        ("datasette.actor_auth_cookie", vec!["actor_from_request"]),
        (
            "datasette.default_permissions",
            vec!["permission_resources_sql"],
        ),
        (
            "datasette.default_permissions.tokens",
            vec!["actor_from_request", "register_token_handler"],
        ),
        (
            "datasette.default_permissions.sqlite_statistics",
            vec!["permission_resources_sql"],
        ),
        ("datasette.default_actions", vec!["register_actions"]),
        (
            "datasette.default_column_types",
            vec!["register_column_types"],
        ),
        (
            "datasette.default_magic_parameters",
            vec!["register_magic_parameters"],
        ),
        ("datasette.blob_renderer", vec!["register_output_renderer"]),
        ("datasette.default_debug_menu", vec!["jump_items_sql"]),
        ("datasette.default_jump_items", vec!["jump_items_sql"]),
        (
            "datasette.default_database_actions",
            vec!["database_actions"],
        ),
        ("datasette.default_table_actions", vec!["table_actions"]),
        ("datasette.default_query_actions", vec!["query_actions"]),
        ("datasette.handle_exception", vec!["handle_exception"]),
        ("datasette.forbidden", vec!["forbidden"]),
        ("datasette.events", vec!["register_events", "write_wrapper"]),
    ];
    let names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    assert_eq!(order, names);
    let mut listed: Vec<_> = expected
        .iter()
        .map(|(name, hooks)| {
            json!({
                "name": name,
                "static": false,
                "templates": false,
                "version": null,
                "hooks": hooks,
            })
        })
        .collect();
    listed.sort_by_key(|plugin| plugin["name"].as_str().map(str::to_owned));
    let answer = site.get("/-/plugins.json?all=1").await.json();
    assert_eq!(answer, json!(listed));
    let keys: Vec<&String> = answer[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["name", "static", "templates", "version", "hooks"]);
}

// Proves: HTML-56, HTML-59, EXTRA-23, EXTRA-25, EXTRA-31, HOOK-64, HOOK-105, HOOK-106, HOOK-107
// Proves: WRITE-123
#[tokio::test]
async fn configured_column_types_are_shown_and_told() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(
            json!({"databases": {"data": {"tables": {"t": {"column_types": {
                "name": {"type": "email", "config": {"a": 1}},
                "site": "url",
                "n": "url",
                "missing": "json",
                "id": "nonsense",
            }}}}}}),
        )
        .start()
        .await;
    let page = site.get("/data/t").await.with_status(200);
    assert!(page.text().contains("<a href=\"mailto:ann\">ann</a>"));
    assert!(
        page.text()
            .contains("<a href=\"https://a.example/\">https://a.example/</a>")
    );
    let row = site.get("/data/t/1").await.with_status(200);
    assert!(row.text().contains("<a href=\"mailto:ann\">ann</a>"));
    let json = site
        .get("/data/t.json?_size=1&_extra=column_types,render_cell,display_columns")
        .await
        .json();
    assert_eq!(
        json["column_types"],
        json!({"name": {"type": "email", "config": {"a": 1}}, "site": {"type": "url", "config": null}})
    );
    assert_eq!(
        json["render_cell"][0],
        json!({
            "name": "<a href=\"mailto:ann\">ann</a>",
            "site": "<a href=\"https://a.example/\">https://a.example/</a>",
        })
    );
    let name = &json["display_columns"][1];
    assert_eq!(
        (&name["column_type"], &name["column_type_config"]),
        (&json!("email"), &json!({"a": 1}))
    );
    let stored = site.instance().internal.column_types().await.unwrap();
    let columns: Vec<&str> = stored
        .of("data", "t")
        .iter()
        .map(|given| given.column.as_str())
        .collect();
    // What cannot have the type is not stored, what is not known is.
    assert_eq!(columns, ["id", "missing", "name", "site"]);
}

// Proves: HOOK-160
#[tokio::test]
async fn magic_parameters_are_declared() {
    let site = TestSite::with(SQL).await;
    let declared = &site.instance().declared.magic_parameters;
    let prefixes: Vec<&String> = declared.keys().collect();
    assert_eq!(prefixes, ["header", "actor", "cookie", "now", "random"]);
    let bus = Arc::clone(&site.instance().bus);
    let context = bus.context(None, None);
    let now = declared["now"]
        .resolver
        .value(&context, "epoch")
        .await
        .unwrap();
    assert!(matches!(now, Value::Integer(_)), "{now:?}");
}
