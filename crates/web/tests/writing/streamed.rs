//! Rows as lines of text.

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::{Value as Json, json};

use crate::SQL;

async fn site(most: &str) -> TestSite {
    let types = json!({"column_types": {"v": "email"}});
    TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"tables": {"plain": types}}}}))
        .setting("max_streamed_rows", most)
        .setting("max_post_body_bytes", "2000")
        .root()
        .start()
        .await
}

async fn send(site: &TestSite, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    let cookie = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
    let question = Question::post(path, body.into()).header("cookie", &cookie);
    site.ask(question.header("content-type", kind)).await
}

async fn rows(site: &TestSite, table: &str) -> Json {
    let path = format!("/data/{table}.json?_shape=array&_size=max");
    site.get(&path).await.json()
}

const NDJSON: &str = "application/x-ndjson";

// Proves: WRITE-153
#[tokio::test]
async fn every_format_brings_rows() {
    let site = site("1000").await;
    for (kind, body, count) in [
        (
            NDJSON,
            "{\"id\": 10, \"name\": \"a\"}\n\n{\"n\": null}\r\n{\"name\": {\"$raw\": [1]}}",
            3,
        ),
        (
            "text/csv; charset=utf-8",
            "\u{feff}name,n\n\"x, \"\"y\"\"\nz\",\nq,5\n",
            2,
        ),
        ("text/tab-separated-values", "id\tname\tn\n50\t\t\n", 1),
        ("TEXT/CSV", "id,name,n\n", 0),
    ] {
        let answer = send(&site, "/data/t/-/insert", kind, body).await;
        assert_eq!(
            answer.json(),
            json!({"ok": true, "row_count": count}),
            "{kind}"
        );
        assert_eq!(answer.status, 201);
    }
    let stored = rows(&site, "t").await;
    let expected = json!([
        {"id": 10, "name": "a", "n": 7},
        {"id": 11, "name": null, "n": null},
        {"id": 12, "name": "[1]", "n": 7},
        {"id": 13, "name": "x, \"y\"\nz", "n": null},
        {"id": 14, "name": "q", "n": 5},
        {"id": 50, "name": "", "n": null},
    ]);
    assert_eq!(
        Json::from(stored.as_array().unwrap()[2..].to_vec()),
        expected
    );
}

// Proves: WRITE-153, WRITE-154
#[tokio::test]
async fn options_stand_in_the_query_string() {
    let site = site("1000").await;
    let csv = "id,name,size\n1,changed,2.5\n3,new,1\n";
    let post = |path: &'static str| send(&site, path, "text/csv", csv);
    let refused = post("/data/t/-/insert").await;
    assert_eq!(refused.json()["error"], "Line 2 has invalid columns: size");
    let refused = post("/data/t/-/insert?_alter=1").await;
    assert_eq!(
        refused.json()["error"],
        "Line 2: UNIQUE constraint failed: t.id"
    );
    let refused = post("/data/t/-/upsert?_alter=1&_ignore=1").await;
    assert_eq!(
        refused.json()["error"],
        "Upsert does not support ignore or replace"
    );
    assert_eq!(
        rows(&site, "t").await[0],
        json!({"id": 1, "name": "one", "n": 1})
    );
    assert_eq!(
        post("/data/t/-/insert?_alter=1&_ignore=1").await.status,
        201
    );
    let expected = json!([
        {"id": 1, "name": "one", "n": 1, "size": null},
        {"id": 2, "name": "two", "n": 2, "size": null},
        {"id": 3, "name": "new", "n": 7, "size": "1"},
    ]);
    assert_eq!(rows(&site, "t").await, expected);
    assert_eq!(post("/data/t/-/upsert").await.status, 200);
    assert_eq!(rows(&site, "t").await[0]["name"], "changed");
    assert_eq!(rows(&site, "t").await[0]["n"], 1);
}

// Proves: WRITE-153, WRITE-154
#[tokio::test]
async fn a_mistake_names_its_line_and_leaves_nothing() {
    let site = site("5").await;
    let (t, plain) = (rows(&site, "t").await, rows(&site, "plain").await);
    let long = format!("{{\"name\": \"{}\"}}", "x".repeat(2000));
    let many = "{\"n\": 1}\n".repeat(6);
    let endless = "a".repeat(3000);
    for (path, kind, body, words) in [
        (
            "t/-/insert",
            NDJSON,
            "{\"n\": 1}\n{\"n\": }",
            "Line 2: Expecting value: line 1 column 7 (char 6)",
        ),
        (
            "t/-/insert",
            NDJSON,
            "{\"n\": 1}\n[1]\n",
            "Line 2: a row must be a JSON object",
        ),
        (
            "t/-/insert",
            NDJSON,
            "{\"n\": 1}\n{\"m\": 1, \"k\": 2}",
            "Line 2 has invalid columns: k, m",
        ),
        (
            "t/-/insert",
            NDJSON,
            "{\"n\": 1}\n{\"n\": 9223372036854775808}",
            "Line 2: Integer too large to be stored: 9223372036854775808",
        ),
        (
            "t/-/upsert",
            NDJSON,
            "{\"id\": 1}\n{\"n\": 1}",
            "Line 2 is missing primary key column(s): \"id\"",
        ),
        (
            "t/-/upsert",
            NDJSON,
            "{\"id\": 1}\n{\"id\": null}",
            "Line 2 has null primary key column(s): \"id\"",
        ),
        (
            "t/-/insert",
            "text/csv",
            "",
            "There is no line of column names",
        ),
        (
            "t/-/insert",
            "text/csv",
            "n,n\n1,2\n",
            "Duplicate column: n",
        ),
        (
            "t/-/insert",
            "text/csv",
            "id,n\n50,1\n51\n",
            "Line 3 has 1 values, but 2 columns are named",
        ),
        (
            "plain/-/insert",
            "text/csv",
            "v\na@b.c\nnone\n",
            "v: Invalid email address",
        ),
        (
            "t/-/insert",
            NDJSON,
            &many,
            "Too many rows, maximum allowed is 5",
        ),
        (
            "t/-/insert",
            NDJSON,
            &long,
            "A row exceeded maximum size of 2000 bytes",
        ),
        (
            "t/-/insert",
            "text/csv",
            &endless,
            "A row exceeded maximum size of 2000 bytes",
        ),
    ] {
        let answer = send(&site, &format!("/data/{path}"), kind, body).await;
        assert_eq!(answer.json()["error"], words);
        let status = if words.contains("exceeded") { 413 } else { 400 };
        assert_eq!(answer.status, status, "{words}");
    }
    let answer = send(
        &site,
        "/data/t/-/insert",
        NDJSON,
        b"{\"name\": \"\xff\"}".to_vec(),
    )
    .await;
    assert_eq!(answer.json()["error"], "Line 1: not UTF-8");
    let answer = send(
        &site,
        "/data/t/-/insert",
        "text/csv",
        b"name\n\xff\n".to_vec(),
    )
    .await;
    assert_eq!(answer.json()["error"], "Line 2: not UTF-8");
    assert_eq!(
        (rows(&site, "t").await, rows(&site, "plain").await),
        (t, plain)
    );
}

// Proves: WRITE-154
#[tokio::test]
async fn without_the_setting_as_many_rows_as_a_call_may_bring() {
    let site = site("0").await;
    let rows = |count: usize| format!("n\n{}", "1\n".repeat(count));
    let send = |count| send(&site, "/data/t/-/insert", "text/csv", rows(count));
    assert_eq!(send(100).await.status, 201);
    let refused = send(101).await;
    assert_eq!(
        refused.json()["error"],
        "Too many rows, maximum allowed is 100"
    );
    let anonymous = Question::post("/data/t/-/insert", rows(1)).header("content-type", "text/csv");
    assert_eq!(site.ask(anonymous).await.status, 403);
}
