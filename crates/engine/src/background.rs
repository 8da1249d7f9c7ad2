//! Starts, lists and ends the work that plugins have done beside the requests (BG-01 to BG-09).

use std::sync::{Arc, Weak};
use std::time::Duration;

use datasette_core::clock::Clock;
use datasette_core::{Fault, UtcTime, python_text};
use datasette_hooks::{
    BackgroundTask, BackgroundWork, Crash, HostServices, TaskEnd, TaskStart, TaskState, settle,
};
use futures_util::FutureExt;
use futures_util::future::join_all;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long tasks may take to end (BG-07).
pub const GRACE: Duration = Duration::from_secs(5);

/// All tasks of a server.
pub struct Background {
    clock: Arc<dyn Clock>,
    tasks: Mutex<Tasks>,
}

#[derive(Default)]
struct Tasks {
    /// In the order in which they came. Those that are over stay, so that they can be looked at.
    listed: Vec<Arc<Task>>,
    /// Where tasks run, from the moment they may.
    runtime: Option<Handle>,
    is_stopping: bool,
}

/// One task.
struct Task {
    name: String,
    function: String,
    background: Weak<Background>,
    state: watch::Sender<TaskState>,
    cancelled: watch::Sender<bool>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// Until it is started.
    waiting: Option<(BackgroundWork, Arc<dyn HostServices>)>,
    started_at: Option<Duration>,
    exception: Option<String>,
}

impl Background {
    /// No tasks yet; the clock tells when they start.
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            clock,
            tasks: Mutex::default(),
        })
    }

    /// Takes work, and starts it if tasks may run already.
    ///
    /// # Errors
    /// The server stops.
    pub fn add(
        self: &Arc<Self>,
        work: BackgroundWork,
        host: Arc<dyn HostServices>,
    ) -> Result<Arc<dyn BackgroundTask>, Fault> {
        let mut tasks = self.tasks.lock();
        if tasks.is_stopping {
            return Err(Fault::unavailable("The server stops"));
        }
        let wanted = work.name.as_ref().filter(|name| !name.is_empty());
        let task = Arc::new(Task {
            name: tasks.unique(wanted.unwrap_or(&work.qualified_name)),
            function: work.function.clone(),
            background: Arc::downgrade(self),
            state: watch::Sender::new(TaskState::Registered),
            cancelled: watch::Sender::new(false),
            progress: Mutex::new(Progress {
                waiting: Some((work, host)),
                ..Progress::default()
            }),
        });
        tasks.listed.push(Arc::clone(&task));
        if let Some(runtime) = &tasks.runtime {
            task.start(runtime, self.clock.now());
        }
        Ok(task)
    }

    /// Starts what waits; from now on tasks start when they come. Only the first call counts. Must
    /// be called on the runtime that tasks are to run on.
    pub fn launch(&self) {
        let mut tasks = self.tasks.lock();
        if tasks.runtime.is_some() {
            return;
        }
        let runtime = tasks.runtime.insert(Handle::current()).clone();
        for task in &tasks.listed {
            task.start(&runtime, self.clock.now());
        }
    }

    /// Whether tasks may run.
    pub fn is_launched(&self) -> bool {
        self.tasks.lock().runtime.is_some()
    }

    /// All tasks, those included that are over.
    pub fn tasks(&self) -> Vec<Arc<dyn BackgroundTask>> {
        let tasks = self.tasks.lock();
        let listed = tasks.listed.iter().cloned();
        listed.map(|task| task as Arc<dyn BackgroundTask>).collect()
    }

    /// Tells all tasks to end and waits for them, at most for `grace`; those that take longer are
    /// left alone and logged (BG-09). No task is taken any more.
    pub async fn stop(&self, grace: Duration) {
        let running: Vec<Arc<Task>> = {
            let mut tasks = self.tasks.lock();
            tasks.is_stopping = true;
            let running = tasks.listed.iter().filter(|task| task.is_running());
            running.cloned().collect()
        };
        for task in &running {
            task.cancel();
        }
        let over = running.iter().map(|task| task.over());
        if timeout(grace, join_all(over)).await.is_ok() {
            return;
        }
        let stragglers = running.iter().filter(|task| task.is_running());
        let mut names: Vec<&str> = stragglers.map(|task| task.name.as_str()).collect();
        names.sort_unstable();
        if !names.is_empty() {
            tracing::warn!("{}", unfinished(&names, grace));
        }
    }
}

/// The words about tasks that do not end (BG-09).
fn unfinished(names: &[&str], grace: Duration) -> String {
    format!(
        "{} background task(s) did not finish within the {:.1}s grace period after cancellation: {}",
        names.len(),
        grace.as_secs_f64(),
        names.join(", ")
    )
}

impl Tasks {
    /// The name, or the first of `name-2`, `name-3`, ... that no task has (BG-02).
    fn unique(&self, name: &str) -> String {
        let is_taken = |name: &str| self.listed.iter().any(|task| task.name == name);
        if !is_taken(name) {
            return name.to_owned();
        }
        let mut number = 2;
        loop {
            let numbered = format!("{name}-{number}");
            if !is_taken(&numbered) {
                return numbered;
            }
            number += 1;
        }
    }
}

impl Task {
    fn is_running(&self) -> bool {
        *self.state.borrow() == TaskState::Running
    }

    async fn over(&self) {
        // Only fails when the task is gone, which we hold.
        let _ = self
            .state
            .subscribe()
            .wait_for(|state| state.is_over())
            .await;
    }

    fn start(self: &Arc<Self>, runtime: &Handle, now: Duration) {
        let waiting = {
            let mut progress = self.progress.lock();
            progress.started_at = Some(now);
            progress.waiting.take()
        };
        let Some((work, host)) = waiting else { return };
        self.state.send_replace(TaskState::Running);
        let mut told = self.cancelled.subscribe();
        let cancelled = async move {
            if told.wait_for(|is_cancelled| *is_cancelled).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let start = TaskStart {
            host,
            cancelled: cancelled.boxed(),
        };
        let task = Arc::clone(self);
        runtime.spawn(async move {
            // Starting the work may panic before there is anything to wait for.
            let ended = settle(async { Ok(work.start(start).await) }).await;
            task.end(ended.unwrap_or_else(|error| TaskEnd::Crashed(error.into())));
        });
    }

    fn end(&self, end: TaskEnd) {
        self.state.send_replace(match end {
            TaskEnd::Completed => TaskState::Completed,
            TaskEnd::Cancelled => TaskState::Cancelled,
            TaskEnd::Crashed(Crash { exception, report }) => {
                let name = python_text::repr(&self.name);
                tracing::error!("Background task {name} crashed\n{report}");
                self.progress.lock().exception = Some(exception);
                TaskState::Crashed
            }
        });
    }
}

impl BackgroundTask for Task {
    fn name(&self) -> &str {
        &self.name
    }

    fn state(&self) -> TaskState {
        *self.state.borrow()
    }

    fn function(&self) -> &str {
        &self.function
    }

    fn started_at(&self) -> Option<String> {
        let started = self.progress.lock().started_at?;
        Some(UtcTime::of(started).iso_microseconds())
    }

    fn exception(&self) -> Option<String> {
        self.progress.lock().exception.clone()
    }

    fn cancel(&self) {
        let Some(background) = self.background.upgrade() else {
            return;
        };
        // While the list is held nothing starts.
        let mut tasks = background.tasks.lock();
        match self.state() {
            TaskState::Registered => {
                let place = tasks
                    .listed
                    .iter()
                    .position(|task| std::ptr::eq(&**task, self));
                let removed = place.map(|place| tasks.listed.remove(place));
                let waiting = self.progress.lock().waiting.take();
                drop(tasks);
                // What plugins made may do anything when it goes.
                drop((removed, waiting));
            }
            _ => drop(self.cancelled.send_replace(true)),
        }
    }
}
