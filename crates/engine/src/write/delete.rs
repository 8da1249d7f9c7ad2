//! Deleting one row.

use datasette_core::action::DeleteRow;
use datasette_core::{Fault, TableRef};
use datasette_permissions::Permit;
use datasette_query::change::{delete as statements, require_ordinary};
use datasette_sqlite::Writer;
use serde_json::Value as Json;

use super::Author;
use super::event;
use super::find::FoundRow;

/// Deletes a row (WRITE-63 to WRITE-68).
///
/// # Errors
/// 400 for what SQLite refuses, 404 when the row has gone meanwhile.
pub async fn delete(
    author: Author,
    permit: Permit<DeleteRow>,
    found: FoundRow,
) -> Result<(), Fault> {
    let table = permit.resource().clone();
    let done = event::about_row(&author, "delete-row", &table, &found.identifier);
    let job = move |writer: &mut Writer<'_>, table: &TableRef| {
        require_ordinary(table)?;
        let statement = statements::statement(table, &found.key);
        match writer.execute_values(&statement.sql, &statement.values)? {
            0 => Err(found.untouched(writer)?),
            _ => Ok(()),
        }
    };
    author.write_table(&table, |()| Json::Null, job).await?;
    author.tell(&done).await;
    Ok(())
}
