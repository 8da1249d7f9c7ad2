//! What a server under `--reload` and its supervisor know of each other.

use std::time::Duration;

use tokio::process::Child;

/// Set by the supervisor: the number of its process and how many servers it started before.
const VARIABLE: &str = "DATASETTE_SUPERVISOR";

/// How often a server looks whether its supervisor still lives.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The variable that tells a server who supervises it.
pub(crate) fn mark(started: u32) -> (&'static str, String) {
    (VARIABLE, format!("{} {started}", std::process::id()))
}

/// Whoever started this process under `--reload`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Supervisor {
    /// The number of its process.
    id: u32,
    /// How many servers it started before this one.
    pub(crate) started: u32,
}

impl Supervisor {
    /// The supervisor of this process; `None` without one. Ask early: one that is gone is none.
    pub(crate) fn of_this_process() -> Option<Self> {
        let value = std::env::var(VARIABLE).ok()?;
        let (id, started) = value.split_once(' ')?;
        let supervisor = Self {
            id: id.parse().ok()?,
            started: started.parse().ok()?,
        };
        // The variable alone is not enough: others may have inherited it.
        let is_child = parent().is_none_or(|parent| parent == supervisor.id);
        is_child.then_some(supervisor)
    }

    /// Waits until it is gone.
    pub(crate) async fn gone(self) {
        let mut looking = tokio::time::interval(LOOK_EVERY);
        while parent().is_none_or(|parent| parent == self.id) {
            looking.tick().await;
        }
    }
}

#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

/// Tells a server to finish what it does and to end.
#[cfg(unix)]
pub(crate) fn terminate(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(id) = id.and_then(Pid::from_raw) {
        // It may have ended by itself in the meantime.
        let _ = kill_process(id, Signal::TERM);
    }
}

/// Ends a server.
#[cfg(not(unix))]
pub(crate) fn terminate(child: &mut Child) {
    let _ = child.start_kill();
}
