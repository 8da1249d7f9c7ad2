//! What is stored and what comes back.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use serde_json::{Value as Json, json};

use crate::{SQL, post, post_as};

async fn site() -> TestSite {
    TestSite::build().database("data", SQL).root().start().await
}

async fn rows(site: &TestSite, table: &str) -> Json {
    let root = Actor::with_id("root");
    let path = format!("/data/{table}.json?_shape=array");
    site.get_as(&root, &path).await.json()
}

// Proves: WRITE-40
#[tokio::test]
async fn rows_of_a_table_without_rowid_come_back() {
    let site = site().await;
    let body =
        json!({"rows": [{"a": "m", "b": "1"}, {"a": "c", "b": "2", "v": "w"}], "return": true});
    let answer = post(&site, "/data/pair/-/insert", &body).await;
    assert_eq!(answer.status, 201);
    let expected = json!([{"a": "c", "b": "2", "v": "w"}, {"a": "m", "b": "1", "v": "d"}]);
    assert_eq!(answer.json()["rows"], expected);
    let body = json!({"row": {"a": "x", "b": "y", "v": "new"}, "ignore": true});
    let answer = post(&site, "/data/pair/-/insert", &body).await;
    assert_eq!(
        answer.json()["rows"],
        json!([{"a": "x", "b": "y", "v": "z"}])
    );
    let body = json!({"rows": [{"a": "x", "b": "y", "v": "new"}], "return": true});
    let answer = post(&site, "/data/pair/-/upsert", &body).await;
    assert_eq!(
        answer.json()["rows"],
        json!([{"a": "x", "b": "y", "v": "new"}])
    );
    let body = json!({"update": {"b": "Y"}, "return": true});
    let answer = post(&site, "/data/pair/x,y/-/update", &body).await;
    assert_eq!(
        answer.json()["rows"],
        json!([{"a": "x", "b": "Y", "v": "new"}])
    );
}

// Proves: WRITE-46, WRITE-47, WRITE-49
#[tokio::test]
async fn upsert_leaves_alone_what_a_row_does_not_name() {
    let site = site().await;
    let body = json!({"rows": [{"id": 1, "name": "changed"}, {"id": 2, "n": 5}, {"id": 3, "name": "new"}]});
    let answer = post(&site, "/data/t/-/upsert", &body).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})));
    let expected = json!([
        {"id": 1, "name": "changed", "n": 1},
        {"id": 2, "name": "two", "n": 5},
        {"id": 3, "name": "new", "n": 7},
    ]);
    assert_eq!(rows(&site, "t").await, expected);
    let answer = post(
        &site,
        "/data/t/-/upsert",
        &json!({"rows": [], "return": true}),
    )
    .await;
    assert_eq!(answer.json(), json!({"ok": true, "rows": []}));
    assert_eq!(answer.status, 200);
}

// Proves: WRITE-60
#[tokio::test]
async fn a_row_comes_back_under_its_new_key() {
    let site = site().await;
    for (path, update, row) in [
        (
            "/data/t/1",
            json!({"id": 9}),
            json!({"id": 9, "name": "one", "n": 1}),
        ),
        (
            "/data/t/2",
            json!({"ID": "8"}),
            json!({"id": 8, "name": "two", "n": 2}),
        ),
        (
            "/data/plain/1",
            json!({"rowid": 5}),
            json!({"rowid": 5, "v": "p"}),
        ),
    ] {
        let body = json!({"update": update, "return": true});
        let answer = post(&site, &format!("{path}/-/update"), &body).await;
        assert_eq!(answer.json(), json!({"ok": true, "rows": [row]}), "{path}");
        assert_eq!(answer.status, 200);
    }
}

// Proves: WRITE-20, WRITE-61
#[tokio::test]
async fn who_may_not_view_the_table_is_told_no_values() {
    let writer = json!({"id": "writer"});
    let table = json!({
        "allow": false,
        "permissions": {"insert-row": writer, "update-row": writer, "delete-row": writer},
    });
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"tables": {"t": table}}}}))
        .start()
        .await;
    let writer = Actor::with_id("writer");
    for (path, body) in [
        ("t/-/insert", json!({"row": {"name": "secret"}})),
        (
            "t/-/insert",
            json!({"rows": [{"id": 1}], "ignore": true, "return": true}),
        ),
        (
            "t/-/upsert",
            json!({"rows": [{"id": 1, "n": 3}], "return": true}),
        ),
        (
            "t/1/-/update?_message=1",
            json!({"update": {"n": 4}, "return": true}),
        ),
        ("t/2/-/delete", json!({})),
    ] {
        let answer = post_as(&site, &writer, &format!("/data/{path}"), &body).await;
        assert_eq!(answer.json(), json!({"ok": true}), "{path}");
        let told = format!("{:?}{}", answer.headers, answer.text());
        assert!(!told.contains("one"), "{path}: {told}");
    }
}

// Proves: WRITE-08, WRITE-15
#[tokio::test]
async fn what_fails_leaves_nothing_behind() {
    let site = site().await;
    let before = rows(&site, "t").await;
    for body in [
        json!({"rows": [{"id": 50}, {"id": 1}]}),
        json!({"rows": [{"id": 50}, {"id": 51, "extra": {}}, {"id": 1}], "alter": true}),
        json!({"rows": [{"id": 50}, {"id": u64::MAX}]}),
        json!({"rows": [{"id": 50}, {"id": "no number"}]}),
    ] {
        let answer = post(&site, "/data/t/-/insert", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(rows(&site, "t").await, before, "{body}");
    }
}

// Proves: WRITE-29, WRITE-30
#[tokio::test]
async fn added_columns_are_there_for_the_next_request() {
    let site = site().await;
    let body = json!({"row": {"id": 7, "size": 1.5, "NAME": "seven"}, "alter": true});
    let answer = post(&site, "/data/t/-/insert", &body).await;
    let row = json!({"id": 7, "name": "seven", "n": 7, "size": 1.5});
    assert_eq!(answer.json()["rows"], json!([row]));
    let body = json!({"update": {"size": 2, "more": [1]}, "alter": true, "return": true});
    let answer = post(&site, "/data/t/7/-/update", &body).await;
    assert_eq!(answer.json()["rows"][0]["more"], "[1]");
    let body = json!({"rows": [{"more": "m"}]});
    assert_eq!(post(&site, "/data/t/-/insert", &body).await.status, 201);
}
