//! One thread for the whole process that interrupts statements past their deadline. The progress
//! handler stops most of them; this stops those that spend their time outside of SQLite's
//! bytecode loop, such as waiting in a function or building an index.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::thread::{self, Thread};
use std::time::Duration;

use parking_lot::Mutex;

use crate::clock::{self, Clock, NEVER};

struct Watchdog {
    clocks: Mutex<Vec<Weak<Clock>>>,
    /// When the thread wakes next.
    next: AtomicU64,
    thread: OnceLock<Thread>,
}

static WATCHDOG: Watchdog = Watchdog {
    clocks: Mutex::new(Vec::new()),
    next: AtomicU64::new(NEVER),
    thread: OnceLock::new(),
};

/// Puts a clock under watch for as long as it lives. The first call starts the thread.
pub(crate) fn watch(clock: &Arc<Clock>) -> std::io::Result<()> {
    let mut clocks = WATCHDOG.clocks.lock();
    if WATCHDOG.thread.get().is_none() {
        let handle = thread::Builder::new()
            .name("sqlite-watchdog".to_owned())
            .spawn(run)?;
        let _ = WATCHDOG.thread.set(handle.thread().clone());
    }
    clocks.retain(|clock| clock.strong_count() > 0);
    clocks.push(Arc::downgrade(clock));
    Ok(())
}

/// Makes sure the thread looks at the clocks at `deadline`, in nanoseconds of [`clock::now`].
pub(crate) fn schedule(deadline: u64) {
    if WATCHDOG.next.fetch_min(deadline, Ordering::AcqRel) > deadline
        && let Some(thread) = WATCHDOG.thread.get()
    {
        thread.unpark();
    }
}

fn run() {
    loop {
        // Deadlines set from here on lower `next` again and leave a wake-up behind.
        WATCHDOG.next.store(NEVER, Ordering::Release);
        let watched: Vec<Arc<Clock>> = {
            let clocks = WATCHDOG.clocks.lock();
            clocks.iter().filter_map(Weak::upgrade).collect()
        };
        let now = clock::now();
        let earliest = watched
            .iter()
            .map(|clock| clock.enforce(now))
            .min()
            .unwrap_or(NEVER);
        drop(watched);
        WATCHDOG.next.fetch_min(earliest, Ordering::AcqRel);
        match WATCHDOG.next.load(Ordering::Acquire) {
            NEVER => thread::park(),
            next => {
                thread::park_timeout(Duration::from_nanos(next.saturating_sub(clock::now())));
            }
        }
    }
}
