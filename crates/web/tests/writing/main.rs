//! Calls that write rows, where the comparison with the original cannot look: defects of the
//! original, events, what plugins put around writes, schemas that change on the way.

// Helpers of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod around;
mod calls;
mod cancelled;
mod refusals;
mod rows;
mod streamed;
mod tables;

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::Value as Json;

const SQL: &str = "
    create table t (id integer primary key, name text, n integer default 7);
    insert into t values (1, 'one', 1), (2, 'two', 2);
    create table pair (a text, b text, v text default 'd', primary key (a, b)) without rowid;
    insert into pair values ('x', 'y', 'z');
    create table plain (v text);
    insert into plain values ('p');";

/// Sends JSON as this actor.
async fn post_as(site: &TestSite, actor: &Actor, path: &str, body: &Json) -> Answer {
    let cookie = format!("ds_actor={}", site.cookie(actor));
    let question = Question::post(path, body.to_string()).header("cookie", &cookie);
    site.ask(question).await
}

/// Sends JSON as the one who may do everything.
async fn post(site: &TestSite, path: &str, body: &Json) -> Answer {
    post_as(site, &Actor::with_id("root"), path, body).await
}
