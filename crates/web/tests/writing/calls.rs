//! Bodies that are too large, broken off, odd; tables that are no longer what they were.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::json;

use crate::{SQL, post};

// Proves: WRITE-04, SET-14
#[tokio::test]
async fn a_body_may_be_so_large() {
    let site = TestSite::build()
        .database("data", SQL)
        .setting("max_post_body_bytes", "100")
        .root()
        .start()
        .await;
    let fits = json!({"row": {"name": "x".repeat(100 - 19)}}).to_string();
    assert_eq!(fits.len(), 100);
    let root = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
    let send = |body: String, cookie: &str| {
        let question = Question::post("/data/t/-/insert", body).header("cookie", cookie);
        site.ask(question)
    };
    assert_eq!(send(fits.clone(), &root).await.status, 201);
    let answer = send(format!("{fits} "), &root).await;
    assert_eq!(answer.status, 413);
    let words = "Request body exceeded maximum size of 100 bytes";
    assert_eq!(answer.json()["error"], words);
    assert_eq!(send(format!("{fits} "), "none=1").await.status, 403);
    // Bodies that are not read whole are none of its business.
    let form = Question::post(
        "/-/messages",
        format!("message={}&message_type=INFO", "x".repeat(200)),
    )
    .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(site.ask(form).await.status, 302);
}

// Proves: SET-13, SET-14
#[tokio::test]
async fn settings_bound_a_call() {
    let site = TestSite::build()
        .database("data", SQL)
        .setting("max_insert_rows", "2")
        .setting("max_post_body_bytes", "0")
        .root()
        .start()
        .await;
    for verb in ["insert", "upsert"] {
        let rows = json!({"rows": [{"id": 5}, {"id": 6}, {"id": 7}]});
        let answer = post(&site, &format!("/data/t/-/{verb}"), &rows).await;
        assert_eq!(
            answer.json()["error"],
            "Too many rows, maximum allowed is 2"
        );
        assert_eq!(answer.status, 400);
    }
    let large = json!({"rows": [{"name": "x".repeat(3 << 20)}, {"id": 6}]});
    assert_eq!(post(&site, "/data/t/-/insert", &large).await.status, 201);
}

// Proves: WRITE-01, WRITE-03, WRITE-14
#[tokio::test]
async fn the_body_is_json_whatever_it_is_called() {
    let site = TestSite::build().database("data", SQL).root().start().await;
    let root = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
    let send = |body: &[u8], kind: &str| {
        let question = Question::post("/data/t/-/insert", body.to_vec());
        let question = question
            .header("cookie", &root)
            .header("content-type", kind);
        site.ask(question)
    };
    let row = br#"{"row": {"n": -Infinity}}"#;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "nonsense",
    ] {
        let answer = send(row, kind).await;
        assert_eq!(answer.status, 201, "{kind}");
        assert!(
            answer.text().contains(r#""n": -Infinity"#),
            "{}",
            answer.text()
        );
    }
    for (body, words) in [
        (
            &b"{\"row\": }"[..],
            "Invalid JSON: Expecting value: line 1 column 9 (char 8)",
        ),
        (
            b"{\"row\": {\"name\": \"\xff\"}}",
            "Invalid JSON: not UTF-8 at byte 18",
        ),
        (
            b"",
            "Invalid JSON: Expecting value: line 1 column 1 (char 0)",
        ),
    ] {
        let answer = send(body, "application/json").await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!(words))
        );
    }
}

// Proves: WRITE-11, WRITE-12
#[tokio::test]
async fn a_table_that_changed_since_is_taken_as_it_is() {
    let site = TestSite::build().database("data", SQL).root().start().await;
    // The catalogue is young: it is not looked at again for this request.
    let other = rusqlite::Connection::open(site.path("data")).unwrap();
    site.get("/data/t.json").await;
    other
        .execute_batch("alter table t rename column n to m; drop table plain; create view plain as select 1 as v;")
        .unwrap();
    let answer = post(&site, "/data/t/-/insert", &json!({"row": {"m": 3}})).await;
    let known = answer.status == 400 && answer.json()["error"] == "Row 0 has invalid columns: m";
    assert!(known || answer.status == 201, "{}", answer.text());
    let answer = post(&site, "/data/plain/-/insert", &json!({"row": {"v": 3}})).await;
    assert_eq!(answer.status, 404, "{}", answer.text());
    assert_eq!(answer.json()["error"], "Table not found: plain");
}
