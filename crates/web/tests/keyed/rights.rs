//! Whose a key is, and what it takes to be answered again.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use serde_json::{Value as Json, json};

use crate::{build, call, error, is_again, rows};

const INSERT: &str = "/data/t/-/insert";
const BODY: &str = r#"{"row": {"n": 3}, "return": true}"#;

fn actor(properties: Json) -> Actor {
    Actor::new(properties.as_object().unwrap().clone())
}

async fn open_site() -> TestSite {
    let config = json!({"permissions": {"insert-row": true, "execute-write-sql": true}});
    build().config(config).start().await
}

// Proves: WRITE-158
#[tokio::test]
async fn the_key_of_somebody_else_is_another_key() {
    let site = open_site().await;
    let visitors = [
        None,
        Some(Actor::with_id("ann")),
        Some(Actor::with_id("bob")),
        Some(actor(json!({"name": "ann"}))),
    ];
    for visitor in &visitors {
        let ask = || call(&site, visitor.as_ref(), "k", INSERT, BODY);
        assert!(
            !is_again(&site.ask(ask()).await.with_status(201)),
            "{visitor:?}"
        );
        assert!(
            is_again(&site.ask(ask()).await.with_status(201)),
            "{visitor:?}"
        );
    }
    // Recognised in another way, ann is ann.
    let token = actor(json!({"id": "ann", "token": "dstok", "token_expires": 5}));
    let again = site.ask(call(&site, Some(&token), "k", INSERT, BODY)).await;
    assert!(is_again(&again.with_status(201)));
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[6]]));
}

// Proves: WRITE-158
#[tokio::test]
async fn who_may_not_any_more_is_told_nothing() {
    let site = build().start().await;
    let root = Actor::with_id("root");
    let first = site.ask(call(&site, Some(&root), "k", INSERT, BODY)).await;
    first.with_status(201);
    let restricted = |actions: &[&str]| actor(json!({"id": "root", "_r": {"a": actions}}));
    // Its rows take the right to view them.
    for actions in [&["vi", "vd", "vt"][..], &["ir"], &[]] {
        let less = restricted(actions);
        let refused = site.ask(call(&site, Some(&less), "k", INSERT, BODY)).await;
        assert_eq!(refused.status, 403, "{actions:?}");
        assert_eq!(error(&refused), "Permission denied");
        // Nor is the call looked at.
        let other = site.ask(call(&site, Some(&less), "k", INSERT, "{}")).await;
        assert_eq!(other.status, 403, "{actions:?}");
    }
    let enough = restricted(&["ir", "vt", "vd", "vi"]);
    let again = site
        .ask(call(&site, Some(&enough), "k", INSERT, BODY))
        .await;
    assert!(is_again(&again.with_status(201)));
}

// Proves: WRITE-158
#[tokio::test]
async fn rights_that_are_asked_for_late_are_asked_for_again() {
    let site = build().start().await;
    let root = Actor::with_id("root");
    let all = [
        "ir", "ur", "dr", "vt", "vd", "vi", "at", "ct", "dt", "es", "ews", "sct", "sq",
    ];
    let calls = [
        (
            INSERT,
            r#"{"row": {"id": 1, "n": 4}, "replace": true}"#,
            "ur",
        ),
        (INSERT, r#"{"row": {"x": 4}, "alter": true}"#, "at"),
        ("/data/t/-/upsert", r#"{"row": {"id": 1}}"#, "ur"),
        ("/data/t/2/-/delete", "", "dr"),
        (
            "/data/-/execute-write",
            r#"{"sql": "update t set n = 1 where id = 1 returning id"}"#,
            "ur",
        ),
        (
            "/data/-/execute-write",
            r#"{"sql": "delete from t where id > 100"}"#,
            "dr",
        ),
        ("/data/t/-/drop", r#"{"confirm": true}"#, "dt"),
    ];
    for (number, (path, body, needed)) in calls.into_iter().enumerate() {
        let key = number.to_string();
        let ask = |actor: &Actor| {
            let question = call(&site, Some(actor), &key, path, body);
            question.header("content-type", "application/json")
        };
        let status = site.ask(ask(&root)).await.status;
        assert!(matches!(status, 200 | 201), "{path} {body}: {status}");
        let but = |left_out: &str| {
            let actions: Vec<&str> = all.into_iter().filter(|one| *one != left_out).collect();
            actor(json!({"id": "root", "_r": {"a": actions}}))
        };
        let refused = site.ask(ask(&but(needed))).await;
        assert_eq!(refused.status, 403, "{path} {body}");
        let again = site.ask(ask(&but("nothing"))).await;
        assert_eq!(
            (again.status, is_again(&again)),
            (status, true),
            "{path} {body}"
        );
    }
}

// Proves: WRITE-158
#[tokio::test]
async fn what_sql_could_read_it_must_be_able_to_read_still() {
    let site = TestSite::build()
        .database(
            "data",
            "create table t (id integer primary key); create table other (v); \
             insert into other values ('hidden');",
        )
        .root()
        .config(json!({"databases": {"data": {"queries": {"add": {
            "sql": "insert into t default values",
            "write": true,
            "is_trusted": false,
            "on_success_message_sql": "select v from other",
        }}}}}))
        .start()
        .await;
    let reading = |tables: &[&str]| {
        let mut resources = json!({"add": ["view-query"]});
        for table in tables {
            resources[*table] = json!(["view-table", "insert-row", "update-row", "delete-row"]);
        }
        let database = ["view-database", "execute-write-sql"];
        actor(json!({"id": "root", "_r": {"d": {"data": database}, "r": {"data": resources}}}))
    };
    let ask = |actor: &Actor, key| call(&site, Some(actor), key, "/data/add?_json=1", "{}");
    let both = site.ask(ask(&reading(&["t", "other"]), "k")).await;
    assert_eq!(both.with_status(200).json()["message"], "hidden");
    let less = site.ask(ask(&reading(&["t"]), "k")).await.with_status(403);
    assert_eq!(error(&less), "Permission denied");
    // Whoever could not read it may learn to.
    let kept_out = site.ask(ask(&reading(&["t"]), "n")).await.with_status(200);
    assert!(
        kept_out
            .text()
            .contains("Error running on_success_message_sql")
    );
    let again = site.ask(ask(&reading(&["t", "other"]), "n")).await;
    assert!(is_again(&again.with_status(200)));
}
