//! The test world itself.

use datasette_core::{Actor, identifier, tilde};
use datasette_testkit::{TestSite, hostile};
use serde_json::json;

#[tokio::test]
async fn a_site_answers_without_a_socket() {
    let site =
        TestSite::with("create table t (id integer primary key); insert into t values (7)").await;
    let answer = site.get("/data/t.json?_shape=array").await.with_status(200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(answer.json(), json!([{"id": 7}]));
    assert_eq!(site.get("/data/nosuch.json").await.status, 404);
}

#[tokio::test]
async fn who_asks_matters() {
    let site = TestSite::build()
        .database("data", "create table t (id integer primary key)")
        .config(json!({"allow": {"id": "friend"}}))
        .start()
        .await;
    assert_eq!(site.get("/data/t.json").await.status, 403);
    let friend = Actor::with_id("friend");
    assert_eq!(site.get_as(&friend, "/data/t.json").await.status, 200);
}

#[tokio::test]
async fn the_fixtures_can_be_read() {
    let site = TestSite::fixtures().await;
    for database in ["fixtures", "hostile"] {
        let page = site
            .get(&format!("/{database}.json"))
            .await
            .with_status(200)
            .json();
        assert!(
            page["tables"]
                .as_array()
                .is_some_and(|tables| tables.len() > 10),
            "{database}"
        );
    }
}

// Proves: ROUTE-27
#[tokio::test]
async fn a_table_of_any_name_has_its_page() {
    let mut sql = String::new();
    for name in hostile::NAMES {
        let quoted = identifier::quote(name);
        sql.push_str(&format!(
            "create table {quoted} ({quoted} text); insert into {quoted} values (1);"
        ));
    }
    let site = TestSite::with(&sql).await;
    for name in hostile::NAMES {
        let path = format!("/data/{}.json?_shape=array", tilde::encode(name));
        let rows = site.get(&path).await.with_status(200).json();
        assert_eq!(rows[0][name], json!("1"), "{name:?}");
    }
}
