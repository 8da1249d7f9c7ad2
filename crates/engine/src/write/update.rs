//! Updating one row.

use datasette_core::action::{AlterTable, UpdateRow, ViewTable};
use datasette_core::{Fault, RowBatch, TableRef};
use datasette_permissions::Permit;
use datasette_query::change::{UpdateQuestion, added_columns, require_ordinary};
use datasette_sqlite::{Limits, Writer};
use serde_json::Value as Json;

use super::event;
use super::find::FoundRow;
use super::{Author, column_values};

/// What came of it.
#[derive(Debug)]
pub struct Updated {
    /// The row as it is stored now; `None` where the actor may not view it.
    pub row: Option<RowBatch>,
}

/// Updates a row (WRITE-51 to WRITE-62).
///
/// # Errors
/// 400 for values that do not fit and for what SQLite refuses, 403 where altering is not allowed,
/// 404 when the row has gone meanwhile. Nothing is changed then.
pub async fn update(
    author: Author,
    permit: Permit<UpdateRow>,
    found: FoundRow,
    question: UpdateQuestion,
) -> Result<Updated, Fault> {
    let table = permit.resource().clone();
    let instance = &author.instance;
    let (gate, actor) = (&instance.gate, author.actor.as_ref());
    let given = std::slice::from_ref(&question.update);
    column_values::check(instance, actor, &table, given).await?;
    if question.alter {
        let words = "Permission denied for alter-table";
        gate.require_or::<AlterTable>(actor, &table, words).await?;
    }
    let may_view = gate.allows::<ViewTable>(actor, &table).await?.is_some();
    let done = event::about_row(&author, "update-row", &table, &found.identifier);
    let job = move |writer: &mut Writer<'_>, table: &TableRef| {
        change(writer, table, &found, &question, may_view)
    };
    let updated = author.write_table(&table, |_| Json::Null, job).await?;
    author.tell(&done).await;
    Ok(updated)
}

fn change(
    writer: &mut Writer<'_>,
    table: &TableRef,
    found: &FoundRow,
    question: &UpdateQuestion,
    may_view: bool,
) -> Result<Updated, Fault> {
    require_ordinary(table)?;
    // No event tells of added columns (EVT-09).
    if question.alter {
        for sql in added_columns::statements(table, [&question.update]) {
            writer.execute_values(&sql, &[])?;
        }
    }
    if let Some(statement) = question.statement(table, &found.key)?
        && writer.execute_values(&statement.sql, &statement.values)? == 0
    {
        return Err(found.untouched(writer)?);
    }
    let row = match may_view {
        true => {
            let select = found.key.after(&question.update)?.select(table);
            let limits = Limits::NONE.rows(1);
            Some(writer.batch_values(&select.sql, &select.values, &limits)?.0)
        }
        false => None,
    };
    Ok(Updated { row })
}
