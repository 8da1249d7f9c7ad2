//! Work beside the requests that a plugin hands to the server, which starts it, lists it and ends it
//! (BG-01 to BG-05).

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::{BoxFuture, Either, select};
use serde::{Deserialize, Serialize};

use crate::error::HookError;
use crate::host::HostServices;

/// What becomes of a task (BG-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Handed over, not yet started.
    Registered,
    /// Started.
    Running,
    /// Came to its end.
    Completed,
    /// Failed.
    Crashed,
    /// Ended because it was told to.
    Cancelled,
}

impl TaskState {
    /// The word that listings show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Crashed => "crashed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Registered | Self::Running)
    }
}

/// Why a task failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// One line for listings: the exception as its language writes it, `ValueError('no')`.
    pub exception: String,
    /// All there is to know, for the log.
    pub report: String,
}

impl From<HookError> for Crash {
    fn from(error: HookError) -> Self {
        Self {
            exception: format!("{error:?}"),
            report: error.to_string(),
        }
    }
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEnd {
    /// It had nothing more to do.
    Completed,
    /// It heard that it is to end.
    Cancelled,
    /// It failed.
    Crashed(Crash),
}

/// What a task is started with.
pub struct TaskStart {
    /// The server's services.
    pub host: Arc<dyn HostServices>,
    /// Ready when the task is to end.
    pub cancelled: BoxFuture<'static, ()>,
}

type Run = Box<dyn FnOnce(TaskStart) -> BoxFuture<'static, TaskEnd> + Send>;

/// Work to be done beside the requests.
pub struct BackgroundWork {
    /// The name that its plugin wants for it.
    pub name: Option<String>,
    /// The name of the function that does it, which stands in for a missing name (BG-02).
    pub qualified_name: String,
    /// Where that function is, for listings: `my_plugin.poll`.
    pub function: String,
    run: Run,
}

impl BackgroundWork {
    /// Work that may be dropped wherever it waits when it is to end. `function` is the path of what
    /// does it, `module.function`.
    pub fn new<F>(
        function: &str,
        work: impl FnOnce(Arc<dyn HostServices>) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), HookError>> + Send + 'static,
    {
        Self::cooperative(function, |start| async move {
            let work = Box::pin(work(start.host));
            match select(work, start.cancelled).await {
                Either::Left((Ok(()), _)) => TaskEnd::Completed,
                Either::Left((Err(error), _)) => TaskEnd::Crashed(error.into()),
                Either::Right(_) => TaskEnd::Cancelled,
            }
        })
    }

    /// Work that listens for its end itself, because it has something to put in order first.
    pub fn cooperative<F>(
        function: &str,
        work: impl FnOnce(TaskStart) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = TaskEnd> + Send + 'static,
    {
        let qualified_name = function.rsplit_once('.').map_or(function, |(_, name)| name);
        Self {
            name: None,
            qualified_name: qualified_name.to_owned(),
            function: function.to_owned(),
            run: Box::new(move |start| Box::pin(work(start))),
        }
    }

    /// The same work under a name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The work itself; it does nothing until it is waited for.
    pub fn start(self, start: TaskStart) -> BoxFuture<'static, TaskEnd> {
        (self.run)(start)
    }
}

impl fmt::Debug for BackgroundWork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BackgroundWork({})", self.function)
    }
}

/// What a plugin holds of the work that it handed over.
pub trait BackgroundTask: Send + Sync {
    /// Its name, which no other task of the server has (BG-02).
    fn name(&self) -> &str;

    /// How far it is.
    fn state(&self) -> TaskState;

    /// Where the function that does it is.
    fn function(&self) -> &str;

    /// When it was started, in ISO form and UTC.
    fn started_at(&self) -> Option<String>;

    /// Why it failed.
    fn exception(&self) -> Option<String>;

    /// Tells it to end. A task that was not started never is, and is listed no more (BG-04).
    fn cancel(&self);
}
