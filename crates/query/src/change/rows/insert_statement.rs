//! The statements of insert and upsert.

use std::collections::BTreeSet;

use datasette_core::{Fault, GivenRow, TableRef, Value, identifier};

use super::insert::{InsertKind, InsertQuestion, Manner};
use crate::change::Statement;
use crate::column_name::rowid_name;

/// The columns of the statement of every row: those that any row names, where rows are inserted
/// together (WRITE-38); `None` where each row has its own.
pub fn common_columns(question: &InsertQuestion) -> Option<Vec<&str>> {
    if question.wants_rows || question.manner.kind == InsertKind::Upsert {
        return None;
    }
    let names = question.rows.iter().flat_map(GivenRow::keys);
    let columns: BTreeSet<&str> = names.map(String::as_str).collect();
    Some(columns.into_iter().collect())
}

/// The statement that stores one row.
///
/// # Errors
/// 400 for a value that does not fit (WRITE-15).
pub fn statement(
    table: &TableRef,
    question: &InsertQuestion,
    common: Option<&[&str]>,
    row: &GivenRow,
) -> Result<Statement, Fault> {
    let own: Vec<&str>;
    let columns = match common {
        Some(common) => common,
        None => {
            own = row.keys().map(String::as_str).collect();
            &own
        }
    };
    let value = |name: &&str| {
        row.get(*name)
            .map_or(Ok(Value::Null), |given| given.to_value())
    };
    let values: Result<_, _> = columns.iter().map(value).collect();
    Ok(Statement {
        sql: text(table, question.manner, columns),
        values: values?,
    })
}

/// The text for these columns.
pub fn text(table: &TableRef, manner: Manner, columns: &[&str]) -> String {
    let verb = match (manner.ignore, manner.replace) {
        (true, _) => "INSERT OR IGNORE",
        (_, true) => "INSERT OR REPLACE",
        _ => "INSERT",
    };
    let name = identifier::quote(table.name());
    if columns.is_empty() {
        return format!("{verb} INTO {name} DEFAULT VALUES");
    }
    let quoted: Vec<String> = columns.iter().map(|name| identifier::quote(name)).collect();
    let places = vec!["?"; columns.len()].join(", ");
    let mut sql = format!(
        "{verb} INTO {name} ({}) VALUES ({places})",
        quoted.join(", ")
    );
    if manner.kind == InsertKind::Upsert {
        sql.push_str(&on_conflict(table, columns));
    }
    sql
}

/// Columns that the row does not name keep their values (WRITE-46, WRITE-47).
fn on_conflict(table: &TableRef, columns: &[&str]) -> String {
    let keys = match table.uses_rowid() {
        true => vec![rowid_name(table)],
        false => table.primary_key_names().collect(),
    };
    let is_key = |name: &str| keys.iter().any(|key| key.eq_ignore_ascii_case(name));
    let sets: Vec<String> = columns
        .iter()
        .filter(|name| !is_key(name))
        .map(|name| {
            let quoted = identifier::quote(name);
            format!("{quoted} = excluded.{quoted}")
        })
        .collect();
    let target: Vec<String> = keys.iter().map(|key| identifier::quote(key)).collect();
    let target = target.join(", ");
    match sets.is_empty() {
        true => format!(" ON CONFLICT ({target}) DO NOTHING"),
        false => format!(" ON CONFLICT ({target}) DO UPDATE SET {}", sets.join(", ")),
    }
}
