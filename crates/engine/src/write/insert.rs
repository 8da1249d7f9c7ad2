//! Inserting rows, and updating them where they are there already.

use datasette_core::action::{AlterTable, InsertRow, UpdateRow, ViewTable};
use datasette_core::{Fault, RowBatch, TableRef};
use datasette_hooks::Event;
use datasette_permissions::Permit;
use datasette_query::change::insert_statement::{common_columns, statement};
use datasette_query::change::{
    InsertKind, InsertQuestion, Manner, added_columns, require_ordinary,
};
use datasette_sqlite::Writer;
use serde_json::{Value as Json, json};

use super::event::{self, Altered};
use super::kept::Kept;
use super::{Author, column_values, lane};

/// What came of it.
#[derive(Debug)]
pub struct Stored {
    /// The rows as they are stored now, if they were wanted and the actor may view them (WRITE-20).
    pub rows: Option<RowBatch>,
    altered: Option<Altered>,
}

/// Inserts rows (WRITE-22 to WRITE-41).
///
/// # Errors
/// 400 for values that do not fit and for what SQLite refuses, 403 where replacing or altering is
/// not allowed. Nothing is stored then.
pub async fn insert(
    author: Author,
    permit: Permit<InsertRow>,
    question: InsertQuestion,
) -> Result<Stored, Fault> {
    store(author, permit.resource().clone(), question).await
}

/// Inserts rows or updates those that are there (WRITE-42 to WRITE-50).
///
/// # Errors
/// As [`insert`].
pub async fn upsert(
    author: Author,
    permits: (Permit<InsertRow>, Permit<UpdateRow>),
    question: InsertQuestion,
) -> Result<Stored, Fault> {
    store(author, permits.0.resource().clone(), question).await
}

async fn store(author: Author, table: TableRef, question: InsertQuestion) -> Result<Stored, Fault> {
    let instance = &author.instance;
    let (gate, actor) = (&instance.gate, author.actor.as_ref());
    column_values::check(instance, actor, &table, &question.rows).await?;
    question.manner.check_upsert()?;
    require_for(&author, &table, question.manner, question.alter).await?;
    let may_view = gate.allows::<ViewTable>(actor, &table).await?.is_some();
    let done = event::stored(&author, &table, question.manner, question.rows.len());
    let job = move |writer: &mut Writer<'_>, table: &TableRef| {
        store_rows(writer, table, &question, may_view)
    };
    let stored = author.write_table(&table, told, job).await?;
    tell(&author, &table, &done, stored.altered.as_ref()).await;
    Ok(stored)
}

/// Refuses what storing rows in this way takes beyond inserting them (WRITE-29, WRITE-31).
///
/// # Errors
/// 403 with the first permission that is missing.
pub(super) async fn require_for(
    author: &Author,
    table: &TableRef,
    manner: Manner,
    alter: bool,
) -> Result<(), Fault> {
    let (gate, actor) = (&author.instance.gate, author.actor.as_ref());
    if manner.replace {
        let words = "Permission denied: need update-row to use \"replace\"";
        gate.require_or::<UpdateRow>(actor, table, words).await?;
    }
    if alter {
        let words = "Permission denied for alter-table";
        gate.require_or::<AlterTable>(actor, table, words).await?;
    }
    Ok(())
}

/// Tells that rows were stored, and then of columns that were added for them (WRITE-41).
pub(super) async fn tell(
    author: &Author,
    table: &TableRef,
    done: &Event,
    altered: Option<&Altered>,
) {
    author.tell(done).await;
    if let Some(altered) = altered {
        let names = (table.database().name(), table.name());
        author.tell(&event::altered(author, names, altered)).await;
    }
}

/// How many rows came back, for plugins.
fn told(stored: &Stored) -> Json {
    json!(stored.rows.as_ref().map(RowBatch::len))
}

/// Stores the rows of a question in a table, whose schema is that of this moment.
pub(super) fn store_rows(
    writer: &mut Writer<'_>,
    table: &TableRef,
    question: &InsertQuestion,
    may_view: bool,
) -> Result<Stored, Fault> {
    require_ordinary(table)?;
    let altered = match question.alter {
        true => lane::altered(writer, table, |writer| {
            for sql in added_columns::statements(table, &question.rows) {
                writer.execute_values(&sql, &[])?;
            }
            Ok(())
        })?,
        false => None,
    };
    let mut kept = question.wants_rows.then(|| Kept::none(table));
    let common = common_columns(question);
    for row in &question.rows {
        let statement = statement(table, question, common.as_deref(), row)?;
        match &mut kept {
            Some(kept) => kept.store(writer, table, question, (row, &statement))?,
            None => {
                writer.execute_values(&statement.sql, &statement.values)?;
            }
        }
    }
    let with_rowid = question.manner.kind == InsertKind::Upsert;
    let rows = match kept.filter(|_| may_view) {
        Some(kept) => Some(kept.read(writer, table, with_rowid)?),
        None => None,
    };
    Ok(Stored { rows, altered })
}
