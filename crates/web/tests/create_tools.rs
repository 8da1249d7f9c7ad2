//! Who finds the way to new tables on the page of a database, and what the page tells scripts then.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use datasette_core::Actor;
use datasette_core::schema::Affinity;
use datasette_hooks::{
    ActionItem, ActionTarget, Answer as Answered, ColumnType, Context, HookName, HookSet, Plugin,
    ready,
};
use datasette_testkit::{Answer, TestSite};
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};

const SQL: &str = "create table bird (id integer primary key, name text);";

/// A type for columns of these affinities.
struct Kind(&'static str, &'static [Affinity]);

impl ColumnType for Kind {
    fn name(&self) -> &str {
        self.0
    }
    fn description(&self) -> &str {
        "Made up"
    }
    fn affinities(&self) -> &[Affinity] {
        self.1
    }
}

/// Types that suit many columns, two, one that cannot be made, and an entry of the menu.
struct Extra;

impl Plugin for Extra {
    fn name(&self) -> &str {
        "extra"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterColumnTypes, HookName::DatabaseActions])
    }
    fn register_column_types(&self, _: &Context<'_>) -> Answered<Vec<Arc<dyn ColumnType>>> {
        Ok(vec![
            Arc::new(Kind("anything", &[])),
            Arc::new(Kind("count", &[Affinity::Real, Affinity::Integer])),
            Arc::new(Kind("money", &[Affinity::Numeric])),
            Arc::new(Kind("picture", &[Affinity::Blob])),
        ])
    }
    fn database_actions<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a ActionTarget,
    ) -> BoxFuture<'a, Answered<Vec<ActionItem>>> {
        ready(vec![ActionItem::link("/extra", "Extra entry")])
    }
}

async fn site() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .immutable("fixed", SQL)
        .config(json!({
            "permissions": {"create-table": {"id": ["maker", "filler", "typer"]}},
            "databases": {"data": {
                "permissions": {
                    "insert-row": {"id": ["filler", "guest"]},
                    "set-column-type": {"id": ["typer", "guest"]},
                },
                "tables": {"bird": {"permissions": {
                    "insert-row": {"id": "maker"}, "set-column-type": {"id": "maker"},
                }}},
            }},
        }))
        .plugin(Arc::new(Extra))
        .start()
        .await
}

async fn page(site: &TestSite, actor: &str, path: &str) -> Answer {
    let answer = site.get_as(&Actor::with_id(actor), path).await;
    answer.with_status(200)
}

/// What the page tells scripts of its database.
fn database_data(page: &Answer) -> Option<Json> {
    let (_, data) = page.text().split_once("window._datasetteDatabaseData = ")?;
    let (data, _) = data.split_once(";</script>")?;
    Some(serde_json::from_str(data).unwrap())
}

const MARK: &str = "data-database-action=\"create-table\"";

// Proves: UI-01, UI-08
#[tokio::test]
async fn the_way_to_new_tables_is_for_those_who_may() {
    let site = site().await;
    for (actor, path, may) in [
        ("maker", "/data", true),
        ("maker", "/fixed", false),
        ("guest", "/data", false),
        ("nobody", "/data", false),
    ] {
        let page = page(&site, actor, path).await;
        assert_eq!(page.text().contains(MARK), may, "{actor} {path}");
        let scripts = page.text().contains("edit-tools.js");
        assert_eq!(scripts, may, "{actor} {path}");
        assert_eq!(database_data(&page).is_some(), may, "{actor} {path}");
        assert!(page.text().contains("Extra entry"), "{actor} {path}");
    }
    let page = page(&site, "maker", "/data").await;
    let at = |text: &str| page.text().find(text).unwrap();
    assert!(at(MARK) < at("Extra entry"));
    assert!(page.text().contains("aria-label=\"Create table in data\""));
    assert!(page.text().contains("Create a new table in this database."));
}

// Proves: UI-01
#[tokio::test]
async fn scripts_are_told_what_the_dialog_needs() {
    let site = site().await;
    let told = database_data(&page(&site, "maker", "/data").await).unwrap();
    let expression = |value: &str, label: &str, kind: &str| json!({"value": value, "label": label, "sqliteType": kind});
    let expected = json!({"createTable": {
        "path": "/data/-/create",
        "foreignKeyTargetsPath": "/data/-/foreign-key-targets",
        "databaseName": "data",
        "columnTypes": ["text", "integer", "float", "blob"],
        "defaultExpressions": [
            expression("current_timestamp", "Current timestamp in UTC, e.g. 2026-05-01 13:34:00", "text"),
            expression("current_date", "Current date in UTC, e.g. 2026-05-01", "text"),
            expression("current_time", "Current time in UTC, e.g. 13:34:00", "text"),
            expression("current_unixtime", "Current Unix time, integer seconds since the epoch", "integer"),
            expression("current_unixtime_ms", "Current Unix time, integer milliseconds since the epoch", "integer"),
        ],
        // What is allowed for one table says nothing about those to come.
        "canInsertRows": false,
    }});
    assert_eq!(told, expected);
    let told = database_data(&page(&site, "filler", "/data").await).unwrap();
    assert_eq!(told["createTable"]["canInsertRows"], true);
    assert!(told["createTable"].get("customColumnTypes").is_none());
}

// Proves: UI-01
#[tokio::test]
async fn custom_types_say_which_columns_they_are_for() {
    let site = site().await;
    let told = database_data(&page(&site, "typer", "/data").await).unwrap();
    let types = told["createTable"]["customColumnTypes"].as_array().unwrap();
    let names: Vec<&str> = types
        .iter()
        .map(|each| each["name"].as_str().unwrap())
        .collect();
    // A type for columns that cannot be made is not offered.
    assert_eq!(
        names,
        [
            "anything", "count", "email", "json", "picture", "textarea", "url"
        ]
    );
    assert_eq!(
        types[..2],
        [
            json!({"name": "anything", "description": "Made up", "sqliteTypes": ["text", "integer", "float", "blob"]}),
            json!({"name": "count", "description": "Made up", "sqliteTypes": ["integer", "float"]}),
        ]
    );
    assert_eq!(
        types[4],
        json!({"name": "picture", "description": "Made up", "sqliteTypes": ["blob"], "fixedSqliteType": "blob"})
    );
}
