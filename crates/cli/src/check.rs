//! Can every database be used? Asked before anything is served (CLI-63 to CLI-66).

use datasette_core::{Fault, FaultKind, identifier};
use datasette_engine::Attach;
use datasette_sqlite::{Database, Limits, find_spatialite};

use crate::failure::{Failure, words};

/// What SQLite says about a table that SpatiaLite would know.
const SPATIALITE: &str = "no such module: VirtualSpatialIndex";

/// Reads the schemas of all databases at the same time; the first in attach order that cannot be
/// used is the answer.
pub(crate) async fn all(databases: &[Attach]) -> Result<(), Failure> {
    let mut checks = Vec::with_capacity(databases.len());
    for attach in databases {
        let database = attach.database.clone();
        checks.push((
            attach,
            tokio::spawn(async move { problem(&database).await }),
        ));
    }
    for (attach, check) in checks {
        let found = check
            .await
            .map_err(|panic| Failure::error(panic.to_string()))?;
        if let Some(problem) = found {
            let shown = attach.database.path();
            let shown =
                shown.map_or_else(|| attach.name.clone(), |path| path.display().to_string());
            return Err(explain(&shown, problem));
        }
    }
    Ok(())
}

/// Why a database cannot be used.
enum Problem {
    /// It cannot be read at all.
    Unreadable(Fault),
    /// One of its tables cannot be used; SQLite's words.
    Table(String),
}

async fn problem(database: &Database) -> Option<Problem> {
    let schema = match database.schema().await {
        Ok(schema) => schema,
        Err(fault) => return Some(Problem::Unreadable(fault)),
    };
    // A table without columns is one that SQLite could not describe; reading it tells why.
    let tables = schema.tables.values();
    let nameless: Vec<String> = tables
        .filter(|table| !table.is_view() && table.columns.is_empty())
        .map(|table| table.name.clone())
        .collect();
    if nameless.is_empty() {
        return None;
    }
    let reading = database.read(move |reader| {
        Ok(nameless.iter().find_map(|name| {
            let sql = format!("select * from {} limit 0", identifier::quote(name));
            let read = reader.single(&sql, &[], &Limits::NONE.tentative());
            read.err().map(|error| error.message().to_owned())
        }))
    });
    match reading.await {
        Ok(words) => words.map(Problem::Table),
        Err(fault) => Some(Problem::Unreadable(fault)),
    }
}

fn explain(shown: &str, problem: Problem) -> Failure {
    match problem {
        Problem::Unreadable(fault) if fault.kind() == FaultKind::Unavailable => {
            failed(shown, "database is locked; --nolock reads it anyway")
        }
        Problem::Unreadable(fault) => match fault.cause() {
            // SQLite's own words, where a visitor would read ours.
            Some(cause) => failed(shown, &cause.to_string()),
            None => failed(shown, &words(&fault)),
        },
        Problem::Table(words) if words == SPATIALITE => Failure::usage(
            "serve",
            format!(
                "It looks like you're trying to load a SpatiaLite database without first loading the \
             SpatiaLite module.{suggestion}\n\nRead more: https://docs.datasette.io/en/stable/spatialite.html",
                suggestion = suggestion()
            ),
        ),
        Problem::Table(words) => Failure::usage(
            "serve",
            format!("Connection to {shown} failed check: {words}"),
        ),
    }
}

/// The words for a file that cannot be opened or read.
pub(crate) fn failed(shown: &str, words: &str) -> Failure {
    Failure::error(format!("Connection to {shown} failed check: {words}"))
}

/// What helps where SpatiaLite is installed (CLI-65).
fn suggestion() -> &'static str {
    match find_spatialite() {
        Some(_) => "\n\nTry adding the --load-extension=spatialite option.",
        None => "",
    }
}

/// SQLite's words about a table, and what helps if it is one of SpatiaLite (CLI-177).
pub(crate) fn with_suggestion(words: &str) -> String {
    match words {
        SPATIALITE => format!("{words}{}", suggestion()),
        _ => words.to_owned(),
    }
}
