//! Pages with forms for people who try things out, and what the process is busy with.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use datasette_core::Actor;
use datasette_core::clock::FixedClock;
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

// Proves: DEBUG-48, DEBUG-49
#[tokio::test]
async fn the_explorer_offers_what_the_visitor_may_do() {
    let writers = json!({"id": "ann"});
    let permissions =
        json!({"insert-row": writers, "drop-table": writers, "create-table": writers});
    let site = TestSite::build()
        .immutable("fixed", SQL)
        .database("data", SQL)
        .config(json!({"permissions": permissions}))
        .start()
        .await;
    let page = site.get("/-/api").await.with_status(200);
    let links = |page: &str| -> Vec<String> {
        let parts = page.split("<a href=\"/-/api#").skip(1);
        parts
            .map(|part| part.split('"').next().unwrap().to_owned())
            .collect()
    };
    // Databases that can be written come first; views are no part of it.
    let reading = ["data/t", "data/keyless", "fixed/t", "fixed/keyless"]
        .map(|table| format!("path=%2F{}.json&amp;method=GET", table.replace('/', "%2F")));
    assert_eq!(links(page.text()), reading);
    let page = site
        .get_as(&Actor::with_id("ann"), "/-/api")
        .await
        .with_status(200);
    let links = links(page.text());
    assert_eq!(links.len(), 4 + 1 + 2 * 3);
    assert!(links[0].starts_with("path=%2Fdata%2F-%2Fcreate&amp;json=%7B"));
    let body =
        "%7B%0A++%22rows%22%3A+%5B%0A++++%7B%0A++++++%22name%22%3A+null%0A++++%7D%0A++%5D%0A%7D";
    let insert = format!("path=%2Fdata%2Ft%2F-%2Finsert&amp;json={body}&amp;method=POST");
    assert!(links.contains(&insert), "{links:?}");
    let upsert = links
        .iter()
        .find(|link| link.contains("keyless%2F-%2Fupsert"))
        .unwrap();
    assert!(upsert.contains("%3Crowid+%28primary+key%29%3E"), "{upsert}");
    assert!(
        links
            .iter()
            .all(|link| !link.contains("fixed") || link.ends_with("method=GET"))
    );
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
