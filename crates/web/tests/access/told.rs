//! Places that told more than the original's rules allow to view, and what they tell now: nothing
//! about what is hidden, and everything where nothing is.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::same::without_chance;

const SQL: &str = r#"
    create table docs (id integer primary key autoincrement, name text);
    insert into docs (name) values ('one'), ('two');
    create table secret (id integer primary key autoincrement, name text);
    insert into secret (name) values ('hidden'), ('row');
    create table links (id integer primary key, doc integer references docs,
        secret integer references secret);
    create virtual table docs_fts using fts5 (name, content="docs", content_rowid="id");
    analyze;
"#;

fn ann() -> Actor {
    Actor::with_id("ann")
}

fn for_ann(tables: &[&str]) -> Json {
    let tables = tables
        .iter()
        .map(|name| ((*name).to_owned(), json!({"allow": {"id": "ann"}})));
    json!({"databases": {"data": {"tables": Json::Object(tables.collect())}}})
}

async fn site(config: Json) -> TestSite {
    TestSite::build()
        .immutable("data", SQL)
        .config(config)
        .crossdb()
        .root()
        .start()
        .await
}

fn root() -> Actor {
    Actor::with_id("root")
}

// Proves: PERM-50, PERM-100
#[tokio::test]
async fn the_table_of_sequences_is_for_those_who_may_view_all_it_names() {
    let open = site(json!({})).await;
    let rows = open
        .get("/data/sqlite_sequence.json")
        .await
        .with_status(200);
    assert_eq!(rows.json()["rows"][1]["name"], "secret");
    let part = site(for_ann(&["secret"])).await;
    for path in ["/data/sqlite_sequence.json", "/data/sqlite_sequence/1.json"] {
        part.get(path).await.with_status(403);
        part.get_as(&ann(), path).await.with_status(200);
    }
    let listed = |body: &Json| {
        let tables = body["tables"].as_array().unwrap().iter();
        tables
            .filter(|table| table["name"] == "sqlite_sequence")
            .count()
    };
    assert_eq!(listed(&part.get("/data.json").await.json()), 0);
    assert_eq!(listed(&part.get_as(&ann(), "/data.json").await.json()), 1);
    // A table without a sequence does not matter.
    let other = site(for_ann(&["links"])).await;
    other
        .get("/data/sqlite_sequence.json")
        .await
        .with_status(200);
}

// Proves: DB-04, INDEX-06, PERM-102
#[tokio::test]
async fn full_text_tables_are_named_to_those_who_may_view_them() {
    let named = async |site: &TestSite, actor: Option<Actor>, path: &str, list: &str| {
        let answer = match actor {
            Some(actor) => site.get_as(&actor, path).await,
            None => site.get(path).await,
        };
        let body = answer.with_status(200).json();
        let databases = body["databases"].as_array().into_iter().flatten();
        let mut own = databases.filter(|database| database["name"] == "data");
        let at = own.next().unwrap_or(&body);
        let tables = at[list].as_array().unwrap().clone();
        tables
            .into_iter()
            .find(|table| table["name"] == "docs")
            .unwrap()["fts_table"]
            .clone()
    };
    let part = site(for_ann(&["docs_fts"])).await;
    for (path, list) in [
        ("/data.json", "tables"),
        ("/.json", "tables_and_views_truncated"),
    ] {
        assert_eq!(named(&part, None, path, list).await, Json::Null);
        assert_eq!(named(&part, Some(ann()), path, list).await, "docs_fts");
    }
}

// Proves: XDB-06, PERM-103
#[tokio::test]
async fn attached_databases_are_named_to_those_who_may_view_them() {
    let site = site(json!({"databases": {"data": {"allow": {"id": "ann"}}}})).await;
    let page = site.get("/_memory").await.with_status(200);
    assert!(!page.text().contains("data/-/query"), "{}", page.text());
    let page = site.get_as(&ann(), "/_memory").await.with_status(200);
    assert!(page.text().contains("<strong>data</strong>"));
}

// Proves: EXTRA-47, LABEL-07, PERM-104
#[tokio::test]
async fn the_key_of_a_hidden_table_is_told_by_nobody_but_the_foreign_key() {
    let path = "/data/links.json?_extra=expandable_columns";
    let keys = async |site: &TestSite| site.get(path).await.json()["expandable_columns"].clone();
    assert_eq!(
        keys(&site(json!({})).await).await,
        json!([
            [{"column": "secret", "other_table": "secret", "other_column": "id"}, "name"],
            [{"column": "doc", "other_table": "docs", "other_column": "id"}, "name"],
        ])
    );
    assert_eq!(
        keys(&site(for_ann(&["secret"])).await).await[0],
        json!([{"column": "secret", "other_table": "secret", "other_column": null}, null])
    );
}

// Proves: CONF-85, CONF-86, PERM-45, PERM-101
#[tokio::test]
async fn the_configuration_has_no_word_about_what_is_hidden() {
    let config = json!({
        "databases": {
            "data": {
                "tables": {
                    "docs": {"label_column": "name"},
                    "SECRET": {"allow": {"id": "ann"}, "label_column": "name"},
                    "not_there_yet": {"allow": {"id": "ann"}},
                },
                "queries": {
                    "open": "select 1",
                    "closed": {"sql": "select 2", "allow": {"id": "ann"}},
                },
                "allow_sql": {"id": "ann"},
            },
            "gone": {"allow": {"id": "ann"}},
            "half": {"allow": {"id": "ann"}, "tables": {"t": {"allow": true}, "u": {}}},
            "passwords": {"allow": true},
        },
        "plugins": {"p": {"api_key": "x"}},
    });
    let whole = |mut config: Json| {
        config["plugins"]["p"]["api_key"] = json!("***");
        config["databases"]["passwords"] = json!("***");
        // Names that sound secret are starred as ever.
        config["databases"]["data"]["tables"]["SECRET"] = json!("***");
        config["ok"] = json!(true);
        config
    };
    let site = site(config.clone()).await;
    let shown = async |actor: Option<&Actor>| {
        let path = "/-/config.json";
        let answer = match actor {
            Some(actor) => site.get_as(actor, path).await,
            None => site.get(path).await,
        };
        answer.with_status(200).json()
    };
    assert_eq!(shown(Some(&ann())).await, whole(config.clone()));
    assert_eq!(shown(Some(&root())).await, whole(config.clone()));
    assert_eq!(
        shown(None).await,
        json!({
            "ok": true,
            "databases": {
                "data": {
                    "tables": {"docs": {"label_column": "name"}},
                    "queries": {"open": "select 1"},
                    "allow_sql": {"id": "ann"},
                },
                "half": {"tables": {"t": {"allow": true}}},
                "passwords": "***",
            },
            "plugins": {"p": {"api_key": "***"}},
        })
    );
}

// Proves: DEBUG-50, DEBUG-51, PERM-105
#[tokio::test]
async fn tables_to_complete_are_counted_as_far_as_they_are_visible() {
    let path = "/-/debug/autocomplete";
    let open = site(json!({})).await;
    assert!(
        open.get(path)
            .await
            .text()
            .contains("<p>5 tables looked at")
    );
    let part = site(for_ann(&["secret"])).await;
    // The table of sequences is hidden with the table it tells of.
    assert!(
        part.get(path)
            .await
            .text()
            .contains("<p>3 tables looked at")
    );
    let page = part.get_as(&ann(), path).await;
    assert!(
        page.text().contains("<p>5 tables looked at"),
        "{}",
        page.text()
    );
    let closed = site(json!({"permissions": {"view-table": {"id": "ann"}}})).await;
    let told = async |database: &str| {
        let path = format!("{path}?database={database}&table=docs");
        let answer = without_chance(&closed.get(&path).await);
        (
            answer.status,
            answer.text().replace(&format!("database={database}"), ""),
        )
    };
    assert_eq!(told("data").await.0, 403);
    assert_eq!(told("data").await, told("atad").await);
    let missing = open
        .get("/-/debug/autocomplete?database=atad&table=docs")
        .await;
    assert!(
        missing
            .with_status(200)
            .text()
            .contains("Database not found.")
    );
}

// Proves: PERM-50
#[tokio::test]
async fn the_tag_of_the_index_does_not_change_with_what_is_hidden() {
    let table = "create table t (id integer primary key);";
    let site = TestSite::build()
        .database("data", table)
        .database("shut", table)
        .config(json!({"databases": {"shut": {"allow": {"id": "ann"}}}}))
        .start()
        .await;
    site.instance().registry.settled().await;
    let ask = async |tag: &str| {
        site.ask(Question::get("/.json").header("if-none-match", tag))
            .await
    };
    // A machine that is too busy to count gives no tag.
    let mut tag = None;
    while tag.is_none() {
        tag = site.get("/.json").await.header("etag").map(str::to_owned);
    }
    let tag = tag.unwrap();
    let write = |database: &str| {
        let writer = Connection::open(site.path(database)).unwrap();
        writer
            .execute_batch("insert into t default values")
            .unwrap();
    };
    write("shut");
    ask(&tag).await.with_status(304);
    write("data");
    ask(&tag).await.with_status(200);
}
