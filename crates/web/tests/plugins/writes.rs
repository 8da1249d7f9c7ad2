//! What plugins write themselves goes the way of all writes: with what plugins put around them, and
//! with the events of renamed tables.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use datasette_core::{Actor, Fault, Value};
use datasette_hooks::{
    Answer, Context, Event, HookError, HookName, HookSet, HostServices, Plugin, RequestInfo,
    WriteConnection, WriteOutcome, WriteWrapper, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};

use crate::{SQL, hooks};

type Notes = Arc<Mutex<Vec<Json>>>;

/// Keeps the services, notes events, and stands around writes.
#[derive(Clone, Default)]
struct Writing {
    notes: Notes,
    host: Arc<Mutex<Option<Arc<dyn HostServices>>>>,
}

impl Plugin for Writing {
    fn name(&self) -> &str {
        "writing"
    }
    fn implements(&self) -> HookSet {
        hooks(&[
            HookName::Startup,
            HookName::TrackEvent,
            HookName::WriteWrapper,
        ])
    }
    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        *self.host.lock().unwrap() = Some(context.shared_host());
        ready(())
    }
    fn track_event<'a>(
        &'a self,
        _: &'a Context<'a>,
        event: &'a Event,
    ) -> BoxFuture<'a, Answer<()>> {
        let actor = event.actor.as_ref().and_then(Actor::id);
        let note = json!([event.name, actor, event.properties]);
        self.notes.lock().unwrap().push(note);
        ready(())
    }
    fn write_wrapper(
        &self,
        context: &Context<'_>,
        database: &str,
        transaction: bool,
    ) -> Answer<Option<Box<dyn WriteWrapper>>> {
        let path = context.request().map(|request| request.path.clone());
        let note = json!(["around", database, transaction, path]);
        self.notes.lock().unwrap().push(note);
        Ok(Some(Box::new(Around(Arc::clone(&self.notes)))))
    }
}

struct Around(Notes);

impl WriteWrapper for Around {
    fn before(&mut self, _: &mut dyn WriteConnection) -> Result<(), HookError> {
        Ok(())
    }
    fn after(
        &mut self,
        connection: &mut dyn WriteConnection,
        outcome: WriteOutcome<'_>,
    ) -> Result<(), HookError> {
        let WriteOutcome::Done(told) = outcome else {
            return Ok(());
        };
        self.0.lock().unwrap().push(json!(["told", told]));
        connection.track_event(Event::new("queued", None, Duration::ZERO));
        // What the write did is seen here, before it is committed.
        let poisoned = connection.execute("select 1 from t where name = 'poison'", &[]);
        match poisoned {
            Ok(rows) if !rows.is_empty() => {
                Err(HookError::Refused(Fault::bad_request("poison is refused")))
            }
            _ => Ok(()),
        }
    }
}

fn request() -> RequestInfo {
    RequestInfo {
        path: "/-/mine".to_owned(),
        actor: Some(Actor::with_id("ann")),
        ..RequestInfo::default()
    }
}

async fn start() -> (TestSite, Writing, Arc<dyn HostServices>) {
    let plugin = Writing::default();
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(plugin.clone()))
        .start()
        .await;
    let host = plugin.host.lock().unwrap().clone().unwrap();
    (site, plugin, host)
}

impl Writing {
    fn noted(&self) -> Vec<Json> {
        std::mem::take(&mut self.notes.lock().unwrap())
    }
}

// Proves: HOOK-200, HOOK-202, HOOK-203, HOOK-206, HOOK-208
#[tokio::test]
async fn plugins_stand_around_the_writes_of_plugins() {
    let (site, plugin, host) = start().await;
    let insert = "insert into t (name) values (:name)";
    let named = |name: &str| vec![("name".to_owned(), Value::from(name))];
    let request = request();
    let written = host.execute_write("data", insert, named("dan"), Some(&request));
    assert_eq!(written.await.unwrap().rowcount, 1);
    let expected = [
        json!(["around", "data", true, "/-/mine"]),
        json!(["told", {"rowcount": 1}]),
        json!(["queued", null, {}]),
    ];
    assert_eq!(plugin.noted(), expected);
    // What the wrapper refuses is undone, and nobody is told.
    let refused = host.execute_write("data", insert, named("poison"), None);
    assert_eq!(refused.await.unwrap_err().message(), "poison is refused");
    let expected = [
        json!(["around", "data", true, null]),
        json!(["told", {"rowcount": 1}]),
    ];
    assert_eq!(plugin.noted(), expected);
    let count = site.get("/data/t.json?_shape=array&name=poison").await;
    assert_eq!(count.json(), json!([]));
}

// Proves: EVT-14
#[tokio::test]
async fn a_table_that_a_plugin_renames_is_told_and_known_at_once() {
    let (site, plugin, host) = start().await;
    let rename = "alter table t rename to renamed";
    let request = request();
    let written = host.execute_write("data", rename, Vec::new(), Some(&request));
    written.await.unwrap();
    let told = plugin.noted();
    let event = json!(["rename-table", "ann",
        {"database": "data", "old_table": "t", "new_table": "renamed"}]);
    assert_eq!(told.last(), Some(&event), "{told:?}");
    assert_eq!(site.get("/data/renamed.json").await.status, 200);
    assert_eq!(site.get("/data/t.json").await.status, 404);
}

// Proves: HOOK-200
#[tokio::test]
async fn writes_to_the_own_database_of_the_server_are_writes_too() {
    let (_site, plugin, host) = start().await;
    for sql in ["create table mine (a)", "insert into mine values (1)"] {
        let written = host.execute_write("__INTERNAL__", sql, Vec::new(), None);
        written.await.unwrap();
        let noted = plugin.noted();
        let around = json!(["around", "__INTERNAL__", true, null]);
        assert_eq!(noted.first(), Some(&around));
        assert_eq!(noted.last(), Some(&json!(["queued", null, {}])));
    }
    let unknown = host.execute_write("nope", "select 1", Vec::new(), None);
    assert_eq!(unknown.await.unwrap_err().status(), 404);
}
