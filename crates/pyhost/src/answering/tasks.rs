//! Work beside the requests that Python does and the server starts, lists and ends (API-106 to API-112).

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use datasette_hooks::{
    BackgroundTask, BackgroundWork, Crash, HookError, HostServices, TaskEnd, TaskStart,
};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::services::{Answered, answered};
use crate::process::PythonHost;
use crate::protocol::Failure;

/// The tasks of one process by the numbers that it gave them.
#[derive(Default)]
pub(super) struct Tasks {
    known: Mutex<HashMap<u64, Arc<dyn BackgroundTask>>>,
}

#[derive(Deserialize)]
pub(super) struct NewTask {
    id: u64,
    #[serde(default)]
    name: Option<String>,
    qualified_name: String,
    /// Where the function is: `my_plugin.poll`.
    function: String,
}

#[derive(Deserialize, Serialize)]
pub(super) struct Number {
    id: u64,
}

/// How a task ended, as Python tells it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ended {
    Completed,
    Cancelled,
    Crashed(Crash),
}

impl Tasks {
    pub(super) fn add(
        &self,
        host: &dyn HostServices,
        python: Weak<PythonHost>,
        new: NewTask,
    ) -> Answered {
        let id = new.id;
        let run = move |start: TaskStart| run(python, id, start);
        let mut work = BackgroundWork::cooperative(&new.function, run);
        work.name = new.name;
        work.qualified_name = new.qualified_name;
        let task = host.add_background_task(work).map_err(Failure::from)?;
        let name = task.name().to_owned();
        self.known.lock().insert(id, task);
        answered(&name)
    }

    pub(super) fn cancel(&self, number: &Number) -> Answered {
        let task = self.known.lock().get(&number.id).cloned();
        if let Some(task) = task {
            task.cancel();
        }
        answered(&())
    }
}

async fn run(python: Weak<PythonHost>, id: u64, start: TaskStart) -> TaskEnd {
    let Some(python) = python.upgrade() else {
        return TaskEnd::Cancelled;
    };
    let number = Number { id };
    let mut running = std::pin::pin!(python.ask_patiently::<Ended>("run_task", &number));
    let ended = tokio::select! {
        ended = &mut running => ended,
        () = start.cancelled => match python.ask::<()>("cancel_task", &number).await {
            Ok(()) => running.await,
            Err(error) => Err(error),
        },
    };
    match ended {
        Ok(Ended::Completed) => TaskEnd::Completed,
        Ok(Ended::Cancelled) => TaskEnd::Cancelled,
        Ok(Ended::Crashed(crash)) => TaskEnd::Crashed(crash),
        Err(error) => TaskEnd::Crashed(lost(error)),
    }
}

fn lost(error: HookError) -> Crash {
    error.into()
}
