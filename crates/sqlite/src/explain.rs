//! Asking SQLite's compiler what a statement would touch.

use std::collections::HashMap;

use datasette_core::Value;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::analyse::{Access, AccessedKind, Operation, Recording, TargetKind};
use crate::authorizer::Trust;
use crate::bind;
use crate::error::SqlError;
use crate::own_statements;
use crate::session::Session;
use crate::sql_text;

/// The accesses of a statement, found by compiling its `EXPLAIN`.
pub(crate) fn accesses(
    session: &Session<'_>,
    sql: &str,
    params: &[(String, Value)],
) -> Result<Vec<Access>, SqlError> {
    Explainer::new(session).accesses(sql, params)
}

/// Explains statements of one visit, in which the schema stays what it is.
pub(crate) struct Explainer<'a, 'lane> {
    session: &'a Session<'lane>,
    kinds: Option<Kinds>,
}

/// What every name of a table means, by database and table.
type Kinds = HashMap<(String, String), AccessedKind>;

impl<'a, 'lane> Explainer<'a, 'lane> {
    pub(crate) fn new(session: &'a Session<'lane>) -> Self {
        Self {
            session,
            kinds: None,
        }
    }

    /// The accesses of a statement.
    pub(crate) fn accesses(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
    ) -> Result<Vec<Access>, SqlError> {
        if self.kinds.is_none() {
            notice_changes(self.session)?;
        }
        let mut recording = record(self.session, sql, params)?;
        if recording.touches_rows() {
            if self.kinds.is_none() {
                self.kinds = Some(kinds(self.session)?);
            }
            recording.learn_kinds(|database, table| {
                let key = (database.to_owned(), table.to_owned());
                self.kinds.as_ref()?.get(&key).copied()
            });
        }
        Ok(recording.finish())
    }
}

/// The accesses of a statement on a connection that may write. The compiler does not look into
/// the body of a view that is being created, so the view is made, read and undone.
pub(crate) fn accesses_of_change(
    session: &Session<'_>,
    sql: &str,
    params: &[(String, Value)],
) -> Result<Vec<Access>, SqlError> {
    let mut found = accesses(session, sql, params)?;
    let views: Vec<(String, String)> = found
        .iter()
        .filter(|access| access.operation == Operation::Create && access.target == TargetKind::View)
        .filter_map(|access| Some((access.database.clone()?, access.name.clone()?)))
        .collect();
    if views.is_empty() {
        return Ok(found);
    }
    let driver = |error| SqlError::from_driver(error, sql);
    let connection = session.connection;
    connection
        .execute_batch("savepoint analyse_view")
        .map_err(driver)?;
    let bodies = read_bodies(session, sql, &views);
    connection
        .execute_batch("rollback to analyse_view; release analyse_view")
        .map_err(driver)?;
    for access in bodies? {
        if !found.contains(&access) {
            found.push(access);
        }
    }
    Ok(found)
}

fn read_bodies(
    session: &Session<'_>,
    sql: &str,
    views: &[(String, String)],
) -> Result<Vec<Access>, SqlError> {
    session
        .connection
        .execute(sql, [])
        .map_err(|error| SqlError::from_driver(error, sql))?;
    let mut reads = Vec::new();
    for (database, view) in views {
        let quote = datasette_core::identifier::quote;
        let body = format!("select * from {}.{}", quote(database), quote(view));
        let is_the_view = |access: &Access| {
            access.table.as_ref() == Some(view) && access.database.as_ref() == Some(database)
        };
        reads.extend(
            accesses(session, &body, &[])?
                .into_iter()
                .filter(|access| access.operation == Operation::Read && !is_the_view(access)),
        );
    }
    Ok(reads)
}

fn record(
    session: &Session<'_>,
    sql: &str,
    params: &[(String, Value)],
) -> Result<Recording, SqlError> {
    let explained = format!("explain {sql}");
    session.check_characters(sql)?;
    let compile_as = |trust| {
        let before = session.policy.set(trust);
        let compiled = session.connection.prepare(&explained);
        session.policy.set(before);
        compiled
    };
    // Modules of virtual tables look around when a connection meets their tables for the first
    // time. That is not what the statement does, so it happens before notes are taken.
    drop(compile_as(Trust::Warming));
    session.policy.take_recording();
    let mut compiled = compile_as(Trust::Recording);
    if compiled.as_ref().is_err_and(is_protected) {
        session.policy.take_recording();
        compiled = unprotected(session.connection, || compile_as(Trust::Recording));
    }
    let mut recording = session.policy.take_recording();
    match compiled {
        Ok(mut statement) => {
            session.check_end(sql)?;
            bind::named(&mut statement, params, sql)?;
        }
        // Compilation ended there on purpose, and a pragma is all such a statement does.
        Err(_) if recording.is_pragma() => {
            return match sql_text::split_first(sql) {
                None => Ok(recording),
                Some(_) => Err(SqlError::from_driver(
                    rusqlite::Error::MultipleStatement,
                    sql,
                )),
            };
        }
        Err(error) => {
            // Whether there are two statements is found out by compiling the first.
            let before = session.policy.set(Trust::Warming);
            let refusal = session.refusal(error, &explained);
            session.policy.set(before);
            return Err(refusal);
        }
    }
    if recording.is_empty() {
        recording.note_unreported(is_vacuum(session.connection, &explained));
    }
    Ok(recording)
}

/// Has the connection notice what others have changed in the schema: it compiles with the one that
/// it knows, and looks whether that still holds when a statement runs.
fn notice_changes(session: &Session<'_>) -> Result<(), SqlError> {
    const LOOK: &str = own_statements::LOOK_AT_SCHEMA;
    session.as_server(|session| {
        let driver = |error| SqlError::from_driver(error, LOOK);
        let mut statement = session.connection.prepare_cached(LOOK).map_err(driver)?;
        let mut rows = statement.raw_query();
        rows.next().map(drop).map_err(driver)
    })
}

/// Whether the compiler went no further because SQLite protects a table that a module keeps.
fn is_protected(error: &rusqlite::Error) -> bool {
    error.to_string().contains("may not be modified")
}

/// Compiles without that protection, so that the refusal can say what the table is. Nothing runs.
fn unprotected<T>(connection: &Connection, compile: impl FnOnce() -> T) -> T {
    let protect = |on| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, on);
    let lifted = protect(false);
    let compiled = compile();
    // Setting a flag of an open connection does not fail.
    let _ = lifted.and_then(|_| protect(true));
    compiled
}

/// Asks what every name of a table means, with a statement: a function in
/// its place could be shadowed by a table of its name.
fn kinds(session: &Session<'_>) -> Result<Kinds, SqlError> {
    const LIST: &str = "pragma table_list";
    session.as_server(|session| {
        let driver = |error| SqlError::from_driver(error, LIST);
        let mut statement = session.connection.prepare(LIST).map_err(driver)?;
        let mut rows = statement.raw_query();
        let mut kinds = HashMap::new();
        while let Some(row) = rows.next().map_err(driver)? {
            let text = |index| row.get::<_, String>(index).map_err(driver);
            if let Some(kind) = AccessedKind::of(&text(2)?) {
                kinds.insert((text(0)?, text(1)?), kind);
            }
        }
        Ok(kinds)
    })
}

/// The compiler asks nothing about VACUUM; its program gives it away.
fn is_vacuum(connection: &Connection, explained: &str) -> bool {
    connection
        .prepare(explained)
        .and_then(|mut statement| {
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                if row.get_ref(1)?.as_str() == Ok("Vacuum") {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .unwrap_or(false)
}
