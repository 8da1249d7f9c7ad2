//! What is kept, for how long, and what a key may be.

use std::time::Duration;

use datasette_core::Actor;
use datasette_web::in_process::Question;
use serde_json::json;

use crate::{Hands, build, call, error, is_again, post, rows};

const INSERT: &str = "/data/t/-/insert";

// Proves: WRITE-156
#[tokio::test]
async fn another_request_needs_another_key() {
    let site = build().start().await;
    let body = r#"{"row": {"name": "a"}}"#;
    post(&site, "k", INSERT, body).await.with_status(201);
    let root = Actor::with_id("root");
    let ask = |path, body| call(&site, Some(&root), "k", path, body);
    let others = [
        ask(INSERT, r#"{"row": {"name": "b"}}"#),
        ask(INSERT, r#"{"row": {"name": "a"}} "#),
        ask(INSERT, ""),
        ask("/data/t/-/upsert", body),
        ask("/data/t/-/insert?x=1", body),
        ask("/data/t/1/-/delete", ""),
        ask(INSERT, body).header("content-type", "text/csv"),
    ];
    for other in others {
        let refused = site.ask(other.clone()).await;
        assert_eq!(refused.status, 422, "{other:?}");
        assert!(error(&refused).contains("used for another request"));
        assert!(!is_again(&refused));
    }
    assert!(is_again(&post(&site, "k", INSERT, body).await));
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[3]]));
    // The body of a call that reads none does not count.
    let delete = "/data/t/1/-/delete";
    post(&site, "d", delete, "").await.with_status(200);
    assert!(is_again(
        &post(&site, "d", delete, "anything").await.with_status(200)
    ));
}

// Proves: WRITE-159
#[tokio::test]
async fn what_changed_nothing_may_be_sent_again() {
    let site = build().start().await;
    let taken = r#"{"row": {"name": "one"}}"#;
    let calls = [
        (INSERT, taken, 400),
        (INSERT, "{", 400),
        ("/data/nope/-/insert", taken, 404),
        ("/data/t/9/-/delete", "", 404),
    ];
    for (path, body, status) in calls {
        for _ in 0..2 {
            let refused = post(&site, "k", path, body).await.with_status(status);
            assert!(!is_again(&refused), "{path} {body}");
        }
    }
    let stranger = call(&site, None, "k", INSERT, taken);
    site.ask(stranger).await.with_status(403);
    post(&site, "d", "/data/t/1/-/delete", "")
        .await
        .with_status(200);
    post(&site, "k", INSERT, taken).await.with_status(201);
    assert!(is_again(&post(&site, "k", INSERT, taken).await));
}

// Proves: WRITE-159
#[tokio::test]
async fn large_answers_and_pages_are_not_kept() {
    let site = build().start().await;
    let large = json!({"row": {"name": "x".repeat(300_000)}, "return": true}).to_string();
    post(&site, "large", INSERT, &large).await.with_status(201);
    let statement = "sql=insert+into+t+(name)+values+('page')";
    let page = post(&site, "page", "/data/-/execute-write", statement).await;
    assert!(page.with_status(200).text().contains("<html"));
    for (key, path, body) in [
        ("large", INSERT, large.as_str()),
        ("page", "/data/-/execute-write", statement),
    ] {
        let again = post(&site, key, path, body).await.with_status(409);
        assert!(error(&again).contains("was carried out, but its answer was not kept"));
        assert!(!is_again(&again));
    }
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[4]]));
    // Redirects are.
    let delete = "/data/t/2/-/delete?_redirect_to_table=1";
    for again in [false, true] {
        let answer = post(&site, "r", delete, "").await.with_status(200);
        assert_eq!(is_again(&answer), again);
        assert_eq!(answer.json()["redirect"], "/data/t");
        // The message is for whoever comes first.
        assert_eq!(answer.header("set-cookie").is_some(), !again);
    }
}

// Proves: WRITE-160
#[tokio::test]
async fn a_key_is_known_for_a_day() {
    let hands = Hands::default();
    let site = build()
        .clock(std::sync::Arc::new(hands.clone()))
        .start()
        .await;
    let body = r#"{"row": {"n": 3}}"#;
    post(&site, "k", INSERT, body).await.with_status(201);
    hands.forward(Duration::from_secs(24 * 60 * 60));
    assert!(is_again(&post(&site, "k", INSERT, body).await));
    hands.forward(Duration::from_secs(1));
    assert!(!is_again(
        &post(&site, "k", INSERT, body).await.with_status(201)
    ));
    assert!(is_again(&post(&site, "k", INSERT, body).await));
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[4]]));
}

// Proves: WRITE-160
#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let site = build().start().await;
    let body = r#"{"row": {"n": 3}}"#;
    let long = "k".repeat(256);
    for key in ["", "\"\"", "\"a", "caf\u{e9}", &long] {
        let refused = post(&site, key, INSERT, body).await.with_status(400);
        assert!(error(&refused).starts_with("The Idempotency-Key "), "{key}");
        assert_eq!(refused.json()["ok"], false);
    }
    let root = Actor::with_id("root");
    let twice = call(&site, Some(&root), "a", INSERT, body).header("idempotency-key", "b");
    let refused = site.ask(twice).await.with_status(400);
    assert_eq!(
        error(&refused),
        "The Idempotency-Key stands there more than once"
    );
    // With its quotes it is the same key.
    post(&site, "a", INSERT, body).await.with_status(201);
    assert!(is_again(&post(&site, "\"a\"", INSERT, body).await));
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[3]]));
}

// Proves: WRITE-161
#[tokio::test]
async fn other_sites_may_send_a_key_where_they_may_call_at_all() {
    let site = build()
        .cors()
        .config(json!({"permissions": {"insert-row": true}}))
        .start()
        .await;
    let allowed = |answer: &datasette_testkit::Answer| {
        answer
            .header("access-control-allow-headers")
            .map(str::to_owned)
    };
    let plain = Some("Authorization, Content-Type".to_owned());
    let preflight = |headers: &str| {
        let mut question = Question::get(INSERT);
        question.method = axum_method("OPTIONS");
        question.header("access-control-request-headers", headers)
    };
    let asked = site.ask(preflight("content-type, idempotency-key")).await;
    let both = "Authorization, Content-Type, Idempotency-Key";
    assert_eq!(allowed(&asked).as_deref(), Some(both));
    assert_eq!(allowed(&site.ask(preflight("content-type")).await), plain);
    let body = r#"{"row": {"n": 3}}"#;
    let exposed = |answer: &datasette_testkit::Answer| {
        answer
            .header("access-control-expose-headers")
            .map(str::to_owned)
    };
    let token = |question: Question| question.header("authorization", "Bearer other");
    let first = site
        .ask(token(call(&site, None, "k", INSERT, body)))
        .await
        .with_status(201);
    assert_eq!(
        (allowed(&first), exposed(&first).as_deref()),
        (plain.clone(), Some("Link"))
    );
    let again = site
        .ask(token(call(&site, None, "k", INSERT, body)))
        .await
        .with_status(201);
    let replayed = Some("Link, Idempotent-Replayed");
    assert_eq!(
        (allowed(&again), exposed(&again).as_deref()),
        (plain, replayed)
    );
}

fn axum_method(name: &str) -> http::Method {
    name.parse().unwrap()
}
