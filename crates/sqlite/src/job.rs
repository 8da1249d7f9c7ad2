//! A job's way to a lane and its answer's way back.

use std::sync::Arc;

use datasette_core::Fault;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::clock::{Abandon, Clock};
use crate::lane::{Lane, Repeatable, Together};
use crate::watch::Watch;
use crate::writer::Writer;

/// A job as lanes take it: it knows where its answer goes.
pub(crate) enum Job {
    /// Has its visit for itself.
    Alone(Box<dyn FnOnce(&mut Lane) + Send>),
    /// A write that may share its transaction.
    Together(Box<dyn Together>),
}

type Answer<R> = Result<R, Fault>;

enum Phase {
    Waiting,
    Running(Arc<Clock>),
    Over,
}

/// Whether a job still waits, runs, or is over; shared by its lane, whoever waits for it, and the
/// watchdog.
struct Progress<R> {
    phase: Mutex<Phase>,
    sender: Mutex<Option<oneshot::Sender<Answer<R>>>>,
}

impl<R: Send + 'static> Progress<R> {
    /// The lane begins. `false`: nobody wants the job any more.
    fn begin(self: &Arc<Self>, clock: &Arc<Clock>) -> bool {
        let mut phase = self.phase.lock();
        if matches!(*phase, Phase::Over) {
            return false;
        }
        let job: Arc<dyn Abandon> = Arc::<Self>::clone(self);
        clock.begin(job);
        *phase = Phase::Running(Arc::clone(clock));
        true
    }

    /// The lane has finished; from here on nobody interrupts it on behalf of this job.
    fn finish(&self, clock: &Clock, answer: Answer<R>) {
        *self.phase.lock() = Phase::Over;
        clock.finish();
        self.send(answer);
    }

    fn send(&self, answer: Answer<R>) {
        if let Some(sender) = self.sender.lock().take() {
            // Nobody may be waiting any more.
            let _ = sender.send(answer);
        }
    }
}

trait Cancel: Send + Sync {
    fn cancel(&self);
}

impl<R: Send + 'static> Cancel for Progress<R> {
    fn cancel(&self) {
        let mut phase = self.phase.lock();
        if let Phase::Running(clock) = &*phase {
            clock.cancel();
        }
        *phase = Phase::Over;
    }
}

impl<R: Send + 'static> Abandon for Progress<R> {
    fn abandon(&self, sql: &str) {
        *self.phase.lock() = Phase::Over;
        self.send(Err(Fault::interrupted(sql)));
    }
}

/// Somebody waits for the answer of a job. Dropped early, the job is called off.
pub(crate) struct Waiting<R> {
    answer: oneshot::Receiver<Answer<R>>,
    call_off: CallOff,
}

struct CallOff(Option<Arc<dyn Cancel>>);

impl Drop for CallOff {
    fn drop(&mut self) {
        if let Some(job) = self.0.take() {
            job.cancel();
        }
    }
}

impl<R> Waiting<R> {
    /// Waits for the answer.
    pub(crate) async fn answer(self) -> Answer<R> {
        let Self {
            answer,
            mut call_off,
        } = self;
        let received = answer.await;
        call_off.0 = None;
        received.unwrap_or_else(|_| Err(not_available()))
    }
}

/// A job that is called off when nobody waits for it any more: reads.
pub(crate) fn cancellable<R: Send + 'static>(
    work: impl FnOnce(&mut Lane) -> Answer<R> + Send + 'static,
) -> (Job, Waiting<R>) {
    let (sender, answer) = oneshot::channel();
    let progress = Arc::new(Progress {
        phase: Mutex::new(Phase::Waiting),
        sender: Mutex::new(Some(sender)),
    });
    let call_off = CallOff(Some(Arc::<Progress<R>>::clone(&progress)));
    let sending = SendOnDrop(progress);
    let job = move |lane: &mut Lane| {
        let SendOnDrop(progress) = &sending;
        if progress.begin(&lane.clock) {
            let result = work(lane);
            progress.finish(&lane.clock, result);
        }
    };
    (Job::Alone(Box::new(job)), Waiting { answer, call_off })
}

/// A job dropped before it ran must answer too: whoever waits shares its sender.
struct SendOnDrop<R: Send + 'static>(Arc<Progress<R>>);

impl<R: Send + 'static> Drop for SendOnDrop<R> {
    fn drop(&mut self) {
        self.0.send(Err(not_available()));
    }
}

/// A job that runs once it is queued, whoever waits: writes.
pub(crate) fn unstoppable<R: Send + 'static>(
    work: impl FnOnce(&mut Lane) -> Answer<R> + Send + 'static,
) -> (Job, Waiting<R>) {
    let (sender, answer) = oneshot::channel();
    let job = move |lane: &mut Lane| {
        let _ = sender.send(work(lane));
        lane.clock.finish();
    };
    let call_off = CallOff(None);
    (Job::Alone(Box::new(job)), Waiting { answer, call_off })
}

/// A write that may share its transaction with others, and runs whoever waits.
pub(crate) fn sharing<R: Send + 'static>(
    watch: Watch,
    work: impl Fn(&mut Writer<'_>) -> Answer<R> + Send + 'static,
) -> (Job, Waiting<R>) {
    let (sender, answer) = oneshot::channel();
    let job = Job::Together(Box::new(Repeatable::new(watch, sender, work)));
    let call_off = CallOff(None);
    (job, Waiting { answer, call_off })
}

/// The answer to jobs that no lane will take.
pub(crate) fn not_available() -> Fault {
    Fault::unavailable("The database does not take queries at the moment.")
}
