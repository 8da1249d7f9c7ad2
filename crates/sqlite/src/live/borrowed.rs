//! The connection, and how it is given and taken back.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datasette_core::live::{
    BlobPlace, Definition, Interrupter, Judge, LiveConnection, LiveError, LiveParameters, LiveSink,
    LiveStatement, Ran, Standing, Stopper,
};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Statement, ffi};

use super::{blobs, definitions, errors};
use crate::own_statements;
use crate::session::Session;

/// The most databases that a connection may have beside its own, which is SQLite's default.
const ATTACHED: i32 = 10;

/// Which connection is given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Circumstances {
    /// That of a read lane, which visitors use afterwards.
    Reading,
    /// That of the write lane.
    Writing,
    /// One that nobody else uses.
    Alone,
}

/// A lane's connection for as long as somebody else has it. What visitors may not do is allowed, and
/// forbidden again in the end.
pub struct Borrowed<'lane> {
    pub(super) session: Session<'lane>,
    circumstances: Circumstances,
    /// Statements that are over, to be used again.
    pub(super) idle: HashMap<String, Statement<'lane>>,
    /// Statements that have more rows, with their texts.
    pub(super) open: HashMap<u64, (String, Statement<'lane>)>,
    pub(super) next: u64,
    /// When the running statement must end.
    pub(super) deadline: Option<Instant>,
}

impl<'lane> Borrowed<'lane> {
    /// Gives the connection away.
    pub(crate) fn new(
        session: Session<'lane>,
        circumstances: Circumstances,
    ) -> Result<Self, LiveError> {
        let connection = session.connection;
        // A connection of a plugin's own would not be kept from the tables behind virtual tables.
        let defensive = DbConfig::SQLITE_DBCONFIG_DEFENSIVE;
        connection
            .set_db_config(defensive, false)
            .map_err(errors::of_driver)?;
        if circumstances != Circumstances::Writing {
            let limit = connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, ATTACHED);
            limit.map_err(errors::of_driver)?;
            if connection.is_readonly("main").map_err(errors::of_driver)? {
                // The file cannot be changed, so temporary tables can be.
                own(&session, own_statements::ALLOW_CHANGES)?;
            }
        }
        Ok(Self {
            session,
            circumstances,
            idle: HashMap::new(),
            open: HashMap::new(),
            next: 1,
            deadline: None,
        })
    }

    fn give_back(&mut self) {
        self.open.clear();
        self.idle.clear();
        if self.circumstances == Circumstances::Alone {
            return;
        }
        let connection = self.session.connection;
        let defensive = DbConfig::SQLITE_DBCONFIG_DEFENSIVE;
        let mut restored = connection.set_db_config(defensive, true).is_ok();
        if self.circumstances == Circumstances::Reading {
            let limit = connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0);
            restored &= limit.is_ok();
            restored &= own(&self.session, own_statements::FORBID_CHANGES).is_ok();
        }
        if !restored {
            self.session.policy.note_trace();
        }
    }
}

/// Runs a statement of the lane's own.
pub(crate) fn own(session: &Session<'_>, sql: &str) -> Result<(), LiveError> {
    session.as_server(|session| {
        let compiled = session.connection.prepare_cached(sql);
        let ran = compiled.and_then(|mut statement| statement.raw_execute());
        ran.map(drop).map_err(errors::of_driver)
    })
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl LiveConnection for Borrowed<'_> {
    fn standing(&self) -> Standing {
        let connection = self.session.connection;
        Standing {
            in_transaction: !connection.is_autocommit(),
            total_changes: connection.total_changes(),
        }
    }

    fn run(
        &mut self,
        statement: LiveStatement<'_>,
        sink: &mut dyn LiveSink,
    ) -> Result<Ran, LiveError> {
        self.run_statement(statement, sink)
    }

    fn run_on(&mut self, open: u64, sink: &mut dyn LiveSink) -> Result<Ran, LiveError> {
        self.run_open(open, sink)
    }

    fn forget(&mut self, open: u64) {
        self.open.remove(&open);
    }

    fn repeat(
        &mut self,
        sql: &str,
        begin: Option<&str>,
        sets: &[LiveParameters],
    ) -> Result<u64, LiveError> {
        self.repeat_statement(sql, begin, sets)
    }

    fn script(&mut self, sql: &str) -> Result<(), LiveError> {
        self.run_script(sql)
    }

    fn end(&mut self, keep: bool) -> Result<(), LiveError> {
        let connection = self.session.connection;
        if connection.is_autocommit() {
            return Ok(());
        }
        if !keep {
            // Readers in the middle of their rows would be told that all is undone.
            self.open.clear();
        }
        let sql = if keep { "COMMIT" } else { "ROLLBACK" };
        connection.execute_batch(sql).map_err(errors::of_driver)
    }

    fn define(&mut self, definition: Definition) -> Result<(), LiveError> {
        self.session.policy.note_trace();
        self.idle.clear();
        definitions::define(self.session.connection, definition)
    }

    fn judge(&mut self, judge: Option<Judge>) {
        let policy = self.session.policy;
        policy.note_trace();
        policy.guest.set_judge(judge);
        // What was compiled before was judged before, or not at all.
        self.idle.clear();
        self.session.connection.flush_prepared_statement_cache();
    }

    fn stop_when(&mut self, steps: u32, stopper: Option<Stopper>) {
        let policy = self.session.policy;
        policy.note_trace();
        policy.guest.set_stopper(steps, stopper);
    }

    fn limit_time(&mut self, limit: Option<Duration>) {
        self.deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    }

    fn limit(&mut self, category: i32, new: i32) -> Result<i32, LiveError> {
        self.session.policy.note_trace();
        definitions::limit(self.session.connection, category, new)
    }

    fn allow_extensions(&mut self, allowed: bool) -> Result<(), LiveError> {
        self.session.policy.note_trace();
        definitions::allow_extensions(self.session.connection, allowed)
    }

    fn load_extension(&mut self, path: &str, entry_point: Option<&str>) -> Result<(), LiveError> {
        self.session.policy.note_trace();
        definitions::load_extension(self.session.connection, path, entry_point)
    }

    fn copy_to(&mut self, schema: &str, file: &Path) -> Result<(), LiveError> {
        blobs::copy_to(self.session.connection, schema, file)
    }

    fn blob_size(&mut self, place: BlobPlace<'_>, writable: bool) -> Result<u64, LiveError> {
        blobs::size(self.session.connection, place, writable)
    }

    fn read_blob(
        &mut self,
        place: BlobPlace<'_>,
        start: u64,
        length: u64,
    ) -> Result<Vec<u8>, LiveError> {
        blobs::read(self.session.connection, place, start, length)
    }

    fn write_blob(
        &mut self,
        place: BlobPlace<'_>,
        start: u64,
        bytes: &[u8],
    ) -> Result<(), LiveError> {
        blobs::write(self.session.connection, place, start, bytes)
    }

    fn interrupter(&self) -> Interrupter {
        let handle = self.session.connection.get_interrupt_handle();
        Arc::new(move || handle.interrupt())
    }
}

/// The statement was interrupted before it began.
pub(super) fn interrupted() -> LiveError {
    LiveError {
        code: ffi::SQLITE_INTERRUPT,
        message: "interrupted".to_owned(),
    }
}
