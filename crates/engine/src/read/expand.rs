//! Foreign keys as labels: which may be expanded, and the labels themselves.

use std::time::Duration;

use datasette_core::action::ViewTable;
use datasette_core::{Actor, ColumnRef, Fault, RowBatch, TableRef, Value};
use datasette_query::label;
use datasette_sqlite::{Limits, Reader, SqlError};

use crate::Instance;
use crate::labels::{ColumnLabels, Labels};
use crate::page::Expandable;

/// The foreign keys of a table that refer to one column of another table, in the order SQLite lists
/// them (LABEL-04 to LABEL-07, EXTRA-47).
pub async fn expandable(
    instance: &Instance,
    actor: Option<&Actor>,
    table: &TableRef,
) -> Result<Vec<Expandable>, Fault> {
    let mut found = Vec::new();
    for key in &table.outgoing {
        let Some(other_table) = table.database().table(&key.other_table) else {
            continue;
        };
        let Some(column) = table.column(&key.column) else {
            continue;
        };
        let other_column = other_table.column(&key.other_column);
        let permit = instance
            .gate
            .allows::<ViewTable>(actor, &other_table)
            .await?;
        let visible = permit.is_some();
        let label = visible.then(|| label_column(instance, &other_table));
        found.push(Expandable {
            column,
            other_table,
            other_name: match visible {
                true => Some(key.other_column.clone()),
                false => declared(table, &key.column),
            },
            other_column,
            label: label.flatten(),
            visible,
        });
    }
    Ok(found)
}

/// The referenced column as far as the table's own definition names it.
fn declared(table: &TableRef, column: &str) -> Option<String> {
    let mut parts = table.foreign_key_parts.iter();
    parts.find(|part| part.from == column)?.to.clone()
}

/// The column whose text stands for a row of the table (LABEL-08).
pub fn label_column(instance: &Instance, table: &TableRef) -> Option<ColumnRef> {
    let configured = instance
        .config
        .table(table.database().name(), table.name())
        .and_then(|config| config.label_column.as_deref());
    match configured {
        Some(name) => table.column(name),
        None => table.column_at(table.label_column?),
    }
}

/// Finds the labels of all rows of a page: one statement per expanded column. A column whose
/// look-up runs out of time stays plain (LABEL-11).
pub(crate) fn labels(
    reader: &mut Reader<'_>,
    expanded: &[Expandable],
    rows: &RowBatch,
    limit: Duration,
) -> Result<Labels, Fault> {
    let mut labels = Labels::none(rows.column_names().len());
    for expandable in expanded {
        let place = rows
            .column_names()
            .iter()
            .position(|name| name == expandable.column.name());
        let Some(place) = place else { continue };
        let values: Vec<Value> = rows.rows().map(|row| row.get(place).to_value()).collect();
        if let Some(found) = column_labels(reader, expandable, &values, limit)? {
            labels.set(place, found);
        }
    }
    Ok(labels)
}

/// The labels of these values of one foreign key; none of a table that the actor may not see.
pub(crate) fn column_labels(
    reader: &mut Reader<'_>,
    expandable: &Expandable,
    values: &[Value],
    limit: Duration,
) -> Result<Option<ColumnLabels>, Fault> {
    let mut found = ColumnLabels::default();
    if !expandable.visible {
        return Ok(Some(found));
    }
    let Some(label) = &expandable.label else {
        // Every value is its own label (LABEL-09), whether its row exists or not.
        for value in values.iter().map(Value::as_ref) {
            found.insert(value, Value::Text(value.printed().into_owned()));
        }
        return Ok(Some(found));
    };
    // No row has a value in a column that does not exist.
    let plan = (expandable.other_column.as_ref())
        .and_then(|other_column| label::plan(other_column, label, values));
    let Some((sql, params)) = plan else {
        return Ok(Some(found));
    };
    match reader.batch(&sql, &params, &Limits::time(limit)) {
        Ok((rows, _)) => {
            for row in rows.rows() {
                found.insert(row.get(0), row.get(1).to_value());
            }
            Ok(Some(found))
        }
        Err(SqlError::Cancelled) => Err(SqlError::Cancelled.into()),
        Err(_) => Ok(None),
    }
}
