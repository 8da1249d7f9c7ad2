//! What the process is busy with, for `/-/threads` and `/-/tasks` (DEBUG-10, DEBUG-11).

use serde_json::{Value as Json, json};

use crate::visit::Visit;

/// Threads of databases, and the work on and before them. When the operator asked for no threads,
/// nothing but that is told.
pub(super) fn threads(visit: &Visit) -> Json {
    let instance = &visit.app.instance;
    if instance.config.settings.num_sql_threads == 0 {
        return json!({"num_threads": 0, "threads": []});
    }
    let workings = instance.workings();
    let threads: Vec<Json> = workings
        .threads
        .iter()
        // The server waits for the statement of each before it ends.
        .map(|thread| json!({"name": thread.name, "ident": thread.ident, "daemon": false}))
        .collect();
    json!({
        "num_threads": threads.len(),
        "threads": threads,
        "num_tasks": workings.tasks.len(),
        "tasks": workings.tasks,
    })
}

/// Tasks that plugins registered to run beside the requests (BG-05).
pub(super) fn tasks(visit: &Visit) -> Json {
    let background = &visit.app.instance.background;
    let tasks = background.tasks();
    let tasks = tasks.iter().map(|task| {
        json!({
            "name": task.name(),
            "state": task.state().name(),
            "function": task.function(),
            "started_at": task.started_at(),
            "exception": task.exception(),
        })
    });
    json!({"tasks": tasks.collect::<Json>(), "launched": background.is_launched()})
}
