//! A lane: one thread's connection and clock, and the performance of one job on it.

mod lending;
mod together;

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use datasette_core::Fault;
use rusqlite::Connection;

use crate::authorizer::{Policy, Trust};
use crate::clock::Clock;
use crate::error::SqlError;
use crate::own_statements;
use crate::preparation::{self, Preparation};
use crate::reader::Reader;
use crate::session::Session;
use crate::shared::Shared;
use crate::watch::Watch;
use crate::watchdog;
use crate::writer::Writer;

pub(crate) use together::{Repeatable, Together};

/// Whether a lane reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Read,
    /// Reads for somebody who may be slow.
    Export,
    Write,
}

struct Link {
    connection: Connection,
    policy: Arc<Policy>,
    generation: u64,
    preparations: Arc<[Preparation]>,
}

/// The state a lane's thread owns.
pub(crate) struct Lane {
    shared: Arc<Shared>,
    role: Role,
    pub(crate) clock: Arc<Clock>,
    link: Option<Link>,
}

impl Lane {
    pub(crate) fn new(shared: Arc<Shared>, role: Role) -> Self {
        Self {
            shared,
            role,
            clock: Arc::new(Clock::new()),
            link: None,
        }
    }

    /// Puts the lane's clock under watch.
    pub(crate) fn be_watched(&self) -> std::io::Result<()> {
        watchdog::watch(&self.clock)
    }

    /// Runs a job inside one read transaction.
    pub(crate) fn read<R>(
        &mut self,
        watch: &Watch,
        job: impl FnOnce(&mut Reader<'_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let shared = Arc::clone(&self.shared);
        let _shared_with_readers = shared.among_readers()?;
        self.perform(
            (own_statements::BEGIN, Trust::Visitor),
            watch,
            |session, generation| job(&mut Reader::new(session, &shared.schemas, generation)),
        )
    }

    /// Runs a job inside one write transaction, or without one where the job brings its own.
    pub(crate) fn write<R>(
        &mut self,
        transaction: bool,
        watch: &Watch,
        job: impl FnOnce(&mut Writer<'_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let shared = Arc::clone(&self.shared);
        let _alone = match &shared.memory {
            Some(lock) => Some(
                lock.try_write_for(shared.opener.options.write_wait)
                    .ok_or(SqlError::Busy)?,
            ),
            None => None,
        };
        let begin = if transaction {
            own_statements::BEGIN_IMMEDIATE
        } else {
            ""
        };
        let result = self.perform((begin, Trust::Server), watch, |session, _generation| {
            job(&mut Writer::new(session))
        });
        shared.probe.committed();
        result
    }

    /// Performs a job and tells who watches.
    fn perform<R>(
        &mut self,
        way: (&str, Trust),
        watch: &Watch,
        job: impl FnOnce(Session<'_>, u64) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let Some(observer) = &watch.observer else {
            return self.carry_out(way, watch, job);
        };
        observer.began();
        let result = self.carry_out(way, watch, job);
        observer.ended(result.is_ok());
        result
    }

    fn carry_out<R>(
        &mut self,
        (begin, trust): (&str, Trust),
        watch: &Watch,
        job: impl FnOnce(Session<'_>, u64) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.connect()?;
        let Some(link) = &self.link else {
            return Err(Fault::internal("the lane has no connection"));
        };
        let session = Session {
            connection: &link.connection,
            policy: &link.policy,
            clock: &self.clock,
            watch,
        };
        link.policy.set(Trust::Server);
        if !begin.is_empty() {
            run(&session, begin)?;
        }
        link.policy.set(trust);
        link.policy.restrict(None);
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| job(session, link.generation)));
        link.policy.set(Trust::Server);
        link.policy.restrict(None);
        let result = match outcome {
            Ok(result) => result,
            Err(payload) => {
                // The connection may be anywhere; dropping it undoes what was not committed.
                self.link = None;
                return Err(Fault::internal(format!(
                    "a database job panicked: {}",
                    words(payload.as_ref())
                )));
            }
        };
        let ended = end(&session, result.is_ok() && !begin.is_empty());
        if !link.connection.is_autocommit() {
            self.link = None;
        }
        match (result, ended) {
            (Ok(value), Ok(())) => Ok(value),
            (Ok(_), Err(error)) => Err(error.into()),
            (Err(fault), _) => Err(fault),
        }
    }

    /// Opens the lane's connection if it has none or the file was replaced since.
    fn connect(&mut self) -> Result<(), Fault> {
        let shared = &self.shared;
        shared.probe.look_at_file(&shared.opener);
        let generation = shared.probe.generation();
        let preparations = shared.preparations();
        if self.link.as_ref().is_some_and(|link| {
            link.generation == generation && Arc::ptr_eq(&link.preparations, &preparations)
        }) {
            return Ok(());
        }
        self.link = None;
        let opened = match self.role {
            Role::Read | Role::Export => shared.opener.read(&self.clock),
            Role::Write => shared.opener.write(&self.clock),
        };
        let (connection, policy) =
            opened.map_err(|error| Fault::from(SqlError::from_driver(error, "")))?;
        if !preparations.is_empty() {
            preparation::prepare(&connection, &preparations)
                .map_err(|error| Fault::from(SqlError::from_driver(error, "")))?;
        }
        self.link = Some(Link {
            connection,
            policy,
            generation,
            preparations,
        });
        Ok(())
    }
}

/// Ends whatever transaction the job left: commits if it is to be kept, else rolls back.
fn end(session: &Session<'_>, keep: bool) -> Result<(), SqlError> {
    if session.connection.is_autocommit() {
        return Ok(());
    }
    if keep {
        match run(session, own_statements::COMMIT) {
            Ok(()) => return Ok(()),
            Err(error) => {
                let _ = run(session, own_statements::ROLLBACK);
                return Err(error);
            }
        }
    }
    run(session, own_statements::ROLLBACK)
}

fn run(session: &Session<'_>, sql: &str) -> Result<(), SqlError> {
    let before = session.policy.set(Trust::Lane);
    let compiled = session.connection.prepare_cached(sql);
    let ran = compiled.and_then(|mut statement| statement.raw_execute());
    session.policy.set(before);
    ran.map(drop)
        .map_err(|error| match SqlError::from_driver(error, sql) {
            SqlError::Interrupted { .. } if session.clock.is_cancelled() => SqlError::Cancelled,
            other => other,
        })
}

fn words(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
