//! Calls that run, break off or are wrapped by plugins.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use datasette_core::{Actor, Fault};
use datasette_hooks::{
    Answer as HookAnswer, Context, HookError, HookName, HookSet, Plugin, WriteConnection,
    WriteOutcome, WriteWrapper,
};
use parking_lot::Mutex;
use serde_json::json;

use crate::{build, call, error, is_again, post, rows};

const INSERT: &str = "/data/t/-/insert";
const BODY: &str = r#"{"row": {"n": 3}}"#;

/// Counts writes, and does to each what it was told.
#[derive(Clone, Default)]
struct Around {
    asked: Arc<AtomicUsize>,
    next: Arc<Mutex<Option<Manner>>>,
}

enum Manner {
    /// Tells that it was reached and waits.
    Waits(Sender<()>, Receiver<()>),
    Fails,
    Panics,
}

impl Plugin for Around {
    fn name(&self) -> &str {
        "around"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::WriteWrapper])
    }
    fn write_wrapper(
        &self,
        _: &Context<'_>,
        _: &str,
        _: bool,
    ) -> HookAnswer<Option<Box<dyn WriteWrapper>>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Some(Box::new(Wrapper(self.next.lock().take()))))
    }
}

struct Wrapper(Option<Manner>);

impl WriteWrapper for Wrapper {
    fn before(&mut self, _: &mut dyn WriteConnection) -> Result<(), HookError> {
        Ok(())
    }
    fn after(&mut self, _: &mut dyn WriteConnection, _: WriteOutcome<'_>) -> Result<(), HookError> {
        match &self.0 {
            None => Ok(()),
            Some(Manner::Waits(reached, go_on)) => {
                reached.send(()).unwrap();
                go_on.recv().unwrap();
                Ok(())
            }
            Some(Manner::Fails) => Err(HookError::Refused(Fault::internal("on purpose"))),
            Some(Manner::Panics) => panic!("on purpose"),
        }
    }
}

// Proves: WRITE-155, WRITE-157
#[tokio::test(flavor = "multi_thread")]
async fn while_it_runs_it_is_not_done_again() {
    let around = Around::default();
    let site = Arc::new(build().plugin(Arc::new(around.clone())).start().await);
    let (reached, is_reached) = channel();
    let (go_on, goes_on) = channel();
    *around.next.lock() = Some(Manner::Waits(reached, goes_on));
    let first = tokio::spawn({
        let site = Arc::clone(&site);
        async move { post(&site, "k", INSERT, BODY).await }
    });
    let waiting = tokio::task::spawn_blocking(move || is_reached.recv().unwrap());
    waiting.await.unwrap();
    let second = post(&site, "k", INSERT, BODY).await.with_status(409);
    assert!(
        error(&second).contains("is being carried out"),
        "{}",
        error(&second)
    );
    go_on.send(()).unwrap();
    assert!(!is_again(&first.await.unwrap().with_status(201)));
    assert!(is_again(
        &post(&site, "k", INSERT, BODY).await.with_status(201)
    ));
    // Plugins hear of it once.
    assert_eq!(around.asked.load(Ordering::Relaxed), 1);
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[3]]));
}

// Proves: WRITE-159
#[tokio::test]
async fn failures_that_change_nothing_are_forgotten() {
    let around = Around::default();
    let site = build().plugin(Arc::new(around.clone())).start().await;
    for manner in [Manner::Fails, Manner::Panics] {
        *around.next.lock() = Some(manner);
        post(&site, "k", INSERT, BODY).await.with_status(500);
    }
    assert!(!is_again(
        &post(&site, "k", INSERT, BODY).await.with_status(201)
    ));
    assert!(is_again(
        &post(&site, "k", INSERT, BODY).await.with_status(201)
    ));
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[3]]));
}

// Proves: WRITE-157
#[tokio::test]
async fn what_broke_off_is_never_done_again() {
    let site = build().start().await;
    // As the end of a process leaves it.
    let begun = "insert into keyed_calls (actor, key, request, body_bytes, begun_at) \
         values ('[\"root\"]', 'k', x'00', 3, unixepoch())";
    let internal = site.instance().internal.database();
    let noted = internal.write(move |writer| Ok(writer.execute_batch(begun)?));
    noted.await.unwrap();
    let unknown = post(&site, "k", INSERT, BODY).await.with_status(409);
    let words = error(&unknown);
    assert!(words.contains("outcome of the call"), "{words}");
    assert!(words.contains("with a new key"), "{words}");
    // It is that of one actor.
    let ann = Actor::with_id("ann");
    let other = site.ask(call(&site, Some(&ann), "k", INSERT, BODY)).await;
    assert_eq!(other.status, 403);
    post(&site, "new", INSERT, BODY).await.with_status(201);
    assert_eq!(rows(&site, "select count(*) from t").await, json!([[3]]));
}
