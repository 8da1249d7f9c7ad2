//! Telling somebody what is done with a database and how long it takes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::SqlError;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Reads.
    Read,
    /// Writes.
    Write {
        /// Whether it has a transaction, or brings its own.
        transaction: bool,
    },
}

/// Watches a database.
pub trait Observer: Send + Sync + fmt::Debug {
    /// A job is about to be queued. Called by whoever asks for it, in that task.
    fn queued(&self, work: Work) -> Arc<dyn JobObserver>;
}

/// Watches one job. Dropped without having ended, the job was called off.
pub trait JobObserver: Send + Sync {
    /// A lane has taken the job.
    fn began(&self);

    /// A statement of the job is over.
    fn statement(&self, observed: &Observed<'_>);

    /// The job is over.
    fn ended(&self, succeeded: bool);
}

/// A statement that ran.
#[derive(Debug)]
pub struct Observed<'a> {
    /// The statement, or several (`is_script`).
    pub sql: &'a str,
    /// How many values were bound.
    pub params: usize,
    /// Its time limit.
    pub limit: Option<Duration>,
    /// How long it took, up to this moment.
    pub elapsed: Duration,
    /// How many rows it gave; `None` where they are not counted.
    pub rows: Option<usize>,
    /// Whether there were more.
    pub truncated: bool,
    /// Why it failed.
    pub error: Option<&'a SqlError>,
    /// Whether these are several statements.
    pub is_script: bool,
}
