//! Who asks: cookies and tokens that the original made, lifetimes, and when plugins are asked.

// Plugins of tests may break like tests.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::Method;
use datasette_core::Actor;
use datasette_core::clock::{Clock, FixedClock};
use datasette_hooks::{Answer, Context, HookName, HookSet, HostServices, Plugin, ready};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

const SQL: &str = "create table t (id integer primary key);";

async fn ask(site: &TestSite, name: &str, value: &str) -> (u16, Value) {
    let question = Question::get("/-/actor.json").header(name, value);
    let answer = site.ask(question).await;
    (answer.status, answer.json())
}

/// Section 8.1 of the chapter: values that the original signed.
// Proves: AUTH-10, AUTH-11, AUTH-12, TOK-02, TOK-03, TOK-11, SEC-02, SEC-03, SEC-04
#[tokio::test]
async fn what_the_original_signed_is_known_here() {
    let site = TestSite::build()
        .secret("golden-secret")
        .clock(Arc::new(FixedClock(Duration::from_secs(1_800_000_000))))
        .start()
        .await;
    let is = |actor: Value| (200, json!({"ok": true, "actor": actor}));
    let root = "eyJhIjp7ImlkIjoicm9vdCJ9fQ.LH8Ux22pLQTgAaxDn4-6vDOxtDI";
    let expired = "eyJhIjp7ImlkIjoicm9vdCJ9LCJlIjoiQnJEQmVxIn0.VbgTNtoV09qKq1kzx2sgqg96pMc";
    let cleo = "eyJhIjp7ImlkIjoiY2xlb3Bhd3MiLCJuYW1lIjoiQ2zDqW8g8J-QtiJ9fQ.\
                jLyfVIZ8eb0iyfCriw6DpxYasEY";
    let cleo_is = json!({"id": "cleopaws", "name": "Cléo 🐶"});
    for (value, actor) in [
        (root, json!({"id": "root"})),
        (expired, json!(null)),
        (cleo, cleo_is),
    ] {
        let cookie = format!("ds_actor={value}");
        assert_eq!(ask(&site, "cookie", &cookie).await, is(actor));
    }
    let free = "eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDB9.DMgjgZPqNxNrhzJF2s5nFdLGwuU";
    let answer = ask(&site, "authorization", &format!("Bearer dstok_{free}")).await;
    assert_eq!(answer, is(json!({"id": "root", "token": "dstok"})));
    // The second one is compressed.
    for token in [
        "eyJhIjoicm9vdCIsInQiOjE3MDAwMDAwMDAsImQiOjM2MDB9.QYqaF1fA6aTabQdgOSz06kTZx0Y",
        ".eJyrVkpUslIqys8vUdJRKlGyMjQ3gAIdpRQlK2MzECO-SMmqGqQwWqksE6iurEQpFixdrZSSn1wMFi9Ui\
         q3VUSpCiIHp0tzUvBKwgswioMbSIqAqIAAAR5giBQ.uidlyFqFauzbSYqevZDpqFEB9Lk",
    ] {
        let (status, body) = ask(&site, "authorization", &format!("Bearer dstok_{token}")).await;
        assert_eq!((status, &body["error"]), (401, &json!("Token has expired")));
    }
    let message = ".eJyLjlbySM3JyVcIzy_KSVHSMYzVQRMxwhAxjo0FAOwqEXM.4Rn5QoBy0k-0FNsAXfKiYdmLgWo";
    let cookie = format!("ds_messages={message}");
    let page = site.ask(Question::get("/").header("cookie", &cookie)).await;
    assert_eq!(page.text().matches(">Hello World</p>").count(), 3);
}

// Proves: AUTH-22, TOK-23
#[tokio::test]
async fn whoever_asks_is_told_who_they_are() {
    let site = TestSite::build()
        .database("data", SQL)
        .default_deny()
        .start()
        .await;
    let is = |actor: Value| (200, json!({"ok": true, "actor": actor}));
    assert_eq!(ask(&site, "x", "y").await, is(json!(null)));
    let ann = format!("ds_actor={}", site.cookie(&Actor::with_id("ann")));
    assert_eq!(ask(&site, "cookie", &ann).await, is(json!({"id": "ann"})));
    for limits in [
        json!({}),
        json!(null),
        json!({"a": ["vt"]}),
        json!({"r": {"data": {"t": []}}}),
    ] {
        let payload = json!({"a": "ann", "t": 1, "_r": limits});
        let token = format!("Bearer dstok_{}", site.signer().sign(&payload, "token"));
        let actor = json!({"id": "ann", "token": "dstok", "_r": limits});
        assert_eq!(ask(&site, "authorization", &token).await, is(actor));
    }
    let nothing = site.get("/data/t.json").await;
    assert_eq!(nothing.status, 403);
}

/// Knows everybody, counts how often it is asked, and keeps the services.
#[derive(Clone, Default)]
struct Doorman {
    asked: Arc<AtomicUsize>,
    host: Arc<Mutex<Option<Arc<dyn HostServices>>>>,
}

impl Plugin for Doorman {
    fn name(&self) -> &str {
        "doorman"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::ActorFromRequest, HookName::Startup])
    }
    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        *self.host.lock().unwrap() = Some(context.shared_host());
        ready(())
    }
    fn actor_from_request<'a>(
        &'a self,
        _: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        ready(Some(Actor::with_id("guest")))
    }
}

// Proves: AUTH-21
#[tokio::test]
async fn who_asks_is_found_out_once_for_every_path() {
    let doorman = Doorman::default();
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(doorman.clone()))
        .static_file("a.txt", "a")
        .start()
        .await;
    for path in [
        "/",
        "/data/t",
        "/data/t.json",
        "/-/actor.json",
        "/-/static/app.css",
        "/favicon.ico",
        "/nowhere",
        "/data/nowhere.json",
        "/data/",
        "/-/logout",
    ] {
        let before = doorman.asked.load(Ordering::Relaxed);
        let answer = site.get(path).await;
        let after = doorman.asked.load(Ordering::Relaxed);
        assert_eq!(after - before, 1, "{path} {}", answer.status);
    }
    for method in [Method::POST, Method::OPTIONS, Method::PUT] {
        let mut question = Question::get("/data/t");
        question.method = method.clone();
        site.ask(question).await;
        assert!(doorman.asked.swap(0, Ordering::Relaxed) > 0, "{method}");
    }
    // Also what is not found has an actor.
    let missing = site.get("/nowhere").await.with_status(404);
    assert_eq!(missing.header("cache-control"), Some("private, no-store"));
}

/// A clock that tests move.
#[derive(Default)]
struct Moving(Mutex<Duration>);

impl Clock for Moving {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

// Proves: AUTH-16, AUTH-17, API-77
#[tokio::test]
async fn plugins_sign_in_for_as_long_as_they_say() {
    let doorman = Doorman::default();
    let clock = Arc::new(Moving::default());
    let at = |seconds: u64| *clock.0.lock().unwrap() = Duration::from_secs(seconds);
    let moving: Arc<dyn Clock> = clock.clone();
    let site = TestSite::build()
        .plugin(Arc::new(doorman.clone()))
        .clock(moving)
        .start()
        .await;
    let host = doorman.host.lock().unwrap().clone().unwrap();
    at(1_700_000_000);
    let ann = Actor::with_id("ann");
    let payload = |line: &str| {
        let value = line.strip_prefix("ds_actor=").unwrap();
        let value = value.strip_suffix("; Path=/; SameSite=lax").unwrap();
        site.signer().unsign(value, "actor").unwrap()
    };
    for endless in [None, Some(0)] {
        let line = host.actor_cookie(&ann, endless).unwrap();
        assert_eq!(payload(&line), json!({"a": {"id": "ann"}}));
    }
    // 1700000061 in base 62.
    let brief = host.actor_cookie(&ann, Some(61)).unwrap();
    assert_eq!(
        payload(&brief).to_string(),
        r#"{"a":{"id":"ann"},"e":"BrDBfp"}"#
    );
    assert_eq!(
        host.no_actor_cookie().unwrap(),
        "ds_actor=\"\"; expires=Tue, 14 Nov 2023 22:13:20 GMT; Max-Age=0; Path=/; SameSite=lax"
    );
    let plain = TestSite::build().clock(clock.clone()).start().await;
    let cookie = brief.split(';').next().unwrap();
    for (now, actor) in [
        (1_700_000_061, json!({"id": "ann"})),
        (1_700_000_062, json!(null)),
    ] {
        at(now);
        assert_eq!(ask(&plain, "cookie", cookie).await.1["actor"], actor);
    }
}
