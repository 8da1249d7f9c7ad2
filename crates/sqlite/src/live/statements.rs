//! Statements in the hands of somebody else: run a part at a time, kept for the next time.

use std::time::{Duration, Instant};

use datasette_core::live::{LiveError, LiveParameters, LiveSink, LiveStatement, Ran};
use rusqlite::Statement;

use super::borrowed::{Borrowed, interrupted};
use super::errors;
use crate::bind;
use crate::row::StatementRow;

/// Statements that are kept although they are over.
const KEPT: usize = 64;

/// How far a statement got.
enum Reached {
    Full,
    End,
}

impl<'lane> Borrowed<'lane> {
    pub(super) fn run_statement(
        &mut self,
        statement: LiveStatement<'_>,
        sink: &mut dyn LiveSink,
    ) -> Result<Ran, LiveError> {
        let sql = statement.sql;
        let mut compiled = self.compiled(sql)?;
        if is_blank(&compiled) {
            return Ok(self.ran(None, None));
        }
        bind(&mut compiled, statement.parameters, sql)?;
        let expanded = statement.expand.then(|| compiled.expanded_sql()).flatten();
        self.begin(statement.begin)?;
        let reached = self.step(&mut compiled, sql, true, sink)?;
        Ok(self.keep(sql.to_owned(), compiled, reached, expanded))
    }

    pub(super) fn run_open(
        &mut self,
        open: u64,
        sink: &mut dyn LiveSink,
    ) -> Result<Ran, LiveError> {
        let Some((sql, mut statement)) = self.open.remove(&open) else {
            return Ok(self.ran(None, None));
        };
        let reached = self.step(&mut statement, &sql, false, sink)?;
        Ok(self.keep(sql, statement, reached, None))
    }

    pub(super) fn repeat_statement(
        &mut self,
        sql: &str,
        begin: Option<&str>,
        sets: &[LiveParameters],
    ) -> Result<u64, LiveError> {
        let mut statement = self.compiled(sql)?;
        if is_blank(&statement) {
            return Ok(0);
        }
        if statement.readonly() {
            return Err(LiveError::misuse(
                "executemany() can only execute DML statements.",
            ));
        }
        self.begin(begin)?;
        let limit = self.remaining()?;
        let _armed = self.session.clock.arm(limit, sql);
        let mut changed = 0;
        for set in sets {
            bind(&mut statement, set, sql)?;
            let mut rows = statement.raw_query();
            if rows.next().map_err(errors::of_driver)?.is_some() {
                return Err(LiveError::misuse(
                    "executemany() can only execute DML statements.",
                ));
            }
            changed += self.session.connection.changes();
        }
        drop(_armed);
        self.idle.insert(sql.to_owned(), statement);
        Ok(changed)
    }

    pub(super) fn run_script(&mut self, sql: &str) -> Result<(), LiveError> {
        let session = self.session;
        session.check_characters(sql).map_err(errors::of_room)?;
        let connection = session.connection;
        let limit = self.remaining()?;
        let _armed = session.clock.arm(limit, sql);
        if !connection.is_autocommit() {
            connection
                .execute_batch("COMMIT")
                .map_err(errors::of_driver)?;
        }
        connection.execute_batch(sql).map_err(errors::of_driver)
    }

    /// A compiled statement; a kept one, where there is one that nobody uses.
    fn compiled(&mut self, sql: &str) -> Result<Statement<'lane>, LiveError> {
        if let Some(statement) = self.idle.remove(sql) {
            return Ok(statement);
        }
        let session = self.session;
        session.check_text(sql).map_err(errors::of_room)?;
        let compiled = session.connection.prepare(sql);
        compiled.map_err(|error| match error {
            rusqlite::Error::SqliteFailure(..) | rusqlite::Error::SqlInputError { .. }
                if !session.is_several(sql) =>
            {
                errors::of_driver(error)
            }
            _ => errors::of_driver(rusqlite::Error::MultipleStatement),
        })
    }

    fn begin(&self, begin: Option<&str>) -> Result<(), LiveError> {
        let connection = self.session.connection;
        match begin {
            Some(begin) if connection.is_autocommit() => {
                connection.execute_batch(begin).map_err(errors::of_driver)
            }
            _ => Ok(()),
        }
    }

    /// The time that is left.
    fn remaining(&self) -> Result<Option<Duration>, LiveError> {
        let Some(deadline) = self.deadline else {
            return Ok(None);
        };
        match deadline.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(Some(left)),
            _ => Err(interrupted()),
        }
    }

    fn step(
        &self,
        statement: &mut Statement<'lane>,
        sql: &str,
        announce: bool,
        sink: &mut dyn LiveSink,
    ) -> Result<Reached, LiveError> {
        let limit = self.remaining()?;
        let _armed = self.session.clock.arm(limit, sql);
        let mut rows = statement.raw_query();
        let mut length = None;
        // Names are asked for after the first step: that is when SQLite notices a changed schema.
        while let Some(row) = rows.next().map_err(errors::of_driver)? {
            let length = *length.get_or_insert_with(|| {
                if announce {
                    sink.columns(&names(row.as_ref()));
                }
                row.as_ref().column_count()
            });
            let taken = sink.row(&StatementRow::new(row, length));
            if taken.is_err() || sink.is_full() {
                // The statement stands on its row: dropping these would start it over.
                std::mem::forget(rows);
                return Ok(Reached::Full);
            }
        }
        drop(rows);
        if announce && length.is_none() {
            sink.columns(&names(statement));
        }
        Ok(Reached::End)
    }

    fn keep(
        &mut self,
        sql: String,
        statement: Statement<'lane>,
        reached: Reached,
        expanded: Option<String>,
    ) -> Ran {
        let open = match reached {
            Reached::Full => {
                let number = self.next;
                self.next += 1;
                self.open.insert(number, (sql, statement));
                Some(number)
            }
            Reached::End => {
                if self.idle.len() >= KEPT {
                    self.idle.clear();
                }
                self.idle.insert(sql, statement);
                None
            }
        };
        self.ran(open, expanded)
    }

    fn ran(&self, open: Option<u64>, expanded: Option<String>) -> Ran {
        let connection = self.session.connection;
        Ran {
            open,
            changes: connection.changes(),
            last_insert_rowid: connection.last_insert_rowid(),
            expanded,
        }
    }
}

fn bind(
    statement: &mut Statement<'_>,
    parameters: &LiveParameters,
    sql: &str,
) -> Result<(), LiveError> {
    let bound = match parameters {
        LiveParameters::Named(pairs) => bind::named(statement, pairs, sql),
        LiveParameters::Positional(values) => bind::positional(statement, values, sql),
    };
    bound.map_err(errors::of_room)
}

fn names(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(str::to_owned).collect()
}

/// Whether the text held nothing but blanks and comments.
fn is_blank(statement: &Statement<'_>) -> bool {
    statement.column_count() == 0 && statement.readonly() && statement.expanded_sql().is_none()
}
