//! The clock of one lane: until when its running statement may run and whether anybody still
//! wants the answer. The lane, the watchdog and the request that left all look at it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::InterruptHandle;

use crate::watchdog;

/// No deadline.
pub(crate) const NEVER: u64 = u64::MAX;

/// Nanoseconds since the first use of any clock.
pub(crate) fn now() -> u64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    let origin = ORIGIN.get_or_init(Instant::now);
    u64::try_from(origin.elapsed().as_nanos()).unwrap_or(NEVER - 1)
}

/// The clock of one lane.
#[derive(Default)]
pub(crate) struct Clock {
    /// When the running statement must end; [`NEVER`] between statements.
    deadline: AtomicU64,
    /// The job on the lane is not wanted any more.
    cancelled: AtomicBool,
    /// Held while an interrupt is sent and while a deadline is lifted, so that no interrupt meant
    /// for one statement reaches the next.
    handle: Mutex<Option<InterruptHandle>>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            deadline: AtomicU64::new(NEVER),
            ..Self::default()
        }
    }

    /// Says which connection an interrupt goes to.
    pub(crate) fn connect(&self, handle: InterruptHandle) {
        *self.handle.lock() = Some(handle);
    }

    /// Sets the deadline of the statement about to run; dropping the guard lifts it.
    pub(crate) fn arm(&self, limit: Option<Duration>) -> Armed<'_> {
        if let Some(limit) = limit {
            let nanoseconds = u64::try_from(limit.as_nanos()).unwrap_or(NEVER);
            let deadline = now().saturating_add(nanoseconds).min(NEVER - 1);
            self.deadline.store(deadline, Ordering::Release);
            watchdog::schedule(deadline);
        }
        Armed { clock: self }
    }

    /// Whether the statement must end now, asked by the progress handler.
    pub(crate) fn must_stop(&self) -> bool {
        self.is_cancelled() || self.has_expired()
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    fn has_expired(&self) -> bool {
        let deadline = self.deadline.load(Ordering::Acquire);
        deadline != NEVER && now() >= deadline
    }

    /// Ends the running job. The watchdog repeats the interrupt until the lane has noticed.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        self.interrupt();
        watchdog::schedule(now());
    }

    /// Makes the clock ready for the next job.
    pub(crate) fn reset(&self) {
        let _no_interrupt_meanwhile = self.handle.lock();
        self.deadline.store(NEVER, Ordering::Release);
        self.cancelled.store(false, Ordering::Release);
    }

    /// Interrupts what has expired, for the watchdog. Returns when to look again.
    pub(crate) fn enforce(&self, now: u64, again: u64) -> u64 {
        let deadline = self.deadline.load(Ordering::Acquire);
        if !self.is_cancelled() && deadline > now {
            return deadline;
        }
        self.interrupt();
        again
    }

    fn interrupt(&self) {
        let handle = self.handle.lock();
        if self.must_stop()
            && let Some(handle) = handle.as_ref()
        {
            handle.interrupt();
        }
    }
}

/// A running statement's deadline.
pub(crate) struct Armed<'clock> {
    clock: &'clock Clock,
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        if self.clock.deadline.load(Ordering::Acquire) != NEVER {
            let _no_interrupt_meanwhile = self.clock.handle.lock();
            self.clock.deadline.store(NEVER, Ordering::Release);
        }
    }
}
