//! Waiting for another connection's lock: patient up to a point, and never longer than the
//! running statement may take or somebody wants its answer.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::clock::Clock;

/// The longest nap between two attempts.
const NAP: Duration = Duration::from_millis(10);

/// Makes a connection wait for locks at most `patience`.
pub(crate) fn install(
    connection: &mut Connection,
    clock: &Arc<Clock>,
    patience: Duration,
) -> rusqlite::Result<()> {
    let clock = Arc::clone(clock);
    let mut since = Instant::now();
    connection.busy_handler(Some(move |attempt: i32| {
        if attempt == 0 {
            since = Instant::now();
        }
        if clock.must_stop() || since.elapsed() >= patience {
            return false;
        }
        let nap = Duration::from_millis(1 << attempt.clamp(0, 4));
        thread::sleep(nap.min(NAP));
        true
    }))
}
