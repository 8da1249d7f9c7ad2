//! A client that leaves while its rows are stored.

use std::sync::Arc;
use std::sync::mpsc;

use datasette_hooks::{
    Answer, Context, HookError, HookName, HookSet, Plugin, WriteConnection, WriteWrapper,
};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::SQL;

/// Stops every write at its beginning until it is told to go on.
struct Gate {
    reached: UnboundedSender<()>,
    open: Arc<Mutex<mpsc::Receiver<()>>>,
}

impl Plugin for Gate {
    fn name(&self) -> &str {
        "gate"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::WriteWrapper])
    }
    fn write_wrapper(
        &self,
        _: &Context<'_>,
        _: &str,
        _: bool,
    ) -> Answer<Option<Box<dyn WriteWrapper>>> {
        Ok(Some(Box::new(Self {
            reached: self.reached.clone(),
            open: Arc::clone(&self.open),
        })))
    }
}

impl WriteWrapper for Gate {
    fn before(&mut self, _: &mut dyn WriteConnection) -> Result<(), HookError> {
        self.reached.send(()).unwrap();
        self.open.lock().recv().unwrap();
        Ok(())
    }
}

async fn site() -> (Arc<TestSite>, UnboundedReceiver<()>, mpsc::Sender<()>) {
    let (reached, arrivals) = unbounded_channel();
    let (opener, open) = mpsc::channel();
    let gate = Gate {
        reached,
        open: Arc::new(Mutex::new(open)),
    };
    let site = TestSite::build()
        .database("data", SQL)
        .config(serde_json::json!({"permissions": {"insert-row": true}}))
        .plugin(Arc::new(gate))
        .start()
        .await;
    (Arc::new(site), arrivals, opener)
}

fn insert(value: &str) -> Question {
    let rows = format!("v\n{value} 1\n{value} 2\n");
    Question::post("/data/plain/-/insert", rows).header("content-type", "text/csv")
}

// Proves: WRITE-153
#[tokio::test]
async fn rows_that_nobody_waits_for_are_not_stored() {
    let (site, mut arrivals, opener) = site().await;
    let asking = {
        let site = Arc::clone(&site);
        tokio::spawn(async move { site.ask(insert("left")).await })
    };
    arrivals.recv().await.unwrap();
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    opener.send(()).unwrap();

    opener.send(()).unwrap();
    let answer = site.ask(insert("stayed")).await;
    answer.with_status(201);
    let rows = site.get("/data/plain.json?_shape=array&_size=max").await;
    assert!(rows.text().contains("stayed 2"), "{}", rows.text());
    assert!(!rows.text().contains("left"), "{}", rows.text());
}
