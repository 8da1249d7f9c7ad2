//! One visit to the write lane.

use std::sync::Arc;

use datasette_core::live::LiveError;
use datasette_core::{DatabaseSchema, Fault, RowBatch, RowSink, Value};

use crate::analyse::Access;
use crate::error::SqlError;
use crate::explain;
use crate::introspect;
use crate::limits::{Limits, Outcome};
use crate::live::{self, Borrowed, Circumstances};
use crate::own_statements;
use crate::session::{Parameters, Session};

/// The write lane's connection, normally inside one transaction that commits when the job
/// succeeds. Its statements are compiled as the server's own: statements of visitors must pass
/// [`Writer::analyse`] and the permission check first.
pub struct Writer<'lane> {
    session: Session<'lane>,
}

impl<'lane> Writer<'lane> {
    pub(crate) fn new(session: Session<'lane>) -> Self {
        Self { session }
    }

    /// Runs a statement to its end and returns how many rows it inserted, changed or deleted
    /// itself, those of triggers not counted; 0 for statements that change no rows.
    pub fn execute(&mut self, sql: &str, params: &[(String, Value)]) -> Result<usize, SqlError> {
        self.execute_within(sql, params, &Limits::NONE)
    }

    /// Like [`Writer::execute`], with a time limit. A statement that runs into it changes nothing.
    pub fn execute_within(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<usize, SqlError> {
        self.session.execute(sql, Parameters::Named(params), limits)
    }

    /// Like [`Writer::execute`], with parameters bound by place.
    pub fn execute_values(&mut self, sql: &str, values: &[Value]) -> Result<usize, SqlError> {
        self.session
            .execute(sql, Parameters::Positional(values), &Limits::NONE)
    }

    /// Runs several statements separated by `;`, without parameters.
    pub fn execute_batch(&mut self, sql: &str) -> Result<(), SqlError> {
        self.session.script(sql)
    }

    /// Steps a statement and hands each row to `sink`, as
    /// [`Reader::query`](crate::Reader::query) does. A statement with RETURNING has made all its
    /// changes before its first row, so a limit on rows limits only what is reported (WRITE-148).
    pub fn query(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
        sink: &mut dyn RowSink,
    ) -> Result<Outcome, SqlError> {
        self.session
            .query(sql, Parameters::Named(params), limits, sink)
    }

    /// Like [`Writer::query`], with the rows copied into a batch.
    pub fn batch(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        self.session.batch(sql, Parameters::Named(params), limits)
    }

    /// Like [`Writer::batch`], with parameters bound by place.
    pub fn batch_values(
        &mut self,
        sql: &str,
        values: &[Value],
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        self.session
            .batch(sql, Parameters::Positional(values), limits)
    }

    /// The first column of the first row; `None` when there is no row.
    pub fn single(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<Option<Value>, SqlError> {
        self.session.single(sql, Parameters::Named(params), limits)
    }

    /// The connection for somebody else, who may do with it whatever a plugin does with one of its own,
    /// the end of the transaction included.
    ///
    /// # Errors
    /// It cannot be given away.
    pub fn lend(&mut self) -> Result<Borrowed<'_>, Fault> {
        Borrowed::new(self.session, Circumstances::Writing).map_err(Fault::internal)
    }

    /// Commits what is open, before the job is over.
    ///
    /// # Errors
    /// SQLite's own: a constraint that is looked at in the end, a full disk.
    pub fn commit(&mut self) -> Result<(), LiveError> {
        match self.session.connection.is_autocommit() {
            true => Ok(()),
            false => live::own(&self.session, own_statements::COMMIT),
        }
    }

    /// Rows the latest INSERT, UPDATE or DELETE changed, triggers not counted.
    pub fn changes(&self) -> u64 {
        self.session.connection.changes()
    }

    /// The rowid of the latest INSERT on this lane.
    pub fn last_insert_rowid(&self) -> i64 {
        self.session.connection.last_insert_rowid()
    }

    /// `PRAGMA schema_version`: the same as when a schema was read, as long as that still holds.
    pub fn schema_version(&mut self) -> Result<i64, SqlError> {
        self.session.pragma(own_statements::SCHEMA_VERSION)
    }

    /// The schema as this transaction sees it, its own uncommitted changes included; introspected
    /// anew on each call.
    pub fn schema(&mut self) -> Result<Arc<DatabaseSchema>, SqlError> {
        let version = self.session.pragma(own_statements::SCHEMA_VERSION)?;
        introspect::database(&self.session, version).map(Arc::new)
    }

    /// What the statement would touch, including what triggers would do in its name and what a
    /// created view reads (WRITE-137, WRITE-140). It is compiled and not run; parameters are bound.
    /// Analyse and execute in the same job: nothing can change in between.
    pub fn analyse(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
    ) -> Result<Vec<Access>, SqlError> {
        explain::accesses_of_change(&self.session, sql, params)
    }
}
