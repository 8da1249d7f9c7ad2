//! From the description of a table to the statement that makes it (WRITE-78, WRITE-85, WRITE-86).

use datasette_core::identifier::quote;
use datasette_core::{DatabaseSchema, Fault, GivenRow};

use super::column_draft::{ColumnDraft, TableDraft};
use super::create_question::NewColumn;
use super::table_changes::resolved;
use crate::change::column_kind::ColumnKind;

/// Plans a new table. `key` names the columns of its key; empty for none.
///
/// # Errors
/// 400: a column refers to what is not there (WRITE-78), or a default is no value.
pub fn plan_create(
    schema: &DatabaseSchema,
    table: &str,
    columns: &[NewColumn],
    key: &[String],
) -> Result<String, Fault> {
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut references = Vec::with_capacity(columns.len());
    for column in columns {
        references.push(match &column.reference {
            None => None,
            Some((other, None)) => Some((other, only_key(schema, other)?)),
            Some((other, Some(column))) => Some((other, column.clone())),
        });
    }
    if columns.is_empty() {
        return Err(no_columns());
    }
    for (other, column) in references.iter_mut().flatten() {
        let is_own = other.as_str() == table;
        if is_own && names.iter().any(|name| name.eq_ignore_ascii_case(column)) {
            *column = resolved(column, &names);
        } else {
            *column = known_column(schema, other, column)?;
        }
    }
    let key: Vec<String> = key.iter().map(|name| resolved(name, &names)).collect();
    let mut draft = TableDraft::default();
    for (column, reference) in columns.iter().zip(references) {
        let mut constraints = Vec::new();
        if key.len() == 1 && key[0] == column.name {
            constraints.push("PRIMARY KEY".to_owned());
        }
        if column.not_null {
            constraints.push("NOT NULL".to_owned());
        }
        let default = column.default.as_ref().map(|default| default.sql());
        if let Some(default) = default.transpose()?.flatten() {
            constraints.push(format!("DEFAULT {default}"));
        }
        if let Some((table, column)) = reference {
            constraints.push(format!("REFERENCES {}({})", quote(table), quote(&column)));
        }
        draft.columns.push(ColumnDraft {
            name: column.name.clone(),
            type_name: column.kind.declared().to_owned(),
            constraints,
            ..ColumnDraft::default()
        });
    }
    match key.as_slice() {
        [] => {}
        [one] if names.contains(one) => {}
        [one] => draft.columns.insert(0, added_key(one)),
        several => draft.constraints.push(key_line(several)),
    }
    Ok(draft.sql(table))
}

/// So many rows are looked at together, as many as are inserted together.
const ROWS: usize = 100;

/// So many values.
const VALUES: usize = 999;

/// The columns of a table that is made for rows (WRITE-84). Only the rows that have always been
/// inserted together first are looked at; columns that only later rows have are added then.
pub fn inferred(rows: &[GivenRow]) -> Vec<NewColumn> {
    let together = match rows.first().map(GivenRow::len) {
        None | Some(0) => 1,
        Some(columns) => (VALUES / columns).clamp(1, ROWS),
    };
    let kinds = ColumnKind::infer(rows.iter().take(together)).into_iter();
    kinds
        .map(|(name, kind)| NewColumn {
            name,
            kind,
            not_null: false,
            default: None,
            reference: None,
        })
        .collect()
}

/// A key column that nobody described (WRITE-85, WRITE-102).
pub(super) fn added_key(name: &str) -> ColumnDraft {
    ColumnDraft {
        name: name.to_owned(),
        type_name: "INTEGER".to_owned(),
        constraints: vec!["PRIMARY KEY".to_owned()],
        ..ColumnDraft::default()
    }
}

/// A key of several columns as a line of its own.
pub(super) fn key_line(columns: &[String]) -> String {
    let columns: Vec<String> = columns.iter().map(|name| quote(name)).collect();
    format!("PRIMARY KEY ({})", columns.join(", "))
}

pub(super) fn no_columns() -> Fault {
    Fault::bad_request("Tables must have at least one column")
}

/// The only column of a table's key (WRITE-78).
///
/// # Errors
/// 400: there is no such table, or its key has none or several.
pub(super) fn only_key(schema: &DatabaseSchema, table: &str) -> Result<String, Fault> {
    let found = schema.tables.get(table);
    let mut key = found
        .into_iter()
        .flat_map(|found| found.primary_key_names());
    match (key.next(), key.next()) {
        (Some(column), None) => Ok(column.to_owned()),
        _ => {
            let words = format!("Could not detect single primary key for table '{table}'");
            Err(Fault::bad_request(words))
        }
    }
}

/// A column that another table has, spelled as that table spells it; `rowid` is one, too.
///
/// # Errors
/// 400: the table has no such column, or there is no such table (WRITE-78).
pub(super) fn known_column(
    schema: &DatabaseSchema,
    table: &str,
    column: &str,
) -> Result<String, Fault> {
    let names: Vec<String> = match schema.tables.get(table) {
        Some(found) => found.columns.iter().map(|each| each.name.clone()).collect(),
        None => Vec::new(),
    };
    let column = resolved(column, &names);
    if column == "rowid" || names.contains(&column) {
        return Ok(column);
    }
    let words = format!("No such column: {table}.{column}");
    Err(Fault::bad_request(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::Given;
    use serde_json::{Value as Json, json};

    fn rows(rows: Vec<Json>) -> Vec<GivenRow> {
        let rows = rows.into_iter().map(|row| row.as_object().unwrap().clone());
        rows.map(|row| Given::decode_row(row).unwrap()).collect()
    }

    // Proves: WRITE-84
    #[test]
    fn the_rows_that_are_inserted_first_decide() {
        let mut given: Vec<Json> = (0..100).map(|number| json!({"a": number})).collect();
        given.push(json!({"a": 1.5, "late": 1}));
        let columns = inferred(&rows(given));
        assert_eq!(columns.len(), 1);
        assert_eq!(columns[0].kind, ColumnKind::Integer);
        let wide: Json = (0..600).map(|n| (format!("c{n}"), json!(n))).collect();
        let columns = inferred(&rows(vec![wide, json!({"c0": 0.5})]));
        assert_eq!(columns.len(), 600);
        assert_eq!(columns[0].kind, ColumnKind::Integer);
        let columns = inferred(&rows(vec![json!({"b": 1}), json!({"a": "x", "b": 2.5})]));
        let columns: Vec<_> = columns
            .iter()
            .map(|each| (each.name.as_str(), each.kind))
            .collect();
        assert_eq!(columns, [("b", ColumnKind::Real), ("a", ColumnKind::Text)]);
    }
}
