//! The events of changes (EVT rows; WRITE-41, WRITE-50, WRITE-62, WRITE-68).

use datasette_core::TableRef;
use datasette_hooks::Event;
use datasette_query::change::{InsertKind, Manner};
use serde_json::json;

use super::Author;

/// An event about a table.
pub(super) fn about(author: &Author, name: &str, table: &TableRef) -> Event {
    of(author, name, (table.database().name(), table.name()))
}

/// An event about a table by the names of its database and its own, as they are now.
pub(super) fn of(author: &Author, name: &str, (database, table): (&str, &str)) -> Event {
    let event = author.event(name);
    event.with("database", database).with("table", table)
}

/// An event about a row, whose key is told as text.
pub(super) fn about_row(author: &Author, name: &str, table: &TableRef, key: &[String]) -> Event {
    about(author, name, table).with("pks", json!(key))
}

/// Rows were given to be stored, that many (EVT-10, EVT-11).
pub(super) fn stored(author: &Author, table: &TableRef, manner: Manner, rows: usize) -> Event {
    match manner.kind {
        InsertKind::Insert => about(author, "insert-rows", table)
            .with("num_rows", rows)
            .with("ignore", manner.ignore)
            .with("replace", manner.replace),
        InsertKind::Upsert => about(author, "upsert-rows", table).with("num_rows", rows),
    }
}

/// A table has another schema.
pub(super) fn altered(author: &Author, names: (&str, &str), altered: &Altered) -> Event {
    of(author, "alter-table", names)
        .with("before_schema", altered.before.as_str())
        .with("after_schema", altered.after.as_str())
}

/// The schema of a table before and after a change.
#[derive(Clone, Debug)]
pub(super) struct Altered {
    /// Before.
    pub(super) before: String,
    /// After.
    pub(super) after: String,
}
