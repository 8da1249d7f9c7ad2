//! The clock of one lane: until when its running statement may run and whether anybody still
//! wants the answer. The lane, the watchdog and the request that left all look at it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::InterruptHandle;

use crate::watchdog;

/// No deadline.
pub(crate) const NEVER: u64 = u64::MAX;

/// How long after its end a statement may go on before its lane is given up, in nanoseconds.
/// SQLite cannot stop inside of one function call; that it takes so long is rare and hostile.
const PATIENCE: u64 = 500_000_000;

/// How often a statement that should have ended is interrupted again, in nanoseconds: an
/// interrupt that arrives between two statements of a job is lost.
const REPEAT: u64 = 5_000_000;

/// Nanoseconds since the first use of any clock.
pub(crate) fn now() -> u64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    let origin = ORIGIN.get_or_init(Instant::now);
    u64::try_from(origin.elapsed().as_nanos()).unwrap_or(NEVER - 1)
}

/// A job that can be answered, and a lane that can be replaced, while its thread is lost in a
/// statement that does not stop.
pub(crate) trait Abandon: Send + Sync {
    /// Answers the job with the interruption of `sql`.
    fn abandon(&self, sql: &str);
}

#[derive(Default)]
struct Current {
    handle: Option<InterruptHandle>,
    job: Option<Arc<dyn Abandon>>,
    sql: String,
}

/// The clock of one lane.
pub(crate) struct Clock {
    /// When the running statement must end; [`NEVER`] between statements.
    deadline: AtomicU64,
    /// Since when the job on the lane is not wanted any more; [`NEVER`] while it is.
    cancelled: AtomicU64,
    given_up: AtomicBool,
    /// Held while an interrupt is sent and while a deadline is lifted, so that no interrupt meant
    /// for one statement reaches the next.
    current: Mutex<Current>,
    /// Makes another lane take this one's place.
    replace: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            deadline: AtomicU64::new(NEVER),
            cancelled: AtomicU64::new(NEVER),
            given_up: AtomicBool::new(false),
            current: Mutex::default(),
            replace: OnceLock::new(),
        }
    }

    /// Says how the lane is replaced when it is lost.
    pub(crate) fn replaced_by(&self, replace: impl Fn() + Send + Sync + 'static) {
        let _ = self.replace.set(Box::new(replace));
    }

    /// Says which connection an interrupt goes to.
    pub(crate) fn connect(&self, handle: InterruptHandle) {
        self.current.lock().handle = Some(handle);
    }

    /// Says which job runs on the lane.
    pub(crate) fn begin(&self, job: Arc<dyn Abandon>) {
        self.current.lock().job = Some(job);
    }

    /// Makes the clock ready for the next job.
    pub(crate) fn finish(&self) {
        let mut current = self.current.lock();
        current.job = None;
        self.deadline.store(NEVER, Ordering::Release);
        self.cancelled.store(NEVER, Ordering::Release);
        self.given_up.store(false, Ordering::Release);
    }

    /// Sets the deadline of the statement about to run; dropping the guard lifts it.
    pub(crate) fn arm(&self, limit: Option<Duration>, sql: &str) -> Armed<'_> {
        if let Some(limit) = limit {
            let mut current = self.current.lock();
            current.sql.clear();
            current.sql.push_str(sql);
            drop(current);
            let nanoseconds = u64::try_from(limit.as_nanos()).unwrap_or(NEVER);
            let deadline = now().saturating_add(nanoseconds).min(NEVER - 1);
            self.deadline.store(deadline, Ordering::Release);
            watchdog::schedule(deadline);
        }
        Armed {
            clock: self,
            is_set: limit.is_some(),
        }
    }

    /// Whether the statement must end now, asked by the progress handler.
    pub(crate) fn must_stop(&self) -> bool {
        let due = self.due();
        due != NEVER && now() >= due
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire) != NEVER
    }

    fn due(&self) -> u64 {
        let deadline = self.deadline.load(Ordering::Acquire);
        deadline.min(self.cancelled.load(Ordering::Acquire))
    }

    /// Ends the running job. The watchdog repeats the interrupt until the lane has noticed.
    pub(crate) fn cancel(&self) {
        let now = now();
        self.cancelled.fetch_min(now, Ordering::AcqRel);
        self.interrupt();
        watchdog::schedule(now);
    }

    /// Interrupts what is due, for the watchdog. Returns when to look again.
    pub(crate) fn enforce(&self, now: u64) -> u64 {
        let due = self.due();
        if due > now {
            return due;
        }
        self.interrupt();
        if now - due >= PATIENCE && !self.given_up.load(Ordering::Acquire) {
            self.give_up();
        }
        let pause = if self.given_up.load(Ordering::Acquire) {
            PATIENCE
        } else {
            REPEAT
        };
        now.saturating_add(pause)
    }

    fn interrupt(&self) {
        let current = self.current.lock();
        if self.must_stop()
            && let Some(handle) = &current.handle
        {
            handle.interrupt();
        }
    }

    /// Answers the job and lets another lane take over. Jobs of the write lane are not given up:
    /// only their own thread can end their transaction.
    fn give_up(&self) {
        let mut current = self.current.lock();
        // The statement may have ended since the watchdog looked.
        if !self.must_stop() {
            return;
        }
        let Some(job) = current.job.take() else {
            return;
        };
        let sql = std::mem::take(&mut current.sql);
        self.given_up.store(true, Ordering::Release);
        self.cancelled.fetch_min(now(), Ordering::AcqRel);
        // Still under the lock: should the statement end just now, its thread must not take
        // another job before its place is given away.
        if let Some(replace) = self.replace.get() {
            replace();
        }
        drop(current);
        tracing::warn!(sql, "gave up a lane to a statement that does not stop");
        job.abandon(&sql);
    }
}

/// A running statement's deadline.
pub(crate) struct Armed<'clock> {
    clock: &'clock Clock,
    is_set: bool,
}

impl Armed<'_> {
    /// Lifts the deadline while the lane waits for somebody else. No interrupt meant for before
    /// arrives afterwards.
    pub(crate) fn hold(&self) {
        let _no_interrupt_meanwhile = self.clock.current.lock();
        self.clock.deadline.store(NEVER, Ordering::Release);
    }

    /// Sets the deadline anew from now.
    pub(crate) fn resume(&self, limit: Duration) {
        let nanoseconds = u64::try_from(limit.as_nanos()).unwrap_or(NEVER);
        let deadline = now().saturating_add(nanoseconds).min(NEVER - 1);
        self.clock.deadline.store(deadline, Ordering::Release);
        watchdog::schedule(deadline);
    }
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        if self.is_set {
            let _no_interrupt_meanwhile = self.clock.current.lock();
            self.clock.deadline.store(NEVER, Ordering::Release);
        }
    }
}
