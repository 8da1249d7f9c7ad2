//! Work of plugins beside the requests: what is listed of it, when it starts and how it ends.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use datasette_core::Actor;
use datasette_core::clock::FixedClock;
use datasette_hooks::{
    Answer, BackgroundTask, BackgroundWork, Context, HookError, HookName, HookSet, HostServices,
    Plugin, TaskEnd, TaskState,
};
use datasette_testkit::{SiteBuilder, TestSite};

use futures_util::future::BoxFuture;
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;
use tracing::subscriber::DefaultGuard;

use crate::hooks;

type Notes = Arc<Mutex<Vec<String>>>;
type OnStart = Arc<dyn Fn(&dyn HostServices) + Send + Sync>;

/// Does something with the services when the server starts, and notes what it sees at its end.
#[derive(Clone)]
struct Worker {
    name: &'static str,
    on_start: OnStart,
    notes: Notes,
    host: Arc<Mutex<Option<Arc<dyn HostServices>>>>,
    tasks: Arc<Mutex<Vec<Arc<dyn BackgroundTask>>>>,
}

impl Worker {
    fn new(
        name: &'static str,
        works: impl Fn() -> Vec<BackgroundWork> + Send + Sync + 'static,
    ) -> Self {
        let tasks = Arc::<Mutex<Vec<_>>>::default();
        let kept = Arc::clone(&tasks);
        Self {
            name,
            on_start: Arc::new(move |host| {
                for work in works() {
                    kept.lock()
                        .unwrap()
                        .push(host.add_background_task(work).unwrap());
                }
            }),
            notes: Notes::default(),
            host: Arc::default(),
            tasks,
        }
    }

    fn task(&self, place: usize) -> Arc<dyn BackgroundTask> {
        Arc::clone(&self.tasks.lock().unwrap()[place])
    }
}

impl Plugin for Worker {
    fn name(&self) -> &str {
        self.name
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::Startup, HookName::Shutdown])
    }
    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            *self.host.lock().unwrap() = Some(context.shared_host());
            (self.on_start)(context.host());
            Ok(())
        })
    }
    fn shutdown<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let tasks = self.tasks.lock().unwrap();
            let states = tasks.iter().map(|task| task.state().name());
            let note = format!("{}: {}", self.name, states.collect::<Vec<_>>().join(" "));
            self.notes.lock().unwrap().push(note);
            Err(HookError::failed("too late to matter"))
        })
    }
}

fn build(worker: &Worker) -> SiteBuilder {
    TestSite::build()
        .config(json!({"permissions": {"permissions-debug": {"id": "ann"}}}))
        .clock(Arc::new(FixedClock(Duration::from_micros(
            1_709_210_096_000_789,
        ))))
        .plugin(Arc::new(worker.clone()))
}

async fn listed(site: &TestSite) -> Json {
    let answer = site.get_as(&Actor::with_id("ann"), "/-/tasks.json").await;
    answer.with_status(200).json()
}

/// Name, state and exception of each task.
fn outline(listed: &Json) -> Vec<String> {
    let tasks = listed["tasks"].as_array().unwrap().iter();
    let outline = tasks.map(|task| {
        let word = |key: &str| task[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", word("name"), word("state"), word("exception"))
    });
    outline.collect()
}

async fn endless(_: Arc<dyn HostServices>) -> Result<(), HookError> {
    std::future::pending().await
}

async fn short(_: Arc<dyn HostServices>) -> Result<(), HookError> {
    Ok(())
}

/// Waits until nothing more will happen to a task.
async fn over(task: &dyn BackgroundTask) -> TaskState {
    while !task.state().is_over() {
        tokio::task::yield_now().await;
    }
    task.state()
}

/// What is logged in this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

// Proves: BG-01, BG-05, API-107, DEBUG-11
#[tokio::test]
async fn tasks_wait_until_every_plugin_has_started() {
    let worker = Worker::new("early", || {
        vec![
            BackgroundWork::new("module.first", endless),
            BackgroundWork::new("module.Class.second", short).named("mine"),
        ]
    });
    let site = build(&worker).without_background_tasks().start().await;
    let entry = |name: &str, function: &str| json!({"name": name, "state": "registered", "function": function, "started_at": null, "exception": null});
    assert_eq!(
        listed(&site).await,
        json!({
            "ok": true,
            "tasks": [entry("first", "module.first"), entry("mine", "module.Class.second")],
            "launched": false,
        })
    );
    site.app().launch_background_tasks();
    over(worker.task(1).as_ref()).await;
    let started = json!("2024-02-29T12:34:56.000789+00:00");
    let after = listed(&site).await;
    assert_eq!(after["launched"], true);
    assert_eq!(outline(&after), ["first running -", "mine completed -"]);
    assert_eq!(after["tasks"][0]["started_at"], started);
    // What comes later starts at once.
    let host = worker.host.lock().unwrap().clone().unwrap();
    let late = host
        .add_background_task(BackgroundWork::new("module.late", short))
        .unwrap();
    assert_eq!(late.started_at().map(Json::from), Some(started));
    assert_eq!(over(late.as_ref()).await, TaskState::Completed);
    assert_eq!(
        outline(&listed(&site).await).last().unwrap(),
        "late completed -"
    );
    // A second launch starts nothing again.
    site.app().launch_background_tasks();
    assert_eq!(worker.task(1).state(), TaskState::Completed);
}

// Proves: BG-02
#[tokio::test]
async fn names_are_unique() {
    let worker = Worker::new("many", || {
        let work = || BackgroundWork::new("module.poll", endless);
        vec![
            work(),
            work(),
            work().named("poll"),
            work().named(""),
            work().named("poll-2"),
        ]
    });
    let site = build(&worker).start().await;
    let names: Vec<String> = worker
        .tasks
        .lock()
        .unwrap()
        .iter()
        .map(|task| task.name().to_owned())
        .collect();
    assert_eq!(names, ["poll", "poll-2", "poll-3", "poll-4", "poll-2-2"]);
    drop(site);
}

// Proves: BG-03, API-110
#[tokio::test]
async fn one_that_crashes_is_logged_and_costs_nobody_else_anything() {
    let (log, _guard) = Log::listen();
    let worker = Worker::new("crashing", || {
        let fails = |_| async { Err(HookError::failed("no more\nto fetch")) };
        let panics = |_| async { panic!("oh no") };
        vec![
            BackgroundWork::new("module.fails", fails),
            BackgroundWork::new("module.panics", panics),
            BackgroundWork::new("module.lives", endless),
            BackgroundWork::new("module.ends", short),
        ]
    });
    let site = build(&worker).start().await;
    for place in [0, 1, 3] {
        over(worker.task(place).as_ref()).await;
    }
    worker.task(2).cancel();
    assert_eq!(over(worker.task(2).as_ref()).await, TaskState::Cancelled);
    let after = listed(&site).await;
    assert_eq!(
        outline(&after),
        [
            "fails crashed Failed(\"no more\\nto fetch\")",
            "panics crashed Panicked(\"oh no\")",
            "lives cancelled -",
            "ends completed -",
        ]
    );
    assert!(
        log.text()
            .contains("Background task 'fails' crashed\nno more\nto fetch\n"),
        "{}",
        log.text()
    );
    assert!(
        log.text()
            .contains("Background task 'panics' crashed\npanicked: oh no\n"),
        "{}",
        log.text()
    );
}

// Proves: BG-04
#[tokio::test]
async fn what_is_called_off_before_it_starts_never_was() {
    let (ran, runs) = oneshot::channel::<()>();
    let ran = Mutex::new(Some(ran));
    let worker = Worker::new("hesitant", move || {
        let ran = ran.lock().unwrap().take();
        vec![
            BackgroundWork::new("module.gone", |_| async move {
                let _ = ran.map(|ran| ran.send(()));
                Ok(())
            }),
            BackgroundWork::new("module.stays", short),
        ]
    });
    let site = build(&worker).without_background_tasks().start().await;
    worker.task(0).cancel();
    // Its name is free again.
    let host = worker.host.lock().unwrap().clone().unwrap();
    let other = host
        .add_background_task(BackgroundWork::new("other.gone", short))
        .unwrap();
    assert_eq!(other.name(), "gone");
    site.app().launch_background_tasks();
    assert_eq!(over(other.as_ref()).await, TaskState::Completed);
    assert_eq!(
        outline(&listed(&site).await),
        ["stays completed -", "gone completed -"]
    );
    assert_eq!(worker.task(0).state(), TaskState::Registered);
    // It was dropped without having run.
    assert!(runs.await.is_err());
}

// Proves: BG-06
#[tokio::test]
async fn without_plugins_there_is_nothing_to_list() {
    let site = TestSite::build()
        .config(json!({"permissions": {"permissions-debug": {"id": "ann"}}}))
        .start()
        .await;
    assert_eq!(
        listed(&site).await,
        json!({"ok": true, "tasks": [], "launched": true})
    );
}

// Proves: BG-07, BG-08, HOOK-14
#[tokio::test]
async fn hooks_see_tasks_run_and_then_tasks_put_things_in_order() {
    let (log, _guard) = Log::listen();
    let tidied = Notes::default();
    let notes = Arc::clone(&tidied);
    let orderly = Worker::new("orderly", move || {
        let notes = Arc::clone(&notes);
        vec![
            BackgroundWork::cooperative("module.tidy", |start| async move {
                start.cancelled.await;
                // The databases are still there.
                let one = start.host.execute("_memory", "select 1", Vec::new()).await;
                notes
                    .lock()
                    .unwrap()
                    .push(format!("{:?}", one.unwrap().rows.len()));
                TaskEnd::Cancelled
            }),
            BackgroundWork::cooperative("module.finish", |start| async move {
                start.cancelled.await;
                TaskEnd::Completed
            }),
        ]
    });
    let other = Worker::new("other", || {
        vec![BackgroundWork::new("module.drop", endless)]
    });
    let site = build(&orderly)
        .memory()
        .plugin(Arc::new(other.clone()))
        .start()
        .await;
    site.app().stop().await;
    assert_eq!(*orderly.notes.lock().unwrap(), ["orderly: running running"]);
    assert_eq!(*other.notes.lock().unwrap(), ["other: running"]);
    assert_eq!(
        log.text()
            .matches("shutdown hook failed: too late to matter")
            .count(),
        2
    );
    assert_eq!(*tidied.lock().unwrap(), ["1"]);
    let states = [orderly.task(0), orderly.task(1), other.task(0)].map(|task| task.state());
    assert_eq!(
        states,
        [
            TaskState::Cancelled,
            TaskState::Completed,
            TaskState::Cancelled
        ]
    );
    // It runs once.
    site.app().stop().await;
    assert_eq!(orderly.notes.lock().unwrap().len(), 1);
    let host = other.host.lock().unwrap().clone().unwrap();
    let late = host.add_background_task(BackgroundWork::new("module.late", short));
    assert_eq!(late.err().unwrap().status(), 503);
}

// Proves: BG-09
#[tokio::test]
async fn who_does_not_end_is_named() {
    let (log, _guard) = Log::listen();
    let worker = Worker::new("stubborn", || {
        let deaf = || {
            BackgroundWork::cooperative("module.deaf", |_| async { std::future::pending().await })
        };
        vec![
            deaf(),
            deaf().named("another"),
            BackgroundWork::new("module.polite", endless),
        ]
    });
    let site = build(&worker).start().await;
    site.instance()
        .background
        .stop(Duration::from_millis(60))
        .await;
    assert_eq!(worker.task(0).state(), TaskState::Running);
    assert_eq!(worker.task(2).state(), TaskState::Cancelled);
    let words = "2 background task(s) did not finish within the 0.1s grace period after cancellation: another, deaf";
    assert!(log.text().contains(words), "{}", log.text());
    assert_eq!(datasette_engine::background::GRACE, Duration::from_secs(5));
}
