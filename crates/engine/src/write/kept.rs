//! Which rows a call has stored, and reading them back in the same transaction.

use datasette_core::{Fault, GivenRow, RowBatch, TableKind, TableRef, Value};
use datasette_query::change::row_key::{RowKey, select_rows};
use datasette_query::change::{InsertKind, InsertQuestion, Statement};
use datasette_query::rowid_name;
use datasette_sqlite::{Limits, Writer};

/// The rows that were stored so far.
pub(super) enum Kept {
    /// Tables with rowids.
    Rowids(Vec<i64>),
    /// Tables without.
    Keys(Vec<RowKey>),
}

impl Kept {
    pub(super) fn none(table: &TableRef) -> Self {
        match table.kind {
            TableKind::WithoutRowid => Self::Keys(Vec::new()),
            _ => Self::Rowids(Vec::new()),
        }
    }

    /// Stores a row and remembers which one that is. One that was skipped for its primary key is
    /// the row that was there before (WRITE-36).
    pub(super) fn store(
        &mut self,
        writer: &mut Writer<'_>,
        table: &TableRef,
        question: &InsertQuestion,
        (row, statement): (&GivenRow, &Statement),
    ) -> Result<(), Fault> {
        match self {
            Self::Rowids(rowids) => {
                let changed = writer.execute_values(&statement.sql, &statement.values)?;
                if question.manner.kind == InsertKind::Insert && changed > 0 {
                    rowids.push(writer.last_insert_rowid());
                    return Ok(());
                }
                let Some(key) = RowKey::of_row(table, row)? else {
                    return Ok(());
                };
                let find = key.select_rowid(table);
                let (found, _) = writer.batch_values(&find.sql, &find.values, &Limits::NONE)?;
                if let Some(row) = found.rows().next()
                    && let Value::Integer(rowid) = row.get(0).to_value()
                {
                    rowids.push(rowid);
                }
            }
            Self::Keys(keys) => {
                // Parts of the key may have defaults.
                let names = RowKey::names(table);
                let sql = format!("{} RETURNING {names}", statement.sql);
                let (stored, _) = writer.batch_values(&sql, &statement.values, &Limits::NONE)?;
                let key = match stored.rows().next() {
                    Some(row) => Some(RowKey::of_values(table, row.to_values())),
                    None => RowKey::of_row(table, row)?,
                };
                keys.extend(key);
            }
        }
        Ok(())
    }

    /// Reads them back, in the order of the table.
    pub(super) fn read(
        self,
        writer: &mut Writer<'_>,
        table: &TableRef,
        with_rowid: bool,
    ) -> Result<RowBatch, Fault> {
        let rows = select_rows(table, with_rowid);
        match self {
            Self::Rowids(rowids) => {
                let rowid = rowid_name(table);
                let sql = format!(
                    "{rows} where {rowid} in (select value from json_each(?)) order by {rowid}"
                );
                let list: Vec<String> = rowids.iter().map(i64::to_string).collect();
                let list = Value::Text(format!("[{}]", list.join(",")));
                Ok(writer.batch_values(&sql, &[list], &Limits::NONE)?.0)
            }
            Self::Keys(keys) => {
                let condition = RowKey::any_of(table, keys.len());
                let values: Vec<Value> = keys
                    .iter()
                    .flat_map(|key| key.values().iter().cloned())
                    .collect();
                let sql = format!("{rows}{condition}");
                Ok(writer.batch_values(&sql, &values, &Limits::NONE)?.0)
            }
        }
    }
}
