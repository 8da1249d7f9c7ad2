//! A job's way to a lane and its answer's way back.

use std::sync::Arc;

use datasette_core::Fault;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::lane::Lane;

/// A job as lanes take it: it knows where its answer goes.
pub(crate) type Job = Box<dyn FnOnce(&mut Lane) + Send>;

enum Phase {
    Waiting,
    Running(Arc<Clock>),
    Over,
}

/// Whether a job still waits, runs, or is over; shared by its lane and whoever waits for it.
struct Progress(Mutex<Phase>);

impl Progress {
    /// The lane begins. `false`: nobody wants the job any more.
    fn begin(&self, clock: &Arc<Clock>) -> bool {
        let mut phase = self.0.lock();
        if matches!(*phase, Phase::Over) {
            return false;
        }
        *phase = Phase::Running(Arc::clone(clock));
        true
    }

    /// The lane has finished; from here on nobody interrupts it on behalf of this job.
    fn finish(&self) {
        *self.0.lock() = Phase::Over;
    }

    fn cancel(&self) {
        let mut phase = self.0.lock();
        if let Phase::Running(clock) = &*phase {
            clock.cancel();
        }
        *phase = Phase::Over;
    }
}

/// Somebody waits for the answer of a job. Dropped early, the job is called off.
pub(crate) struct Waiting<R> {
    answer: oneshot::Receiver<Result<R, Fault>>,
    call_off: CallOff,
}

struct CallOff {
    progress: Option<Arc<Progress>>,
}

impl Drop for CallOff {
    fn drop(&mut self) {
        if let Some(progress) = self.progress.take() {
            progress.cancel();
        }
    }
}

impl<R> Waiting<R> {
    /// Waits for the answer.
    pub(crate) async fn answer(self) -> Result<R, Fault> {
        let Self {
            answer,
            mut call_off,
        } = self;
        let received = answer.await;
        call_off.progress = None;
        received.unwrap_or_else(|_| Err(closed()))
    }
}

/// A job that is called off when nobody waits for it any more: reads.
pub(crate) fn cancellable<R: Send + 'static>(
    work: impl FnOnce(&mut Lane) -> Result<R, Fault> + Send + 'static,
) -> (Job, Waiting<R>) {
    let (sender, answer) = oneshot::channel();
    let progress = Arc::new(Progress(Mutex::new(Phase::Waiting)));
    let call_off = CallOff {
        progress: Some(Arc::clone(&progress)),
    };
    let job = Box::new(move |lane: &mut Lane| {
        if progress.begin(&lane.clock) {
            let result = work(lane);
            progress.finish();
            lane.clock.reset();
            let _ = sender.send(result);
        }
    });
    (job, Waiting { answer, call_off })
}

/// A job that runs once it is queued, whoever waits: writes.
pub(crate) fn unstoppable<R: Send + 'static>(
    work: impl FnOnce(&mut Lane) -> Result<R, Fault> + Send + 'static,
) -> (Job, Waiting<R>) {
    let (sender, answer) = oneshot::channel();
    let job = Box::new(move |lane: &mut Lane| {
        let _ = sender.send(work(lane));
    });
    let call_off = CallOff { progress: None };
    (job, Waiting { answer, call_off })
}

/// The answer to jobs that come too late.
pub(crate) fn closed() -> Fault {
    Fault::unavailable("The database is being closed.")
}
