//! Everybody who wants to know what one job does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::SqlError;
use crate::limits::{Limits, Outcome};
use crate::observe::{JobObserver, Observed};
use crate::session::Parameters;
use crate::trace::Tracer;

/// Goes with the job to its lane.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    pub(crate) tracer: Option<Tracer>,
    pub(crate) observer: Option<Arc<dyn JobObserver>>,
}

/// Nobody: for what the server does on its own account.
pub(crate) static NOBODY: Watch = Watch {
    tracer: None,
    observer: None,
};

/// What can be told of what a statement gave.
pub(crate) trait Given {
    /// Rows, and whether there were more.
    fn rows(&self) -> Option<(usize, bool)>;
}

impl Given for Outcome {
    fn rows(&self) -> Option<(usize, bool)> {
        Some((self.rows, self.truncated))
    }
}

/// How many rows were changed.
impl Given for usize {
    fn rows(&self) -> Option<(usize, bool)> {
        None
    }
}

impl Given for () {
    fn rows(&self) -> Option<(usize, bool)> {
        None
    }
}

/// A statement, or several, as it is told of.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) sql: &'a str,
    pub(crate) parameters: Parameters<'a>,
    pub(crate) limits: &'a Limits,
    pub(crate) is_script: bool,
}

impl Watch {
    /// Runs a statement and tells of it.
    pub(crate) fn over<T: Given>(
        &self,
        told: Told<'_>,
        run: impl FnOnce() -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let observed = || match &self.observer {
            Some(observer) => {
                let start = Instant::now();
                let result = run();
                tell(observer.as_ref(), told, start.elapsed(), &result);
                result
            }
            None => run(),
        };
        match &self.tracer {
            Some(tracer) => tracer.note(told.sql, told.parameters, observed),
            None => observed(),
        }
    }
}

fn tell<T: Given>(
    observer: &dyn JobObserver,
    told: Told<'_>,
    elapsed: Duration,
    result: &Result<T, SqlError>,
) {
    let rows = result.as_ref().ok().and_then(Given::rows);
    let error = result.as_ref().err();
    observer.statement(&Observed {
        sql: told.sql,
        params: match told.parameters {
            Parameters::Named(pairs) => pairs.len(),
            Parameters::Positional(values) => values.len(),
        },
        limit: told.limits.time,
        elapsed,
        rows: rows.map(|(rows, _)| rows),
        truncated: rows.is_some_and(|(_, truncated)| truncated),
        // Its reader had enough, which is no failure.
        error: error.filter(|error| !matches!(error, SqlError::SinkClosed)),
        is_script: told.is_script,
    });
}
