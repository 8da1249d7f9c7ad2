//! The row that a change is about, before it.

use std::time::Duration;

use datasette_core::{Fault, RowBatch, TableRef, python_text};
use datasette_query::RowQuestion;
use datasette_query::change::RowKey;
use datasette_sqlite::{Limits, Writer};

use crate::Instance;

/// A row that exists.
#[derive(Clone, Debug)]
pub struct FoundRow {
    /// Its table.
    pub table: TableRef,
    /// Its key as the URL names it.
    pub identifier: Vec<String>,
    /// The key for statements.
    pub(super) key: RowKey,
    /// Its values, behind the rowid where that is its key.
    pub(super) before: RowBatch,
}

impl FoundRow {
    /// Why a statement about the row has changed none.
    pub(super) fn untouched(&self, writer: &mut Writer<'_>) -> Result<Fault, Fault> {
        let select = self.key.select(&self.table);
        let limits = Limits::NONE.rows(1);
        let (now, _) = writer.batch_values(&select.sql, &select.values, &limits)?;
        Ok(match now.is_empty() {
            true => missing(&self.identifier),
            false => Fault::bad_request("A trigger of the table kept the row as it is"),
        })
    }
}

fn missing(key: &[String]) -> Fault {
    Fault::not_found(format!("Record not found: {}", python_text::list(key)))
}

/// Looks for the row that a URL names. Whoever calls it has the permission to change it.
///
/// # Errors
/// 400 for an identifier with the wrong number of parts (WRITE-58), 404 when there is no such row
/// (WRITE-52).
pub async fn find_row(
    instance: &Instance,
    table: &TableRef,
    identifier: &str,
) -> Result<FoundRow, Fault> {
    let question =
        RowQuestion::parse(table, identifier).map_err(|fault| match table.is_view() {
            true => missing(&RowQuestion::key_of(identifier)),
            false => fault,
        })?;
    let key = RowKey::of_question(&question);
    let select = key.select(table);
    let limit = Duration::from_millis(u64::from(instance.config.settings.sql_time_limit_ms));
    let limits = Limits::time(limit).rows(1);
    let handle = instance.handle(table.database())?;
    let before = handle
        .read(move |reader| Ok(reader.batch_values(&select.sql, &select.values, &limits)?.0))
        .await?;
    if before.is_empty() {
        return Err(missing(&question.key));
    }
    Ok(FoundRow {
        table: table.clone(),
        identifier: question.key,
        key,
        before,
    })
}
