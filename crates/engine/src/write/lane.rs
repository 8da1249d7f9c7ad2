//! What happens on the write lane around a change.

use std::collections::HashMap;

use datasette_core::{DatabaseRef, Fault, RowBatch, TableRef, Value};
use datasette_hooks::{Borrower, Event, HookError, WriteConnection, WriteOutcome, WriteWrapper};
use datasette_sqlite::{Limits, Writer};
use serde_json::Value as Json;

use super::event::Altered;

/// The database as this transaction sees it. Its description is read anew only where the schema has
/// changed since the request looked.
pub(super) fn as_it_is(
    writer: &mut Writer<'_>,
    database: &DatabaseRef,
) -> Result<DatabaseRef, Fault> {
    if writer.schema_version()? == database.schema().version {
        return Ok(database.clone());
    }
    Ok(database.with_schema(writer.schema()?))
}

/// A table of that name.
///
/// # Errors
/// 404 when it is gone.
pub(super) fn table(database: &DatabaseRef, name: &str) -> Result<TableRef, Fault> {
    let table = database.table(name);
    table.ok_or_else(|| Fault::not_found(format!("Table not found: {name}")))
}

/// What a change did to the schema.
#[derive(Debug, Default)]
pub(super) struct Reshaped {
    /// Tables that have another name: old and new (EVT-14).
    pub(super) renamed: Vec<(String, String)>,
}

/// What the change did to the schema; `None` when that is the same.
pub(super) fn reshaped(
    writer: &mut Writer<'_>,
    before: &DatabaseRef,
) -> Result<Option<Reshaped>, Fault> {
    const TABLES: &str =
        "select name, rootpage from sqlite_master where type = 'table' and rootpage > 0";
    if writer.schema_version()? == before.schema().version {
        return Ok(None);
    }
    let (rows, _) = writer.batch_values(TABLES, &[], &Limits::NONE)?;
    let now: HashMap<i64, String> = rows
        .rows()
        .filter_map(|row| match (row.get(0).to_value(), row.get(1).to_value()) {
            (Value::Text(name), Value::Integer(page)) => Some((page, name)),
            _ => None,
        })
        .collect();
    let is_there = |name: &str| now.values().any(|known| known == name);
    let renamed = before.tables().filter_map(|table| {
        let name = now.get(&table.root_page)?;
        // A page that another table took over, as happens in files that shrink by themselves, is
        // no renaming.
        let moved = !is_there(table.name()) && before.table(name).is_none();
        moved.then(|| (table.name().to_owned(), name.clone()))
    });
    let renamed = renamed.collect();
    Ok(Some(Reshaped { renamed }))
}

/// Runs what may give the table another schema, and tells both if it did.
pub(super) fn altered(
    writer: &mut Writer<'_>,
    table: &TableRef,
    change: impl FnOnce(&mut Writer<'_>) -> Result<(), Fault>,
) -> Result<Option<Altered>, Fault> {
    const SCHEMA: &str = "select sql from sqlite_master where type = 'table' and name = ?";
    let before = table.sql.clone();
    change(writer)?;
    let name = [Value::from(table.name())];
    let (found, _) = writer.batch_values(SCHEMA, &name, &Limits::NONE)?;
    let after = found
        .rows()
        .next()
        .and_then(|row| match row.get(0).to_value() {
            Value::Text(sql) => Some(sql),
            _ => None,
        });
    let after = after.filter(|after| *after != before);
    Ok(after.map(|after| Altered { before, after }))
}

/// Runs a job inside wrappers, the first of them outermost (HOOK-207).
pub(super) fn wrapped<R>(
    writer: &mut Writer<'_>,
    wrappers: &mut [Box<dyn WriteWrapper>],
    events: &mut Vec<Event>,
    told: fn(&R) -> Json,
    job: impl FnOnce(&mut Writer<'_>, &mut Vec<Event>) -> Result<R, Fault>,
) -> Result<R, Fault> {
    let broken = |error: HookError| error.into_fault("a plugin", "write_wrapper");
    let mut entered = 0;
    let mut refused = None;
    for wrapper in wrappers.iter_mut() {
        if let Err(error) = wrapper.before(&mut Connection { writer, events }) {
            refused = Some(broken(error));
            break;
        }
        entered += 1;
    }
    let mut done = match refused {
        Some(fault) => Err(fault),
        None => job(writer, events),
    };
    for wrapper in wrappers[..entered].iter_mut().rev() {
        let json;
        let outcome = match &done {
            Ok(done) => {
                json = told(done);
                WriteOutcome::Done(&json)
            }
            Err(fault) => WriteOutcome::Failed(fault),
        };
        if let Err(error) = wrapper.after(&mut Connection { writer, events }, outcome) {
            done = Err(broken(error));
        }
    }
    done
}

/// The connection as wrappers see it.
struct Connection<'a, 'lane> {
    writer: &'a mut Writer<'lane>,
    events: &'a mut Vec<Event>,
}

impl WriteConnection for Connection<'_, '_> {
    fn execute(&mut self, sql: &str, params: &[(String, Value)]) -> Result<RowBatch, Fault> {
        let (rows, _) = self.writer.batch(sql, params, &Limits::NONE)?;
        Ok(rows)
    }

    fn lend(&mut self, borrower: &mut dyn Borrower) -> Result<(), HookError> {
        let mut connection = self.writer.lend()?;
        let events = borrower.use_connection(&mut connection)?;
        self.events.extend(events);
        Ok(())
    }

    fn track_event(&mut self, event: Event) {
        self.events.push(event);
    }
}
