//! Which statements ran on behalf of one request, for those who look for the slow one (DEBUG-70).

use std::sync::Arc;
use std::time::{Duration, Instant};

use datasette_core::Value;
use parking_lot::Mutex;

use crate::error::SqlError;
use crate::session::Parameters;

/// A statement that ran.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The name of the database.
    pub database: Arc<str>,
    /// The statement, without blanks around it.
    pub sql: String,
    /// What was bound to it.
    pub params: TracedParams,
    /// When it began, counted from the start of the trace.
    pub start: Duration,
    /// When it had given its last row, counted the same way.
    pub end: Duration,
    /// Why it failed.
    pub error: Option<String>,
}

/// What was bound to a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum TracedParams {
    /// Nothing, and nothing could be.
    None,
    /// Values by name.
    Named(Vec<(String, Value)>),
    /// Values by place.
    Positional(Vec<Value>),
}

impl TracedParams {
    fn of(parameters: Parameters<'_>) -> Self {
        match parameters {
            Parameters::Positional([]) => Self::None,
            Parameters::Named(pairs) => Self::Named(pairs.to_vec()),
            Parameters::Positional(values) => Self::Positional(values.to_vec()),
        }
    }
}

/// Collects statements from every lane that works for one request.
#[derive(Debug)]
pub struct Trace {
    started: Instant,
    statements: Mutex<Vec<Traced>>,
}

impl Trace {
    /// Starts counting time.
    pub fn start() -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            statements: Mutex::default(),
        })
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The statements so far, in the order in which they ended.
    pub fn take(&self) -> Vec<Traced> {
        std::mem::take(&mut self.statements.lock())
    }
}

/// Notes the statements of one database in a trace.
#[derive(Clone, Debug)]
pub struct Tracer {
    trace: Arc<Trace>,
    database: Arc<str>,
}

impl Tracer {
    /// Notes them under this name of the database.
    pub fn new(trace: Arc<Trace>, database: &str) -> Self {
        Self {
            trace,
            database: database.into(),
        }
    }

    pub(crate) fn note<T>(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        run: impl FnOnce() -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let start = self.trace.elapsed();
        let result = run();
        let end = self.trace.elapsed();
        self.trace.statements.lock().push(Traced {
            database: Arc::clone(&self.database),
            sql: sql.trim().to_owned(),
            params: TracedParams::of(parameters),
            start,
            end,
            error: match &result {
                // Its reader had enough, which is no failure.
                Ok(_) | Err(SqlError::SinkClosed) => None,
                Err(error) => Some(error.message().to_owned()),
            },
        });
        result
    }
}
