//! Events, and what plugins put around writes.

use std::sync::Arc;

use datasette_core::{Fault, Value};
use datasette_hooks::{
    Answer, Context, Event, HookError, HookName, HookSet, Plugin, WriteConnection, WriteOutcome,
    WriteWrapper, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::{SQL, post};

pub(crate) type Noted = Arc<Mutex<Vec<Json>>>;

/// Notes events.
pub(crate) struct Ears(pub(crate) Noted);

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
    ) -> BoxFuture<'a, Answer<()>> {
        let actor = event
            .actor
            .as_ref()
            .map(|actor| actor.properties()["id"].clone());
        self.0
            .lock()
            .push(json!([event.name, actor, event.properties]));
        ready(())
    }
}

/// Writes into a table of its own around every write.
struct Around {
    name: &'static str,
    fails: &'static str,
}

impl Plugin for Around {
    fn name(&self) -> &str {
        self.name
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::WriteWrapper])
    }
    fn write_wrapper(
        &self,
        context: &Context<'_>,
        database: &str,
        transaction: bool,
    ) -> Answer<Option<Box<dyn WriteWrapper>>> {
        assert_eq!((database, transaction), ("data", true));
        assert!(context.request().is_some());
        Ok(Some(Box::new(Once {
            name: self.name,
            fails: self.fails,
        })))
    }
}

struct Once {
    name: &'static str,
    fails: &'static str,
}

impl Once {
    fn note(&self, connection: &mut dyn WriteConnection, what: &str) -> Result<(), HookError> {
        let text = (
            "text".to_owned(),
            Value::Text(format!("{} {what}", self.name)),
        );
        let noted = connection.execute("insert into plain values (:text)", &[text]);
        noted.map_err(HookError::Refused)?;
        match self.fails == what {
            true => Err(HookError::Refused(Fault::bad_request(format!(
                "{} fails",
                self.name
            )))),
            false => Ok(()),
        }
    }
}

impl WriteWrapper for Once {
    fn before(&mut self, connection: &mut dyn WriteConnection) -> Result<(), HookError> {
        self.note(connection, "before")
    }
    fn after(
        &mut self,
        connection: &mut dyn WriteConnection,
        outcome: WriteOutcome<'_>,
    ) -> Result<(), HookError> {
        connection.track_event(Event::new(self.name, None, std::time::Duration::ZERO));
        match outcome {
            WriteOutcome::Done(_) => self.note(connection, "after"),
            WriteOutcome::Failed(_) => self.note(connection, "after failure"),
        }
    }
}

async fn site(fails: [&'static str; 2]) -> (TestSite, Noted) {
    let noted = Noted::default();
    let around = |name, fails| Arc::new(Around { name, fails });
    let site = TestSite::build()
        .database("data", SQL)
        .root()
        .plugin(Arc::new(Ears(Arc::clone(&noted))))
        .plugin(around("outer", fails[0]))
        .plugin(around("inner", fails[1]))
        .start()
        .await;
    (site, noted)
}

async fn plain(site: &TestSite) -> Json {
    let rows = site.get("/data/plain.json?_shape=array").await.json();
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["v"].clone())
        .collect()
}

// Proves: HOOK-202, HOOK-203, HOOK-207, HOOK-208
#[tokio::test]
async fn wrappers_are_nested_in_the_transaction() {
    let (site, noted) = site(["", ""]).await;
    let row = json!({"row": {"name": "three"}});
    assert_eq!(post(&site, "/data/t/-/insert", &row).await.status, 201);
    let rows = plain(&site).await;
    let order: Vec<&str> = rows.as_array().unwrap()[1..]
        .iter()
        .filter_map(Json::as_str)
        .collect();
    // Which of two plugins comes first is the bus's business; what counts is the nesting.
    let (outer, inner) = (&order[0][..5], &order[1][..5]);
    assert_ne!(outer, inner);
    let expected = [
        format!("{outer} before"),
        format!("{inner} before"),
        format!("{inner} after"),
        format!("{outer} after"),
    ];
    assert_eq!(order, expected);
    let names: Vec<Json> = noted.lock().iter().map(|event| event[0].clone()).collect();
    assert_eq!(names, [json!(inner), json!(outer), json!("insert-rows")]);
}

// Proves: HOOK-204, HOOK-206, HOOK-208
#[tokio::test]
async fn a_wrapper_that_fails_undoes_the_write_and_its_events() {
    for fails in [["before", ""], ["", "before"], ["after", ""], ["", "after"]] {
        let (site, noted) = site(fails).await;
        let row = json!({"row": {"id": 30}});
        let answer = post(&site, "/data/t/-/insert", &row).await;
        assert_eq!(answer.status, 400, "{fails:?}");
        assert!(answer.json()["error"].as_str().unwrap().ends_with(" fails"));
        assert_eq!(plain(&site).await, json!(["p"]), "{fails:?}");
        assert_eq!(site.get("/data/t/30.json").await.status, 404);
        assert!(noted.lock().is_empty(), "{fails:?}");
    }
}

// Proves: WRITE-41, WRITE-50, WRITE-62, WRITE-68, EVT-09, EVT-10, EVT-11, EVT-12, EVT-13, EVT-16
#[tokio::test]
async fn every_change_is_told_once_and_failures_are_not() {
    let noted = Noted::default();
    let ears = Arc::new(Ears(Arc::clone(&noted)));
    let site = TestSite::build()
        .database("data", SQL)
        .root()
        .plugin(ears)
        .start()
        .await;
    for (path, body) in [
        ("t/-/insert", json!({"rows": [{"id": 1}]})),
        ("t/-/insert", json!({"rows": [{"nothing": 1}]})),
        ("t/9/-/update", json!({"update": {"n": 1}})),
        ("t/1/-/update", json!({"update": {"nothing": 1}})),
        ("t/9/-/delete", json!({})),
        ("t/-/upsert", json!({"rows": [{"n": 1}]})),
    ] {
        let answer = post(&site, &format!("/data/{path}"), &body).await;
        assert!(answer.status >= 400, "{path} {body}");
    }
    assert_eq!(*noted.lock(), Vec::<Json>::new());
    for (path, body) in [
        (
            "t/-/insert",
            json!({"rows": [{"id": 1}, {"id": 5}], "ignore": 1}),
        ),
        (
            "t/-/insert",
            json!({"row": {"id": 6, "extra": 1}, "alter": true}),
        ),
        ("t/-/upsert", json!({"rows": [{"id": 6, "extra": 2}]})),
        (
            "t/6/-/update",
            json!({"update": {"another": 1}, "alter": true}),
        ),
        ("pair/x,y/-/delete", json!("ignored")),
    ] {
        let answer = post(&site, &format!("/data/{path}"), &body).await;
        assert!(answer.status < 300, "{path} {body}: {}", answer.text());
    }
    let before = "CREATE TABLE t (id integer primary key, name text, n integer default 7)";
    let after = before.replace(')', ", \"extra\" INTEGER)");
    let insert = |rows: u8, ignore| {
        json!(["insert-rows", "root", {"database": "data", "table": "t",
            "num_rows": rows, "ignore": ignore, "replace": false}])
    };
    let expected = [
        insert(2, true),
        insert(1, false),
        json!(["alter-table", "root", {"database": "data", "table": "t",
            "before_schema": before, "after_schema": after}]),
        json!(["upsert-rows", "root", {"database": "data", "table": "t", "num_rows": 1}]),
        json!(["update-row", "root", {"database": "data", "table": "t", "pks": ["6"]}]),
        json!(["delete-row", "root", {"database": "data", "table": "pair", "pks": ["x", "y"]}]),
    ];
    assert_eq!(*noted.lock(), expected);
}
