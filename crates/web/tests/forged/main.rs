//! Cookies and tokens that nobody should trust: no answer is a 500, and none gives more than the
//! visitor would have without them.

// Tests may break.
#![allow(clippy::unwrap_used)]

mod cookies;
mod limits;
mod seal;
mod tokens;

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::json;

const SECRET: &str = "a secret";

/// What is asked: some of it is open, some for `ann` alone, some for root.
const PATHS: [&str; 8] = [
    "/",
    "/.json",
    "/open/t.json",
    "/closed.json",
    "/closed/t.json",
    "/-/allowed.json?action=view-table",
    "/-/actions.json",
    "/-/jump.json",
];

async fn site() -> TestSite {
    let sql = "create table t (id integer primary key); insert into t values (7);";
    TestSite::build()
        .database("open", sql)
        .database("closed", sql)
        .config(json!({"databases": {"closed": {"allow": {"id": "ann"}}}}))
        .root()
        .secret(SECRET)
        .start()
        .await
}

/// The answers to all paths with these headers.
async fn answers(site: &TestSite, headers: &[(&str, &str)]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for path in PATHS {
        let mut question = Question::get(path);
        for (name, value) in headers {
            question = question.header(name, value);
        }
        answers.push(site.ask(question).await);
    }
    answers
}

/// Statuses and bodies, which are all that a visitor learns.
fn told(answers: &[Answer]) -> Vec<(u16, String)> {
    answers
        .iter()
        .map(|answer| (answer.status, without_numbers(answer.text())))
        .collect()
}

/// The text without the numbers that every page has anew.
fn without_numbers(text: impl AsRef<str>) -> String {
    let mut parts = text.as_ref().split("nonce=\"");
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(part.split_once('"').map_or(part, |(_, after)| after));
    }
    rest
}

async fn actor(site: &TestSite, cookie: &str) -> serde_json::Value {
    let cookie = format!("ds_actor={cookie}");
    let question = Question::get("/-/actor.json").header("cookie", &cookie);
    site.ask(question).await.with_status(200).json()["actor"].clone()
}

/// The site tells who is who, or the tests would prove nothing.
#[tokio::test]
async fn the_site_tells_visitors_apart() {
    let site = site().await;
    let statuses = async |cookie: Option<String>| {
        let cookie = cookie.map(|cookie| format!("ds_actor={cookie}"));
        let headers: Vec<(&str, &str)> = cookie.iter().map(|one| ("cookie", &**one)).collect();
        let answers = answers(&site, &headers).await;
        answers.iter().map(|one| one.status).collect::<Vec<_>>()
    };
    let of = |id: &str| Some(site.cookie(&Actor::with_id(id)));
    assert_eq!(
        statuses(None).await,
        [200, 200, 200, 403, 403, 200, 403, 200]
    );
    assert_eq!(
        statuses(of("ann")).await,
        [200, 200, 200, 200, 200, 200, 403, 200]
    );
    assert_eq!(
        statuses(of("root")).await,
        [200, 200, 200, 403, 403, 200, 200, 200]
    );
}
