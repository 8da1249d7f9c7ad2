//! Writes that share a transaction. Waiting for the disk is most of what a small write takes; those
//! that queue up meanwhile go with one commit. Each has a savepoint, so one that fails undoes
//! itself alone, and none is answered before all are on the disk.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

use datasette_core::Fault;
use tokio::sync::oneshot;

use super::{Lane, run};
use crate::authorizer::Trust;
use crate::error::SqlError;
use crate::own_statements;
use crate::session::Session;
use crate::watch::{NOBODY, Watch};
use crate::writer::Writer;

/// The most writes of one transaction.
const MOST: usize = 64;

/// How long a transaction goes on taking more of them: the first waits for the last.
const LONGEST: Duration = Duration::from_millis(20);

/// A write that may be repeated and is answered after the commit.
pub(crate) trait Together: Send {
    /// Runs it and keeps what comes of it.
    fn attempt(&mut self, session: Session<'_>) -> Attempt;
    /// Tells what came of it.
    fn answer(self: Box<Self>);
    /// Tells that it was not done.
    fn refuse(self: Box<Self>, error: SqlError);
    /// Runs it in a transaction of its own and tells what came of that.
    fn alone(self: Box<Self>, lane: &mut Lane);
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    Done,
    Failed,
    /// The connection may be anywhere.
    Panicked,
}

/// A job with the way of its answer.
pub(crate) struct Repeatable<R, F> {
    job: F,
    watch: Watch,
    sender: oneshot::Sender<Result<R, Fault>>,
    result: Option<Result<R, Fault>>,
    begun: bool,
}

impl<R, F> Repeatable<R, F>
where
    R: Send + 'static,
    F: Fn(&mut Writer<'_>) -> Result<R, Fault> + Send + 'static,
{
    pub(crate) fn new(watch: Watch, sender: oneshot::Sender<Result<R, Fault>>, job: F) -> Self {
        Self {
            job,
            watch,
            sender,
            result: None,
            begun: false,
        }
    }

    fn begin(&mut self) {
        if !self.begun
            && let Some(observer) = &self.watch.observer
        {
            observer.began();
        }
        self.begun = true;
    }

    fn end(self, result: Result<R, Fault>) {
        if let Some(observer) = &self.watch.observer {
            observer.ended(result.is_ok());
        }
        // Nobody may be waiting any more.
        let _ = self.sender.send(result);
    }
}

impl<R, F> Together for Repeatable<R, F>
where
    R: Send + 'static,
    F: Fn(&mut Writer<'_>) -> Result<R, Fault> + Send + 'static,
{
    fn attempt(&mut self, session: Session<'_>) -> Attempt {
        self.begin();
        let session = Session {
            watch: &self.watch,
            ..session
        };
        let run = AssertUnwindSafe(|| (self.job)(&mut Writer::new(session)));
        let Ok(result) = panic::catch_unwind(run) else {
            return Attempt::Panicked;
        };
        let ended = match result {
            Ok(_) => Attempt::Done,
            Err(_) => Attempt::Failed,
        };
        self.result = Some(result);
        ended
    }

    fn answer(mut self: Box<Self>) {
        let nothing = || Err(Fault::internal("a write was not attempted"));
        let result = self.result.take().unwrap_or_else(nothing);
        self.end(result);
    }

    fn refuse(mut self: Box<Self>, error: SqlError) {
        self.begin();
        self.end(Err(error.into()));
    }

    fn alone(mut self: Box<Self>, lane: &mut Lane) {
        self.begin();
        // Its observer knows of the beginning, and is told the end here.
        let quiet = Watch {
            tracer: self.watch.tracer.clone(),
            observer: None,
        };
        let result = lane.write(true, &quiet, |writer| (self.job)(writer));
        self.end(result);
    }
}

impl Lane {
    /// Runs a write, and those that `more` gives, in one transaction.
    pub(crate) fn write_together(
        &mut self,
        first: Box<dyn Together>,
        more: impl FnMut() -> Option<Box<dyn Together>>,
    ) {
        for job in self.share(first, more) {
            job.alone(self);
        }
        self.clock.finish();
    }

    /// Gives back those that have to be repeated, in their order.
    fn share(
        &mut self,
        first: Box<dyn Together>,
        mut more: impl FnMut() -> Option<Box<dyn Together>>,
    ) -> Vec<Box<dyn Together>> {
        let shared = Arc::clone(&self.shared);
        let _alone = match &shared.memory {
            Some(lock) => match lock.try_write_for(shared.opener.options.write_wait) {
                Some(guard) => Some(guard),
                None => {
                    first.refuse(SqlError::Busy);
                    return Vec::new();
                }
            },
            None => None,
        };
        if self.connect().is_err() {
            return vec![first];
        }
        let Some(link) = &self.link else {
            return vec![first];
        };
        let session = Session {
            connection: &link.connection,
            policy: &link.policy,
            clock: &self.clock,
            watch: &NOBODY,
        };
        link.policy.set(Trust::Server);
        link.policy.restrict(None);
        if let Err(error) = run(&session, own_statements::BEGIN_IMMEDIATE) {
            first.refuse(error);
            return Vec::new();
        }
        let (jobs, sound) = attempt_all(&session, first, &mut more);
        // What a statement ended by itself (RAISE(ROLLBACK), say) it ended for all.
        let result = match sound && !link.connection.is_autocommit() {
            true => run(&session, own_statements::COMMIT).map_err(Some),
            false => Err(None),
        };
        if !link.connection.is_autocommit() {
            let _ = run(&session, own_statements::ROLLBACK);
        }
        if !sound || !link.connection.is_autocommit() {
            self.link = None;
        }
        shared.probe.committed();
        match result {
            Ok(()) => jobs.into_iter().for_each(Together::answer),
            Err(Some(SqlError::Busy)) => {
                for job in jobs {
                    job.refuse(SqlError::Busy);
                }
            }
            // Alone, one that is too large for the disk fails alone.
            Err(_) => return jobs,
        }
        Vec::new()
    }
}

/// Runs jobs one after the other; whether the connection is still sound.
fn attempt_all(
    session: &Session<'_>,
    first: Box<dyn Together>,
    more: &mut impl FnMut() -> Option<Box<dyn Together>>,
) -> (Vec<Box<dyn Together>>, bool) {
    let started = Instant::now();
    let mut jobs = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next.take() {
        let kept_apart = run(session, own_statements::SAVEPOINT).is_ok();
        let attempt = job.attempt(*session);
        jobs.push(job);
        let undone = match attempt {
            Attempt::Done => true,
            Attempt::Failed => run(session, own_statements::ROLLBACK_TO).is_ok(),
            Attempt::Panicked => return (jobs, false),
        };
        let released = undone && run(session, own_statements::RELEASE).is_ok();
        if !kept_apart || !released {
            // Their results stand on ground that is gone.
            let _ = run(session, own_statements::ROLLBACK);
            break;
        }
        if jobs.len() < MOST && started.elapsed() < LONGEST {
            next = more();
        }
    }
    (jobs, true)
}
