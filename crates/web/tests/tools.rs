//! Pages with forms for people who try things out, and what the process is busy with.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use datasette_core::clock::FixedClock;
use datasette_core::{Actor, QueryString};
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::json;

const SQL: &str = "create table t (id integer primary key, name text);
    create table keyless (a, b); create view v as select 1;";

async fn debugged() -> (TestSite, Actor) {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"permissions": {"permissions-debug": {"id": "ann"}}}))
        .clock(Arc::new(FixedClock(Duration::from_micros(
            1_709_210_096_000_789,
        ))))
        .start()
        .await;
    (site, Actor::with_id("ann"))
}

fn form(path: &str, body: &str) -> Question {
    let mut question =
        Question::get(path).header("content-type", "application/x-www-form-urlencoded");
    question.method = Method::POST;
    question.body = body.to_owned().into();
    question
}

async fn allow_debug(site: &TestSite, query: &str) -> String {
    let answer = site.get(&format!("/-/allow-debug?{query}")).await;
    answer.with_status(200).text().to_owned()
}

// Proves: DEBUG-45, PERM-11, PERM-12
#[tokio::test]
async fn an_allow_block_is_tried_out() {
    let site = TestSite::with(SQL).await;
    let page = allow_debug(&site, "").await;
    assert!(page.contains("Result: allow"));
    let page = allow_debug(&site, r#"actor={"id":"a"}&allow={"id":"b"}"#).await;
    assert!(page.contains("Result: deny") && !page.contains("Result: allow"));
    let page = allow_debug(&site, "actor=null&allow={%22unauthenticated%22:true}").await;
    assert!(page.contains("Result: allow"));
    // What is no allow block lets nobody in.
    for block in ["%22text%22", "[1]", "2"] {
        let page = allow_debug(&site, &format!("allow={block}")).await;
        assert!(page.contains("Result: deny"), "{block}");
    }
    let page = allow_debug(&site, "actor=[&allow={").await;
    let mistakes = "Actor JSON error: Expecting value: line 1 column 2 (char 1)\n\n\
                    Allow JSON error: Expecting property name enclosed in double quotes: \
                    line 1 column 2 (char 1)";
    assert!(page.contains(mistakes), "{page}");
    assert!(!page.contains("Result:"));
}

// Proves: DEBUG-43, PERM-87
#[tokio::test]
async fn the_activity_page_shows_the_latest_checks() {
    let (site, ann) = debugged().await;
    site.get("/data/t").await.with_status(200);
    let page = |filter: &str| {
        let path = format!("/-/permissions?filter={filter}");
        let (site, ann) = (&site, &ann);
        async move {
            site.get_as(ann, &path)
                .await
                .with_status(200)
                .text()
                .to_owned()
        }
    };
    let all = page("all").await;
    assert!(all.contains("<td><code>view-table</code></td>\n<td>data</td>\n<td>t</td>"));
    assert!(all.contains(">2024-02-29</span><br>12:34:56.000789</time>"));
    let rows = |page: &str| page.matches("<td><time").count();
    let place = |name: &str| all.find(&format!("<code>{name}</code>")).unwrap();
    assert!(
        place("permissions-debug") < place("view-table"),
        "newest first"
    );
    let own = page("only-yours").await;
    assert!(own.contains("permissions-debug") && !own.contains("check-actor-anon"));
    let others = page("exclude-yours").await;
    assert!(others.contains("check-actor-anon"));
    assert!(!others.contains("<td><code>permissions-debug</code></td>"));
    assert!(rows(&own) > 0 && rows(&others) > 0);
    for _ in 0..250 {
        site.get("/-/versions.json").await.with_status(200);
    }
    assert_eq!(rows(&page("all").await), 200);
}

// Proves: PERM-88
#[tokio::test]
async fn a_made_up_check_is_answered_in_json() {
    let (site, ann) = debugged().await;
    let cookie = format!("ds_actor={}", site.cookie(&ann));
    let ask = |body: &str| {
        let question = form("/-/permissions", body).header("cookie", &cookie);
        site.ask(question)
    };
    let body = "actor=null&permission=view-table&resource_1=data&resource_2=t";
    let answer = ask(body).await.with_status(200).json();
    assert_eq!(answer["allowed"], json!(true));
    assert_eq!(answer["resource"]["path"], json!("/data/t"));
    let error = |answer: Answer| answer.with_status(400).json()["error"].clone();
    let mistake = "Invalid actor JSON: Expecting value: line 1 column 1 (char 0)";
    assert_eq!(error(ask("actor=&permission=view-table").await), mistake);
    assert_eq!(
        error(ask("permission=view-table").await),
        "The form has no field actor"
    );
    let refused = site.ask(form("/-/permissions", body)).await;
    refused.with_status(403);
}

// Proves: AUTH-38, AUTH-42, AUTH-43, HTML-09
#[tokio::test]
async fn a_message_is_shown_once() {
    let site = TestSite::with(SQL).await;
    let sent = site
        .ask(form("/-/messages", "message=%3Cb%3E&message_type=all"))
        .await;
    let sent = sent.with_status(302);
    assert_eq!(sent.header("location"), Some("/"));
    let cookie = sent.header("set-cookie").unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let start = site.ask(Question::get("/").header("cookie", cookie)).await;
    let page = start.text();
    for kind in ["info", "warning", "error"] {
        let class = format!("<p class=\"message-{kind}\"");
        assert_eq!(page.matches(&class).count(), 1, "{kind}");
    }
    assert_eq!(page.matches("&lt;b&gt;").count(), 3);
    let cleared = start.header("set-cookie").unwrap();
    assert!(cleared.starts_with("ds_messages=\"\"") && cleared.contains("Max-Age=0"));
    let wrong = site
        .ask(form("/-/messages", "message=x&message_type=loud"))
        .await;
    wrong.with_status(400);
    let mut unspoken = form("/-/messages", "message=x");
    unspoken.headers.clear();
    site.ask(unspoken).await.with_status(400);
}

// Proves: DEBUG-10, DEBUG-11, ROUTE-07, PERM-90, PERM-91
#[tokio::test]
async fn threads_and_tasks_are_told_to_those_who_may_know() {
    let (site, ann) = debugged().await;
    site.get("/-/threads.json").await.with_status(403);
    site.get("/-/tasks").await.with_status(403);
    site.get("/data/t").await.with_status(200);
    let told = site
        .get_as(&ann, "/-/threads.json")
        .await
        .with_status(200)
        .json();
    let threads = told["threads"].as_array().unwrap();
    assert_eq!(told["num_threads"], json!(threads.len()));
    assert_eq!(
        told["num_tasks"],
        json!(told["tasks"].as_array().unwrap().len())
    );
    assert!(
        threads
            .iter()
            .any(|thread| thread["name"] == "sqlite-read-0 of data")
    );
    let mut idents: Vec<u64> = threads
        .iter()
        .map(|thread| thread["ident"].as_u64().unwrap())
        .collect();
    idents.sort_unstable();
    idents.dedup();
    assert_eq!(idents.len(), threads.len());
    assert!(threads.iter().all(|thread| thread["daemon"].is_boolean()));
    let tasks = site
        .get_as(&ann, "/-/tasks.json")
        .await
        .with_status(200)
        .json();
    assert_eq!(tasks, json!({"ok": true, "tasks": [], "launched": true}));

    let without = TestSite::build()
        .database("data", SQL)
        .config(json!({"permissions": {"permissions-debug": {"id": "ann"}}}))
        .setting("num_sql_threads", "0")
        .start()
        .await;
    let told = without
        .get_as(&ann, "/-/threads.json")
        .await
        .with_status(200)
        .json();
    assert_eq!(told, json!({"ok": true, "num_threads": 0, "threads": []}));
}

// Proves: PERM-62
#[tokio::test]
async fn the_explorer_of_a_private_site_has_a_lock() {
    let open = TestSite::with(SQL).await;
    let page = open.get("/-/api").await.with_status(200);
    assert!(page.text().contains("<h1>API Explorer</h1>"));
    let closed = TestSite::build()
        .database("data", SQL)
        .config(json!({"allow": {"id": "ann"}}))
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let page = closed.get_as(&ann, "/-/api").await.with_status(200);
    assert!(page.text().contains("<h1>API Explorer \u{1f512}</h1>"));
}

/// What the explorer's links put into its forms: method, path and JSON.
fn examples(page: &Answer) -> Vec<(String, String, String)> {
    let parts = page.text().split("/-/api#").skip(1);
    let fragments = parts.filter_map(|part| part.split('"').next());
    let fragments = fragments.map(|part| part.replace("&amp;", "&"));
    let examples = fragments.map(|fragment| {
        let members = QueryString::parse(&fragment);
        let member = |name: &str| members.get(name).unwrap_or_default().to_owned();
        (member("method"), member("path"), member("json"))
    });
    examples.collect()
}

// Proves: DEBUG-48, DEBUG-49, UI-50
#[tokio::test]
async fn the_explorer_offers_what_the_visitor_may_do() {
    let ann = json!({"id": "ann"});
    let inserters = json!({"id": ["ann", "ben"]});
    let permissions =
        json!({"insert-row": inserters, "update-row": ann, "drop-table": ann, "create-table": ann});
    let secret = json!({"tables": {"secret": {"allow": ann}}});
    let site = TestSite::build()
        .immutable("fixed", SQL)
        .database("data", &format!("{SQL} create table secret (a);"))
        .config(json!({"permissions": permissions, "databases": {"data": secret}}))
        .start()
        .await;
    let page = site.get("/-/api").await.with_status(200);
    // Databases that can be written come first, tables by name; views are no part of it.
    let reading = ["data/keyless", "data/t", "fixed/keyless", "fixed/t"].map(|table| {
        let path = format!("/{table}.json");
        ("GET".to_owned(), path, String::new())
    });
    assert_eq!(examples(&page), reading);

    let page = site.get_as(&Actor::with_id("ann"), "/-/api").await;
    let found = examples(&page);
    let paths: Vec<&str> = found.iter().map(|(_, path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/data/-/create",
            "/data/keyless.json",
            "/data/keyless/-/insert",
            "/data/keyless/-/upsert",
            "/data/keyless/-/drop",
            "/data/secret.json",
            "/data/secret/-/insert",
            "/data/secret/-/upsert",
            "/data/secret/-/drop",
            "/data/t.json",
            "/data/t/-/insert",
            "/data/t/-/upsert",
            "/data/t/-/drop",
            "/fixed/keyless.json",
            "/fixed/t.json",
        ]
    );
    for (method, path, _) in &found {
        let expected = if path.contains("/-/") { "POST" } else { "GET" };
        assert_eq!(method, expected, "{path}");
    }
    let body = |path: &str| {
        let (_, _, json) = found.iter().find(|(_, found, _)| found == path).unwrap();
        json.as_str()
    };
    let insert = "{\n  \"rows\": [\n    {\n      \"name\": null\n    }\n  ]\n}";
    assert_eq!(body("/data/t/-/insert"), insert);
    let row = |path: &str| -> serde_json::Value {
        let body: serde_json::Value = serde_json::from_str(body(path)).unwrap();
        body["rows"][0].clone()
    };
    let values = json!({"id": "<id (primary key)>", "name": "<name>"});
    assert_eq!(row("/data/t/-/upsert"), values);
    let values = json!({"rowid": "<rowid (primary key)>", "a": "<a>", "b": "<b>"});
    assert_eq!(row("/data/keyless/-/upsert"), values);
    assert_eq!(body("/data/t/-/drop"), "{\n  \"confirm\": false\n}");
    for label in [
        "Get rows for t",
        "Insert rows into t",
        "Upsert rows into t",
        "Drop table t",
        "Create table in data",
    ] {
        assert!(
            page.text().contains(&format!("</a> - {label}</li>")),
            "{label}"
        );
    }

    // Whoever may not update cannot upsert.
    let page = site.get_as(&Actor::with_id("ben"), "/-/api").await;
    let paths: Vec<String> = examples(&page)
        .into_iter()
        .map(|(_, path, _)| path)
        .collect();
    assert_eq!(
        paths,
        [
            "/data/keyless.json",
            "/data/keyless/-/insert",
            "/data/t.json",
            "/data/t/-/insert",
            "/fixed/keyless.json",
            "/fixed/t.json",
        ]
    );
}

// Proves: UI-50
#[tokio::test]
async fn each_example_of_the_explorer_is_answered_when_it_is_sent() {
    const ODD: &str =
        "create table \"odd / n\u{e4}me ~ % #&=\" (id text primary key, \"col & <b>\" text);
        create table \"a.json\" (x); create table only_key (id text primary key);
        create table pair (a text, b text, c, primary key (a, b)); create table loose (x, y);
        create table sums (a text, total generated always as (a + 1), diff as (a - 1) stored);
        create table doc (id text primary key, body text);
        create virtual table doc_fts using fts5(body, content=doc);";
    for base_url in ["/", "/prefix/"] {
        let site = TestSite::build()
            .database("data", ODD)
            .root()
            .setting("base_url", base_url)
            .start()
            .await;
        let root = Actor::with_id("root");
        let cookie = format!("ds_actor={}", site.cookie(&root));
        let page = site.get_as(&root, &format!("{base_url}-/api")).await;
        let found = examples(&page.with_status(200));
        assert!(found.len() > 7 * 4, "{}", found.len());
        for (method, path, json) in found {
            assert!(path.starts_with(base_url), "{path}");
            let question = match method.as_str() {
                "GET" => Question::get(&path),
                _ => Question::post(&path, json.clone()).header("content-type", "application/json"),
            };
            let question = question.header("cookie", &cookie);
            let answer = site.ask(question).await;
            // A key of the rowid is a number, which the visitor fills in.
            let is_rowid = json.contains("<rowid (primary key)>");
            let expected: &[u16] = if is_rowid { &[400] } else { &[200, 201] };
            assert!(
                expected.contains(&answer.status),
                "{path} {json}: {}",
                answer.text()
            );
            assert!(
                !is_rowid || answer.text().contains("datatype mismatch"),
                "{}",
                answer.text()
            );
        }
    }
}

// Proves: UI-49
#[tokio::test]
async fn the_explorer_of_a_site_that_may_not_be_seen() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"allow": {"id": "ann"}}))
        .start()
        .await;
    let page = site.get("/-/api").await.with_status(403);
    assert!(
        page.text()
            .contains("You do not have permission to view this instance")
    );
    assert!(!page.text().contains("keyless"));
}

// Proves: EXT-21
#[tokio::test]
async fn versions_keep_the_keys_of_what_is_not_there() {
    let site = TestSite::with("create table t (a)").await;
    let versions = site.get("/-/versions.json").await.json();
    let nothing = serde_json::Value::Null;
    assert_eq!(versions["python"]["version"], nothing);
    assert_eq!(versions["asgi"], "3.0");
    let keys: Vec<&String> = versions.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["ok", "python", "datasette", "asgi", "uvicorn", "sqlite"]
    );
    let python: Vec<&String> = versions["python"].as_object().unwrap().keys().collect();
    assert_eq!(python, ["version", "full"]);
    assert_eq!(versions["datasette"].as_object().unwrap().len(), 1);
}
