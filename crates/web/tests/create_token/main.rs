//! The page that makes API tokens.
#![allow(clippy::unwrap_used)]

mod making;
mod plugins;
mod templates;
mod visitors;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use datasette_core::Actor;
use datasette_core::clock::FixedClock;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::Value;

const PAGE: &str = "/-/create-token";
const NOW: u64 = 1_800_000_000;
const SQL: &str = "create table t (id integer primary key, name text);
    insert into t values (1, 'one');
    create table \"a b:c/d\" (id integer primary key);
    create view v as select 1;
    create table sealed (id integer primary key);";

fn actor(properties: Value) -> Actor {
    Actor::new(properties.as_object().unwrap().clone())
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock(Duration::from_secs(NOW)))
}

async fn send(site: &TestSite, who: &Actor, body: &str) -> Answer {
    let mut question = Question::get(PAGE)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", &format!("ds_actor={}", site.cookie(who)));
    question.method = Method::POST;
    question.body = body.to_owned().into();
    site.ask(question).await
}

/// The token on the page.
fn token(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text
        .split_once("class=\"copyable\" value=\"")
        .expect("a token");
    rest.split_once('"').unwrap().0.to_owned()
}

fn payload(site: &TestSite, page: &Answer) -> Value {
    let token = token(page);
    let signed = token.strip_prefix("dstok_").unwrap();
    site.signer().unsign(signed, "token").unwrap()
}

async fn with_token(site: &TestSite, path: &str, token: &str) -> Answer {
    let question = Question::get(path).header("authorization", &format!("Bearer {token}"));
    site.ask(question).await
}

/// The names of the checkboxes.
fn boxes(page: &Answer) -> Vec<String> {
    let parts = page
        .text()
        .split("<input type=\"checkbox\" name=\"")
        .skip(1);
    parts
        .map(|part| part.split_once('"').unwrap().0.to_owned())
        .collect()
}
