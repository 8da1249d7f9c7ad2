//! Stored queries that are run, stored, changed and deleted.

use datasette_core::{Actor, StoredQuery, Value};
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::{Value as Json, json};

use super::{post_as, row};

const SQL: &str = "
    create table t (id integer primary key, name text);
    insert into t values (1, 'one');
    create table secret (word text);
    insert into secret values ('hush');";

/// Ann may store queries and change rows of `t`; only root may see `secret`.
fn config() -> Json {
    let ann = || json!({"id": ["ann", "root"]});
    json!({
        "permissions": {"store-query": ann(), "execute-write-sql": ann()},
        "databases": {"data": {
            "queries": {
                "by_whom": {"sql": "insert into t (name) values (:_actor_id)", "write": true},
                "with_what": {"sql": "insert into t (name) values (:_cookie_taste)", "write": true},
                "when": {"sql": "insert into t (name) values (:_now_tea_time)", "write": true},
                "vouched": {"sql": "insert into t (name) select word from secret", "write": true},
                "small": {"sql": "vacuum", "write": true},
                "looks": {"sql": "select word from secret", "write": true, "is_trusted": false},
                "read": "select name from t",
                "doubted": {"sql": "delete from t", "is_trusted": false},
            },
            "tables": {
                "t": {"permissions": {
                    "insert-row": ann(), "update-row": ann(), "delete-row": ann()}},
                "secret": {"allow": {"id": "root"}},
            },
        }},
    })
}

async fn site() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .config(config())
        .root()
        .start()
        .await
}

async fn send(site: &TestSite, name: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut question = Question::post(&format!("/data/{name}"), body.to_owned())
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    for (header, value) in headers {
        question = question.header(header, value);
    }
    site.ask(question).await
}

async fn count(site: &TestSite) -> Value {
    row(site, "select count(*) from t").await.remove(0)
}

// Proves: STORED-32, STORED-33, STORED-34
#[tokio::test]
async fn a_query_is_not_run_with_holes() {
    let site = site().await;
    for (name, parameter) in [
        ("by_whom", ":_actor_id"),
        ("with_what", ":_cookie_taste"),
        ("when", ":_now_tea_time"),
    ] {
        let answer = send(&site, name, "_actor_id=x&_cookie_taste=y", &[]).await;
        assert_eq!(answer.status, 400, "{name}");
        let error = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains(parameter), "{error}");
    }
    assert_eq!(count(&site).await, Value::Integer(1));
    send(&site, "with_what", "", &[("cookie", "taste=sweet")])
        .await
        .with_status(200);
    let ann = format!("ds_actor={}", site.cookie(&Actor::with_id("ann")));
    send(&site, "by_whom", "", &[("cookie", &ann)])
        .await
        .with_status(200);
    let names = row(&site, "select group_concat(name) from t").await;
    assert_eq!(names, [Value::from("one,sweet,ann")]);
}

// Proves: STORED-05, STORED-06, STORED-50
#[tokio::test]
async fn only_what_the_operator_stores_is_vouched_for() {
    let site = site().await;
    send(&site, "vouched", "", &[]).await.with_status(200);
    send(&site, "small", "", &[]).await.with_status(200);
    let root = Actor::with_id("root");
    let ann = Actor::with_id("ann");
    let shared = json!({"query": {
        "name": "shared",
        "sql": "insert into t (name) select word from secret",
        "is_private": false,
    }});
    let store = "/data/-/queries/store";
    let refused = post_as(&site, &ann, store, &shared).await.with_status(403);
    assert_eq!(
        refused.json()["error"],
        "Permission denied: need view-table on data/secret"
    );
    post_as(&site, &root, store, &shared).await.with_status(201);
    let before = count(&site).await;
    let cookie = |actor: &Actor| format!("ds_actor={}", site.cookie(actor));
    for (actor, status) in [(&ann, 403), (&root, 200)] {
        send(&site, "shared", "", &[("cookie", &cookie(actor))])
            .await
            .with_status(status);
    }
    send(&site, "shared", "", &[]).await.with_status(403);
    assert_ne!(count(&site).await, before);
}

// Proves: STORED-28
#[tokio::test]
async fn what_is_not_said_to_write_does_not_write_for_visitors() {
    let site = site().await;
    let answer = send(&site, "read", "", &[]).await.with_status(200);
    assert_eq!(answer.json()["message"], "Query executed");
    let answer = send(&site, "doubted", "", &[]).await.with_status(400);
    let error = answer.json()["error"].as_str().unwrap().to_owned();
    assert!(error.contains("readonly"), "{error}");
    assert_eq!(count(&site).await, Value::Integer(1));
}

// Proves: STORED-06
#[tokio::test]
async fn what_is_said_to_write_and_reads_needs_what_it_reads() {
    let site = site().await;
    let cookie = |actor: &str| format!("ds_actor={}", site.cookie(&Actor::with_id(actor)));
    let refused = send(&site, "looks", "", &[("cookie", &cookie("ann"))]).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.json()["error"],
        "Permission denied: need view-table on data/secret"
    );
    send(&site, "looks", "", &[("cookie", &cookie("root"))])
        .await
        .with_status(200);
}

/// Two people who change a query at the same time do not undo each other's work unseen.
#[tokio::test]
async fn a_change_of_what_changed_meanwhile_is_told() {
    let site = site().await;
    let ann = Actor::with_id("ann");
    let query = StoredQuery {
        database: "data".to_owned(),
        name: "kept".to_owned(),
        sql: "select :a".to_owned(),
        source: "user".to_owned(),
        owner_id: Some("ann".to_owned()),
        ..StoredQuery::default()
    };
    let internal = &site.instance().internal;
    internal.save_query(query).await.unwrap();
    let path = "/data/kept/-/update";
    let change = json!({"update": {"title": "T", "parameters": "a"}, "return": true});
    let answer = post_as(&site, &ann, path, &change).await.with_status(200);
    assert_eq!(answer.json()["query"]["title"], "T");
    assert_eq!(answer.json()["query"]["parameters"], json!(["a"]));
    for (update, error) in [
        (
            json!({"sql": "vacuum"}),
            "VACUUM is not allowed in user-supplied SQL",
        ),
        (
            json!({"sql": "select * from pragma_table_info('t')"}),
            "Unsupported SQL operation: read table",
        ),
        (
            json!({"sql": "delete from secret"}),
            "Permission denied: need delete-row on data/secret",
        ),
    ] {
        let answer = post_as(&site, &ann, path, &json!({ "update": update })).await;
        assert_eq!(answer.status, 403, "{update}");
        assert_eq!(answer.json()["error"], error);
    }
    let kept = internal.query("data", "kept").await.unwrap().unwrap();
    assert_eq!(kept.sql, "select :a");
}
