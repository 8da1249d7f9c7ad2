//! Inserting rows that come as lines of text: in constant memory and one transaction.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use datasette_core::action::{InsertRow, UpdateRow};
use datasette_core::{DatabaseRef, Fault, Given, GivenRow, TableRef};
use datasette_permissions::Permit;
use datasette_query::change::insert_statement::text;
use datasette_query::change::{
    ColumnKinds, InsertKind, StreamQuestion, added_columns, require_ordinary,
};
use datasette_sqlite::Writer;
use serde_json::json;

use super::event::{self, Altered};
use super::row_stream::{RowStream, StreamedRow};
use super::{Abandoned, Author, column_values, insert, lane};
use crate::column_types;

/// Rows that were received whole. What is slow to arrive holds up no other writes.
pub trait Received: Read + Seek + Send + 'static {}

impl<T: Read + Seek + Send + 'static> Received for T {}

/// How many rows are looked at together before the write.
const CHECKED_TOGETHER: usize = 200;

/// Stores rows (WRITE-153) and answers how many were given.
///
/// # Errors
/// 400 for a line that is no row, does not fit its table, or that SQLite refuses, 403 where
/// replacing or altering is not allowed, 503 when it was abandoned before the commit. Nothing is
/// stored then.
pub async fn insert_stream(
    author: Author,
    permit: Permit<InsertRow>,
    question: StreamQuestion,
    mut received: Box<dyn Received>,
    abandoned: Abandoned,
) -> Result<usize, Fault> {
    let table = permit.resource().clone();
    let (gate, actor) = (&author.instance.gate, author.actor.as_ref());
    if question.manner.kind == InsertKind::Upsert {
        let words = "Permission denied: need both insert-row and update-row";
        gate.require_or::<UpdateRow>(actor, &table, words).await?;
    }
    insert::require_for(&author, &table, question.manner, question.alter).await?;
    check_types(&author, &table, &question, &mut received).await?;
    let name = table.name().to_owned();
    let job = move |writer: &mut Writer<'_>, database: &DatabaseRef| {
        let table = lane::table(database, &name)?;
        let stored = store(writer, &table, &question, &mut received, &abandoned)?;
        go_on(&abandoned)?;
        Ok(stored)
    };
    let told = |stored: &Stored| json!(stored.rows);
    let stored = author.write_once(table.database(), told, job).await?;
    let done = event::stored(&author, &table, question.manner, stored.rows);
    insert::tell(&author, &table, &done, stored.altered.as_ref()).await;
    Ok(stored.rows)
}

struct Stored {
    rows: usize,
    altered: Option<Altered>,
}

/// Asks the types of the columns about their values (WRITE-21), where there are any: plugins cannot
/// be asked on the write lane.
async fn check_types(
    author: &Author,
    table: &TableRef,
    question: &StreamQuestion,
    received: &mut Box<dyn Received>,
) -> Result<(), Fault> {
    let (instance, actor) = (&author.instance, author.actor.as_ref());
    if column_types::of(instance, table).await?.is_empty() {
        return Ok(());
    }
    let mut stream = rewound(table, question, received)?;
    loop {
        let mut rows: Vec<GivenRow> = Vec::new();
        while rows.len() < CHECKED_TOGETHER
            && let Some(row) = stream.next()?
        {
            let columns = row.columns.iter().cloned();
            rows.push(columns.zip(row.values).collect());
        }
        if rows.is_empty() {
            return Ok(());
        }
        column_values::check(instance, actor, table, &rows).await?;
    }
}

fn rewound<'r>(
    table: &TableRef,
    question: &StreamQuestion,
    received: &'r mut Box<dyn Received>,
) -> Result<RowStream<&'r mut Box<dyn Received>>, Fault> {
    received.seek(SeekFrom::Start(0)).map_err(Fault::internal)?;
    RowStream::new(question.format, table, received)
}

/// Whoever cancels an import closes the connection, and wants nothing stored.
fn go_on(abandoned: &Abandoned) -> Result<(), Fault> {
    match abandoned.is_so() {
        false => Ok(()),
        true => Err(Fault::unavailable("Cancelled: nobody waited any more.")),
    }
}

fn store(
    writer: &mut Writer<'_>,
    table: &TableRef,
    question: &StreamQuestion,
    received: &mut Box<dyn Received>,
    abandoned: &Abandoned,
) -> Result<Stored, Fault> {
    require_ordinary(table)?;
    let mut altered = None;
    if question.alter {
        let mut kinds = ColumnKinds::default();
        let mut stream = rewound(table, question, received)?;
        while let Some(row) = stream.next()? {
            for (name, given) in row.columns.iter().zip(&row.values) {
                kinds.note(name, given);
            }
        }
        altered = lane::altered(writer, table, |writer| {
            for sql in added_columns::of_kinds(table, &kinds.kinds()) {
                writer.execute_values(&sql, &[])?;
            }
            Ok(())
        })?;
    }
    let mut stream = rewound(table, question, received)?;
    let mut rows = 0;
    let mut planned: Option<Planned> = None;
    while let Some(row) = stream.next()? {
        go_on(abandoned)?;
        rows += 1;
        if rows > question.max_rows {
            return Err(question.too_many());
        }
        let at_line = |fault: Fault, line| fault.reworded(|words| format!("Line {line}: {words}"));
        let line = row.line;
        let plan = match &mut planned {
            Some(plan) if Arc::ptr_eq(&plan.columns, &row.columns) => plan,
            other => other.insert(Planned::new(table, question, &row)?),
        };
        plan.check_keys(&row)?;
        let values: Result<Vec<_>, _> = row.values.into_iter().map(Given::into_value).collect();
        let values = values.map_err(|fault| at_line(fault, line))?;
        writer
            .execute_values(&plan.sql, &values)
            .map_err(|error| at_line(error.into(), line))?;
    }
    Ok(Stored { rows, altered })
}

/// The statement for rows that name the same columns.
struct Planned {
    columns: Arc<[String]>,
    sql: String,
    /// Where the parts of the key stand, for an upsert.
    keys: Vec<usize>,
}

impl Planned {
    fn new(table: &TableRef, question: &StreamQuestion, row: &StreamedRow) -> Result<Self, Fault> {
        let line = row.line;
        let names: Vec<&str> = row.columns.iter().map(String::as_str).collect();
        let keys = table.row_key_names();
        if !question.alter {
            let known = |name: &str| table.column_index(name).is_some() || keys.contains(&name);
            let mut unknown: Vec<&str> =
                names.iter().copied().filter(|name| !known(name)).collect();
            unknown.sort_unstable();
            if !unknown.is_empty() {
                let unknown = unknown.join(", ");
                let message = format!("Line {line} has invalid columns: {unknown}");
                return Err(Fault::bad_request(message));
            }
        }
        let mut places = Vec::new();
        if question.manner.kind == InsertKind::Upsert {
            for key in keys {
                match names.iter().position(|name| *name == key) {
                    Some(place) => places.push(place),
                    None => {
                        return Err(Fault::bad_request(format!(
                            "Line {line} is missing primary key column(s): \"{key}\""
                        )));
                    }
                }
            }
        }
        Ok(Self {
            sql: text(table, question.manner, &names),
            columns: Arc::clone(&row.columns),
            keys: places,
        })
    }

    fn check_keys(&self, row: &StreamedRow) -> Result<(), Fault> {
        let null = self.keys.iter().find(|place| row.values[**place].is_null());
        null.map_or(Ok(()), |place| {
            let (line, name) = (row.line, &self.columns[*place]);
            Err(Fault::bad_request(format!(
                "Line {line} has null primary key column(s): \"{name}\""
            )))
        })
    }
}
