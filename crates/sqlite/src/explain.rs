//! Asking SQLite's compiler what a statement would touch.

use rusqlite::Connection;

use crate::analyse::{Access, Operation, Recording, TargetKind};
use crate::authorizer::Trust;
use crate::error::SqlError;
use crate::session::Session;

/// The accesses of a statement, found by compiling its `EXPLAIN`.
pub(crate) fn accesses(session: &Session<'_>, sql: &str) -> Result<Vec<Access>, SqlError> {
    record(session, sql).map(Recording::finish)
}

/// The accesses of a statement on a connection that may write. The compiler does not look into
/// the body of a view that is being created, so the view is made, read and undone.
pub(crate) fn accesses_of_change(
    session: &Session<'_>,
    sql: &str,
) -> Result<Vec<Access>, SqlError> {
    let mut found = accesses(session, sql)?;
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
            accesses(session, &body)?
                .into_iter()
                .filter(|access| access.operation == Operation::Read && !is_the_view(access)),
        );
    }
    Ok(reads)
}

fn record(session: &Session<'_>, sql: &str) -> Result<Recording, SqlError> {
    let explained = format!("explain {sql}");
    session.policy.take_recording();
    let before = session.policy.set(Trust::Recording);
    let compiled = session.connection.prepare(&explained).map(drop);
    session.policy.set(before);
    let mut recording = session.policy.take_recording();
    match compiled {
        Ok(()) => {}
        // Compilation ended there on purpose, and a pragma is all such a statement does.
        Err(_) if recording.met_pragma() => return Ok(recording),
        Err(error) => return Err(SqlError::from_driver(error, sql)),
    }
    if recording.is_empty() {
        recording.note_unreported(is_vacuum(session.connection, &explained));
    }
    Ok(recording)
}

/// The compiler asks nothing about VACUUM; its program gives it away.
fn is_vacuum(connection: &Connection, explained: &str) -> bool {
    connection
        .prepare(explained)
        .and_then(|mut statement| {
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if row.get_ref(1)?.as_str() == Ok("Vacuum") {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .unwrap_or(false)
}
