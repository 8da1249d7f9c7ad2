//! Running statements on a lane's connection: what reading and writing have in common.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};

use datasette_core::{Row, RowBatch, RowSink, SinkClosed, Value};
use rusqlite::{CachedStatement, Connection, Statement};

use crate::authorizer::{Policy, Trust};
use crate::bind;
use crate::clock::{Armed, Clock};
use crate::error::SqlError;
use crate::error_log;
use crate::limits::{Limits, Outcome, Span};
use crate::own_statements;
use crate::row::StatementRow;
use crate::scope::ReadScope;
use crate::sql_text;
use crate::watch::{Given, NOBODY, Told, Watch};

/// Parameters of a statement.
#[derive(Clone, Copy)]
pub(crate) enum Parameters<'a> {
    /// By name, the name without its prefix.
    Named(&'a [(String, Value)]),
    /// By place.
    Positional(&'a [Value]),
}

/// A compiled statement: one that the lane keeps, or one for a single visitor.
enum Prepared<'lane> {
    Kept(CachedStatement<'lane>),
    Fresh(Statement<'lane>),
}

impl<'lane> Deref for Prepared<'lane> {
    type Target = Statement<'lane>;

    fn deref(&self) -> &Statement<'lane> {
        match self {
            Self::Kept(statement) => statement,
            Self::Fresh(statement) => statement,
        }
    }
}

impl<'lane> DerefMut for Prepared<'lane> {
    fn deref_mut(&mut self) -> &mut Statement<'lane> {
        match self {
            Self::Kept(statement) => statement,
            Self::Fresh(statement) => statement,
        }
    }
}

/// A lane's connection for the time of one job.
#[derive(Clone, Copy)]
pub(crate) struct Session<'lane> {
    pub(crate) connection: &'lane Connection,
    pub(crate) policy: &'lane Policy,
    pub(crate) clock: &'lane Clock,
    /// Who wants to know which statements run.
    pub(crate) watch: &'lane Watch,
}

impl<'lane> Session<'lane> {
    /// Runs `work` with statements compiled as the server's own.
    pub(crate) fn as_server<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        let before = self.policy.set(Trust::Lane);
        // How the server looks at a database is not what the request asked of it.
        let unwatched = Self {
            watch: &NOBODY,
            ..*self
        };
        let result = work(&unwatched);
        self.policy.set(before);
        result
    }

    /// Runs a statement, tells who watches, and logs it where it failed unexpectedly.
    fn over<T: Given>(
        &self,
        told: Told<'_>,
        run: impl FnOnce() -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let result = self.watch.over(told, run);
        if let Err(error) = &result
            && !told.limits.tentative
        {
            error_log::tell(self.connection, told.sql, told.parameters, error);
        }
        result
    }

    /// Steps a statement and hands each row to the sink.
    pub(crate) fn query(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        limits: &Limits,
        sink: &mut dyn RowSink,
    ) -> Result<Outcome, SqlError> {
        let told = Told {
            sql,
            parameters,
            limits,
            is_script: false,
        };
        self.over(told, || self.step_all(sql, parameters, limits, sink))
    }

    fn step_all(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        limits: &Limits,
        sink: &mut dyn RowSink,
    ) -> Result<Outcome, SqlError> {
        let armed = self.clock.arm(limits.time, sql);
        let run = || {
            let mut statement = self.prepare(sql)?;
            if is_blank(&statement) {
                sink.columns(&[]);
                return Ok(Outcome::default());
            }
            bind(&mut statement, parameters, sql)?;
            let rows = limits.rows.unwrap_or(usize::MAX);
            match limits.time.filter(|_| limits.span != Span::Statement) {
                Some(limit) => {
                    let mut sink = Paused {
                        inner: sink,
                        armed: &armed,
                        limit,
                        anew: limits.span == Span::Row,
                        since: Instant::now(),
                    };
                    step(&mut statement, sql, rows, &mut sink)
                }
                None => step(&mut statement, sql, rows, sink),
            }
        };
        self.guarded(run)
    }

    /// Runs a statement to its end and counts the rows it changed; rows it gives are dropped.
    pub(crate) fn execute(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        limits: &Limits,
    ) -> Result<usize, SqlError> {
        let told = Told {
            sql,
            parameters,
            limits,
            is_script: false,
        };
        self.over(told, || self.run(sql, parameters, limits))
    }

    fn run(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        limits: &Limits,
    ) -> Result<usize, SqlError> {
        let _armed = self.clock.arm(limits.time, sql);
        let run = || {
            let mut statement = self.prepare(sql)?;
            if is_blank(&statement) {
                return Ok(0);
            }
            bind(&mut statement, parameters, sql)?;
            let before = self.connection.total_changes();
            let mut rows = statement.raw_query();
            while rows
                .next()
                .map_err(|error| SqlError::from_driver(error, sql))?
                .is_some()
            {}
            // SQLite keeps the count of the last change until the next one.
            let changed = self.connection.total_changes() != before;
            let count = if changed {
                self.connection.changes()
            } else {
                0
            };
            Ok(usize::try_from(count).unwrap_or(usize::MAX))
        };
        self.guarded(run)
    }

    /// Runs several statements separated by `;`, without parameters.
    pub(crate) fn script(&self, sql: &str) -> Result<(), SqlError> {
        let told = Told {
            sql,
            parameters: Parameters::Positional(&[]),
            limits: &Limits::NONE,
            is_script: true,
        };
        self.over(told, || {
            let ran = self.connection.execute_batch(sql);
            ran.map_err(|error| SqlError::from_driver(error, sql))
        })
    }

    /// All rows, copied.
    pub(crate) fn batch(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        let mut batch = RowBatch::new();
        let outcome = self.query(sql, parameters, limits, &mut batch)?;
        Ok((batch, outcome))
    }

    /// The first value of the first row.
    pub(crate) fn single(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
        limits: &Limits,
    ) -> Result<Option<Value>, SqlError> {
        let (batch, _) = self.batch(sql, parameters, &limits.rows(1))?;
        Ok(batch.rows().next().map(|row| row.get(0).to_value()))
    }

    /// An integer that a pragma of the server's own reports.
    pub(crate) fn pragma(&self, sql: &str) -> Result<i64, SqlError> {
        self.as_server(|session| {
            let run = || {
                let mut statement = session.prepare(sql)?;
                statement
                    .query_row([], |row| row.get(0))
                    .map_err(|error| SqlError::from_driver(error, sql))
            };
            session.guarded(run)
        })
    }

    /// Compiles a statement, or takes it from the lane's cache.
    fn prepare(&self, sql: &str) -> Result<Prepared<'lane>, SqlError> {
        if own_statements::is_imitated_by(sql) && !self.policy.trust().is_own() {
            return Err(SqlError::refused("not authorized"));
        }
        self.check_text(sql)?;
        if let Some(scope) = self.policy.scope() {
            return self.prepare_within(scope, sql);
        }
        let prepared = self.connection.prepare_cached(sql).map(Prepared::Kept);
        prepared.map_err(|error| self.refusal(error, sql))
    }

    /// Refuses what the driver of the original refuses before SQLite sees it.
    pub(crate) fn check_text(&self, sql: &str) -> Result<(), SqlError> {
        self.check_characters(sql)?;
        self.check_end(sql)
    }

    /// Refuses characters that would end a text too early.
    pub(crate) fn check_characters(&self, sql: &str) -> Result<(), SqlError> {
        match sql.contains('\0') {
            true => Err(SqlError::refused("the query contains a null character")),
            false => Ok(()),
        }
    }

    /// Refuses a second statement that is nothing to SQLite.
    pub(crate) fn check_end(&self, sql: &str) -> Result<(), SqlError> {
        if sql.contains(';') && sql_text::has_empty_statement(sql) {
            return Err(SqlError::from_driver(
                rusqlite::Error::MultipleStatement,
                sql,
            ));
        }
        Ok(())
    }

    /// Compiles a statement anew: what others compiled may read more, and what is compiled here
    /// is refused to nobody else.
    fn prepare_within(
        &self,
        scope: Arc<ReadScope>,
        sql: &str,
    ) -> Result<Prepared<'lane>, SqlError> {
        let compile = || {
            self.policy.restrict(Some(Arc::clone(&scope)));
            self.connection.prepare(sql)
        };
        let mut compiled = compile();
        if compiled.is_err() && self.policy.take_overstepped() {
            // The first statement that names a virtual table has its module look around, at
            // statistics for instance. That is not what this statement reads.
            self.policy.restrict(None);
            drop(self.connection.prepare(sql));
            compiled = compile();
        }
        compiled.map(Prepared::Fresh).map_err(|error| {
            if self.policy.take_overstepped() || scope.is_named_in(sql) {
                return SqlError::OutOfScope;
            }
            self.refusal(error, sql)
        })
    }

    /// Why a text was not compiled.
    pub(crate) fn refusal(&self, error: rusqlite::Error, sql: &str) -> SqlError {
        if self.is_several(sql) {
            SqlError::from_driver(rusqlite::Error::MultipleStatement, sql)
        } else {
            SqlError::from_driver(error, sql)
        }
    }

    /// Whether a text that was not compiled is more than one statement: an error behind the first is
    /// still a second statement.
    pub(crate) fn is_several(&self, sql: &str) -> bool {
        sql_text::split_first(sql).is_some_and(|(first, _)| self.connection.prepare(first).is_ok())
    }

    /// Refuses to start for a job nobody wants, and calls an interruption by its true name, and
    /// what was only noticed while it ran: functions compile statements of their own.
    fn guarded<T>(&self, run: impl FnOnce() -> Result<T, SqlError>) -> Result<T, SqlError> {
        if self.clock.is_cancelled() {
            return Err(SqlError::Cancelled);
        }
        run().map_err(|error| match error {
            SqlError::Statement { .. } if self.policy.take_overstepped() => SqlError::OutOfScope,
            SqlError::Interrupted { .. } | SqlError::Busy if self.clock.is_cancelled() => {
                SqlError::Cancelled
            }
            other => other,
        })
    }
}

fn bind(
    statement: &mut Statement<'_>,
    parameters: Parameters<'_>,
    sql: &str,
) -> Result<(), SqlError> {
    match parameters {
        Parameters::Named(pairs) => bind::named(statement, pairs, sql),
        Parameters::Positional(values) => bind::positional(statement, values, sql),
    }
}

fn step(
    statement: &mut Statement<'_>,
    sql: &str,
    limit: usize,
    sink: &mut dyn RowSink,
) -> Result<Outcome, SqlError> {
    let mut outcome = Outcome::default();
    let mut length = None;
    let mut rows = statement.raw_query();
    // Names are asked for after the first step: that is when SQLite notices a changed schema.
    while let Some(row) = rows
        .next()
        .map_err(|error| SqlError::from_driver(error, sql))?
    {
        let length = *length.get_or_insert_with(|| announce(row.as_ref(), sink));
        if outcome.rows == limit {
            outcome.truncated = true;
            break;
        }
        if sink.row(&StatementRow::new(row, length)).is_err() {
            return Err(SqlError::SinkClosed);
        }
        outcome.rows += 1;
    }
    drop(rows);
    if length.is_none() {
        announce(statement, sink);
    }
    Ok(outcome)
}

/// Stops the clock while the sink takes a row.
struct Paused<'a> {
    inner: &'a mut dyn RowSink,
    armed: &'a Armed<'a>,
    /// How long SQLite may still work.
    limit: Duration,
    /// Whether each row has the whole limit.
    anew: bool,
    /// When the clock was started last.
    since: Instant,
}

impl RowSink for Paused<'_> {
    fn columns(&mut self, names: &[String]) {
        self.inner.columns(names);
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        self.armed.hold();
        if !self.anew {
            self.limit = self.limit.saturating_sub(self.since.elapsed());
        }
        let taken = self.inner.row(row);
        self.since = Instant::now();
        self.armed.resume(self.limit);
        taken
    }
}

fn announce(statement: &Statement<'_>, sink: &mut dyn RowSink) -> usize {
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    sink.columns(&names);
    names.len()
}

/// Whether the text held nothing but blanks and comments.
fn is_blank(statement: &Statement<'_>) -> bool {
    statement.column_count() == 0 && statement.readonly() && statement.expanded_sql().is_none()
}
