//! Every call that writes, sent twice.

use std::sync::Arc;

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::{Value as Json, json};

use crate::{Ears, build, call, is_again, rows};

async fn site(ears: &Ears) -> TestSite {
    build()
        .plugin(Arc::new(ears.clone()))
        .config(json!({"databases": {"data": {"queries": {
            "add": {"sql": "insert into t (name) values (:name)", "write": true},
        }}}}))
        .start()
        .await
}

/// All that a call could have changed.
async fn state(site: &TestSite) -> Json {
    let tables = rows(site, "select name, sql from sqlite_master").await;
    let mut all = vec![tables.clone()];
    for table in tables.as_array().unwrap() {
        let name = table[0].as_str().unwrap();
        if !name.starts_with("sqlite_") {
            all.push(rows(site, &format!("select * from [{name}]")).await);
        }
    }
    let queries = site.get("/data/-/queries.json").await.json()["queries"].clone();
    let root = Actor::with_id("root");
    let types = site.get_as(&root, "/data.json").await.json();
    json!([all, queries, types["tables"]])
}

// Proves: WRITE-155
#[tokio::test]
async fn each_call_is_carried_out_once() {
    let ears = Ears::default();
    let site = site(&ears).await;
    let calls = [
        ("/data/t/-/insert", r#"{"row": {"name": "three"}}"#, 201, 1),
        (
            "/data/t/-/insert",
            r#"{"row": {"n": 4}, "return": true}"#,
            201,
            1,
        ),
        (
            "/data/t/-/insert?_alter=",
            r#"{"row": {"x": 4}, "alter": true}"#,
            201,
            2,
        ),
        (
            "/data/t/-/upsert",
            r#"{"rows": [{"id": 1, "n": 9}]}"#,
            200,
            1,
        ),
        (
            "/data/t/1/-/update",
            r#"{"update": {"id": 11}, "return": true}"#,
            200,
            1,
        ),
        ("/data/t/2/-/delete", "", 200, 1),
        (
            "/data/-/create",
            r#"{"table": "u", "row": {"id": 1, "w": "x"}, "pk": "id"}"#,
            201,
            2,
        ),
        (
            "/data/u/-/alter",
            r#"{"operations": [{"op": "add_column", "args": {"name": "z", "type": "text"}}]}"#,
            200,
            1,
        ),
        ("/data/u/-/drop", r#"{"confirm": true}"#, 200, 1),
        (
            "/data/t/-/set-column-type",
            r#"{"column": "name", "column_type": {"type": "url"}}"#,
            200,
            0,
        ),
        (
            "/data/-/queries/store",
            r#"{"query": {"name": "mine", "sql": "select 1"}}"#,
            201,
            0,
        ),
        (
            "/data/mine/-/update",
            r#"{"update": {"title": "Mine"}}"#,
            200,
            0,
        ),
        ("/data/mine/-/delete", "{}", 200, 0),
        ("/data/add?_json=1", r#"{"name": "by a query"}"#, 200, 0),
    ];
    for (number, (path, body, status, events)) in calls.into_iter().enumerate() {
        let key = format!("key {number}");
        let heard = ears.heard();
        let first = sent(&site, &key, path, body).await.with_status(status);
        assert!(!is_again(&first), "{path}");
        assert_eq!(ears.heard() - heard, events, "{path}");
        let after = state(&site).await;
        let again = sent(&site, &key, path, body).await.with_status(status);
        assert!(is_again(&again), "{path}");
        assert_eq!(again.text(), first.text(), "{path}");
        let content_type = again.header("content-type");
        assert_eq!(content_type, first.header("content-type"), "{path}");
        assert_eq!(state(&site).await, after, "{path}");
        assert_eq!(ears.heard() - heard, events, "{path}");
    }
}

/// Stored queries are stored where the call says that it is JSON.
async fn sent(site: &TestSite, key: &str, path: &str, body: &str) -> Answer {
    let root = Actor::with_id("root");
    let mut question = call(site, Some(&root), key, path, body);
    if path.contains("/queries/") || path.contains("/mine/") {
        question = question.header("content-type", "application/json");
    }
    site.ask(question).await
}

// Proves: WRITE-155
#[tokio::test]
async fn statements_and_streams_are_carried_out_once() {
    let ears = Ears::default();
    let site = site(&ears).await;
    let root = Actor::with_id("root");
    let calls = [
        (
            "/data/-/execute-write",
            "application/json",
            r#"{"sql": "insert into t (name) values ('s') returning id"}"#.to_owned(),
            200,
        ),
        (
            "/data/t/-/insert",
            "text/csv",
            "name,n\na,1\nb,2\n".to_owned(),
            201,
        ),
        (
            "/data/t/-/insert",
            "text/tab-separated-values",
            "name\nd\n".to_owned(),
            201,
        ),
        // Large enough to be received in a file.
        (
            "/data/t/-/upsert",
            "application/x-ndjson",
            format!("{}\n", json!({"id": 100, "name": "x".repeat(500_000)})),
            200,
        ),
    ];
    for (path, content_type, body, status) in calls {
        let ask = || call(&site, Some(&root), content_type, path, &body);
        let ask = || ask().header("content-type", content_type);
        let first = site.ask(ask()).await.with_status(status);
        let after = state(&site).await;
        let again = site.ask(ask()).await.with_status(status);
        assert!(!is_again(&first) && is_again(&again), "{path}");
        assert_eq!(again.text(), first.text());
        assert_eq!(state(&site).await, after);
    }
}

// Proves: WRITE-155
#[tokio::test]
async fn other_requests_take_no_notice() {
    let site = site(&Ears::default()).await;
    let root = Actor::with_id("root");
    let cookie = format!("ds_actor={}", site.cookie(&root));
    for _ in 0..2 {
        let read = Question::get("/data/t.json");
        let read = read.header("idempotency-key", "").header("cookie", &cookie);
        assert!(!is_again(&site.ask(read).await.with_status(200)));
        // A token is nothing to be kept.
        let form = "application/x-www-form-urlencoded";
        let made = call(&site, Some(&root), "one", "/-/create-token", "expire_type=");
        let made = site.ask(made.header("content-type", form)).await;
        assert!(!is_again(&made.with_status(200)));
        let without = Question::post("/data/t/-/insert", r#"{"row": {"n": 1}}"#);
        let answer = site.ask(without.header("cookie", &cookie)).await;
        assert!(!is_again(&answer.with_status(201)));
    }
    let count = rows(&site, "select count(*) from t").await;
    assert_eq!(count, json!([[4]]));
}
