//! What stored queries answer.

use datasette_core::{Actor, StoredQuery};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::json;

use crate::{SQL, query, store};

async fn configured(queries: serde_json::Value) -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"queries": queries}}}))
        .start()
        .await
}

// Proves: QUERY-33, QUERY-34, QUERY-35, STORED-36, STORED-37
#[tokio::test]
async fn magic_values_come_from_the_request_alone() {
    let site = configured(json!({
        "m": "select :_actor_id as a, @_actor_id as b, $_actor_id as c, :_cookie_x as d, \
              :_now_tea_time as e, :_random_words as f, :_unknown_x as g, :_header_x as h, \
              :__x as i, :_plain as j",
    }))
    .await;
    let forged = "_actor_id=root&_cookie_x=1&_now_tea_time=1&_random_words=1&_unknown_x=1\
                  &_header_x=1&__x=1&_plain=given";
    let path = format!("/data/m.json?_shape=array&{forged}");
    let nobody = json!([{
        "a": null, "b": null, "c": null, "d": null, "e": null, "f": null, "g": null, "h": "",
        "i": null, "j": "given",
    }]);
    assert_eq!(site.get(&path).await.with_status(200).json(), nobody);
    let ann = site.get_as(&Actor::with_id("ann"), &path).await.json();
    assert_eq!(
        (&ann[0]["a"], &ann[0]["b"], &ann[0]["c"]),
        (&json!("ann"), &json!("ann"), &json!("ann"))
    );
    // Ordinary names that start with `_` have no default.
    let missing = site.get("/data/m.json").await.with_status(400).json();
    assert_eq!(
        missing["error"],
        "You did not supply a value for binding parameter :_plain."
    );
    let page = site
        .get(&format!("/data/m?{forged}"))
        .await
        .with_status(200);
    assert!(!page.text().contains("sql-parameter-row"));
}

// Proves: QUERY-15, STORED-38
#[tokio::test]
async fn magic_means_nothing_in_sql_of_visitors() {
    let site = TestSite::with(SQL).await;
    let path = "/data/-/query.json?sql=select+:_actor_id+as+a";
    let answer = site
        .get_as(&Actor::with_id("ann"), path)
        .await
        .with_status(400);
    assert_eq!(
        answer.json()["error"],
        "You did not supply a value for binding parameter :_actor_id."
    );
}

// Proves: QUERY-22, QUERY-23
#[tokio::test]
async fn a_stored_query_runs_into_its_time_limit() {
    let endless = "with recursive c(n) as (select 1 union all select n + 1 from c) \
                   select max(n) from c";
    let site = configured(json!({"endless": endless})).await;
    for (format, kind) in [
        ("", "text/html"),
        (".json", "application/json"),
        (".csv", "text/plain"),
    ] {
        let answer = site
            .get(&format!("/data/endless{format}?_timelimit=20"))
            .await
            .with_status(400);
        assert!(
            answer.text().contains("SQL query took too long."),
            "{format}"
        );
        assert!(
            answer.header("content-type").unwrap().starts_with(kind),
            "{format}"
        );
    }
}

// Proves: CACHE-01, CACHE-05, CACHE-12, QUERY-38, CSRF-20
#[tokio::test]
async fn headers_are_those_of_tables() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"queries": {
            "read": "select 1 as one",
            "write": {"sql": "insert into t (name) values (:name)", "write": true},
        }}}}))
        .cors()
        .start()
        .await;
    for path in [
        "/data/read",
        "/data/read.json",
        "/data/read.csv",
        "/data/write",
        "/data/write.json",
    ] {
        let answer = site.get(path).await.with_status(200);
        assert_eq!(answer.header("cache-control"), Some("max-age=5"), "{path}");
        assert_eq!(
            answer.header("referrer-policy"),
            Some("no-referrer"),
            "{path}"
        );
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "{path}"
        );
        let framed = (path == "/data/write").then_some("DENY");
        assert_eq!(answer.header("x-frame-options"), framed, "{path}");
    }
    let longer = site.get("/data/read?_ttl=60").await;
    assert_eq!(longer.header("cache-control"), Some("max-age=60"));
}

// Proves: QUERY-37, STORED-11, CSV-30
#[tokio::test]
async fn looking_at_a_query_that_writes_changes_nothing() {
    let site = configured(json!({
        "add": {"sql": "insert into t (name) values (:name)", "write": true},
        "clear": {"sql": "delete from t", "write": true},
        "drop": {"sql": "drop table t"},
    }))
    .await;
    for name in ["add", "clear", "drop"] {
        for format in ["", ".json", ".csv", ".blob?_blob_column=x"] {
            site.get(&format!("/data/{name}{format}")).await;
            let head = Question::get(&format!("/data/{name}{format}"));
            site.ask(head).await;
        }
    }
    let refused = site.get("/data/clear.csv").await.with_status(400);
    assert_eq!(refused.text(), "attempt to write a readonly database");
    let left = site
        .get("/data/t.json?_shape=array")
        .await
        .with_status(200)
        .json();
    assert_eq!(left.as_array().unwrap().len(), 2);
}

// Proves: CSV-13, CSV-14
#[tokio::test]
async fn csv_of_queries_refuses_streaming_where_it_is_switched_off() {
    let site = TestSite::build()
        .database("data", SQL)
        .setting("allow_csv_stream", "off")
        .config(json!({"databases": {"data": {"queries": {"q": "select 1 as one"}}}}))
        .start()
        .await;
    for path in [
        "/data/q.csv?_stream=1",
        "/data/-/query.csv?sql=select+1&_stream=1",
    ] {
        let refused = site.get(path).await.with_status(400);
        assert_eq!(refused.text(), "CSV streaming is disabled", "{path}");
    }
    let open = TestSite::with(SQL).await;
    let refused = open
        .get("/data/-/query.csv?sql=select+1&_stream=1&_next=1")
        .await
        .with_status(400);
    assert_eq!(refused.text(), "_next not allowed for CSV streaming");
}

// Proves: QUERY-53, ROUTE-40, WIRE-17
#[tokio::test]
async fn odd_names_work_everywhere() {
    let site = TestSite::build()
        .database("data", SQL)
        .setting("base_url", "/prefix/")
        .start()
        .await;
    let name = "a b/c.d?é#\"<%";
    let own = StoredQuery {
        fragment: Some("part".to_owned()),
        ..query(name, "select 1 as one")
    };
    store(&site, [own]).await;
    let encoded = "a+b~2Fc~2Ed~3F~C3~A9~23~22~3C~25";
    let path = format!("/prefix/data/{encoded}");
    let page = site.get(&path).await.with_status(200);
    assert!(page.text().contains(&format!("action=\"{path}\"")));
    assert_eq!(
        site.get(&format!("{path}.json?_shape=arrayfirst"))
            .await
            .json(),
        json!([1])
    );
    let definition = site
        .get(&format!("{path}/-/definition"))
        .await
        .with_status(200)
        .json();
    assert_eq!(definition["query"]["name"], name);
    for list in [
        "/prefix/-/queries",
        "/prefix/data/-/queries",
        "/prefix/data",
    ] {
        let page = site.get(list).await.with_status(200);
        assert!(
            page.text().contains(&format!("href=\"{path}#part\"")),
            "{list}"
        );
    }
    let missing = site
        .get("/prefix/data/no~2Fne/-/definition")
        .await
        .with_status(404)
        .json();
    assert_eq!(missing["error"], "Query not found: no/ne");
}

// Proves: STORED-01, CONF-66, CONF-67, CONF-69, CONF-70
#[tokio::test]
async fn everything_that_is_configured_is_told() {
    let site = configured(json!({
        "full": {
            "sql": "insert into t (name) values (:name)",
            "title": "T",
            "description": "D",
            "description_html": "<b>D</b>",
            "hide_sql": true,
            "fragment": "F",
            "params": ["name", "other"],
            "write": true,
            "is_trusted": false,
            "on_success_message": "S",
            "on_success_message_sql": "select 'S'",
            "on_success_redirect": "/s",
            "on_error_message": "E",
            "on_error_redirect": "/e",
            "nonsense": 1,
        },
        "plain": "select :x",
    }))
    .await;
    let full = site
        .get("/data/full/-/definition")
        .await
        .with_status(200)
        .json();
    assert_eq!(
        full["query"],
        json!({
            "database": "data",
            "name": "full",
            "sql": "insert into t (name) values (:name)",
            "title": "T",
            "description": "D",
            "description_html": "<b>D</b>",
            "hide_sql": true,
            "fragment": "F",
            "parameters": ["name", "other"],
            "is_write": true,
            "is_private": false,
            "is_trusted": false,
            "source": "config",
            "owner_id": null,
            "on_success_message": "S",
            "on_success_message_sql": "select 'S'",
            "on_success_redirect": "/s",
            "on_error_message": "E",
            "on_error_redirect": "/e",
        })
    );
    let plain = site
        .get("/data/plain/-/definition")
        .await
        .with_status(200)
        .json();
    let plain = &plain["query"];
    assert_eq!(
        (&plain["is_trusted"], &plain["is_write"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&plain["parameters"], &plain["title"]),
        (&json!([]), &json!(null))
    );
}
