//! Calls under a key of their client: carried out once, however often they are sent.

// Helpers of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod around;
mod calls;
mod kept;
mod model;
mod rights;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use datasette_core::Actor;
use datasette_core::clock::Clock;
use datasette_hooks::{Answer as HookAnswer, Context, Event, HookName, HookSet, Plugin, ready};
use datasette_testkit::{Answer, SiteBuilder, TestSite};
use datasette_web::in_process::Question;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::Value as Json;

const SQL: &str = "
    create table t (id integer primary key, name text unique, n integer default 7);
    insert into t values (1, 'one', 1), (2, 'two', 2);";

/// The hands of a clock that tests turn.
#[derive(Clone, Debug, Default)]
struct Hands(Arc<AtomicU64>);

impl Hands {
    fn forward(&self, by: Duration) {
        self.0.fetch_add(by.as_secs(), Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now(&self) -> Duration {
        Duration::from_secs(1_700_000_000 + self.0.load(Ordering::Relaxed))
    }
}

/// Notes the names of events.
#[derive(Clone, Default)]
struct Ears(Arc<Mutex<Vec<String>>>);

impl Ears {
    fn heard(&self) -> usize {
        self.0.lock().len()
    }
}

impl Plugin for Ears {
    fn name(&self) -> &str {
        "ears"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::TrackEvent])
    }
    fn track_event<'a>(
        &'a self,
        _: &'a Context<'a>,
        event: &'a Event,
    ) -> BoxFuture<'a, HookAnswer<()>> {
        self.0.lock().push(event.name.clone());
        ready(())
    }
}

fn build() -> SiteBuilder {
    TestSite::build().database("data", SQL).root()
}

/// A call of an actor, where there is one, under a key.
fn call(site: &TestSite, actor: Option<&Actor>, key: &str, path: &str, body: &str) -> Question {
    let question = Question::post(path, body.to_owned()).header("Idempotency-Key", key);
    match actor {
        None => question,
        Some(actor) => question.header("cookie", &format!("ds_actor={}", site.cookie(actor))),
    }
}

/// The same as the one who may do everything.
async fn post(site: &TestSite, key: &str, path: &str, body: &str) -> Answer {
    let root = Actor::with_id("root");
    site.ask(call(site, Some(&root), key, path, body)).await
}

fn is_again(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

fn error(answer: &Answer) -> String {
    answer.json()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

async fn rows(site: &TestSite, sql: &str) -> Json {
    let sql = sql.replace(' ', "+");
    let path = format!("/data/-/query.json?_shape=arrays&sql={sql}");
    let root = Actor::with_id("root");
    site.get_as(&root, &path).await.with_status(200).json()["rows"].clone()
}
