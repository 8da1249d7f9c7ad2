//! `_col` and `_nocol`: which columns rows have.

use datasette_core::{ColumnRef, Fault, QueryString, TableRef, identifier};

use crate::column_name::rowid_name;

/// A column of the result.
#[derive(Clone, Debug)]
pub enum SelectedColumn {
    /// The rowid under this name, the first column of tables without a primary key (TABLE-06).
    Rowid(&'static str),
    /// A column of the table.
    Column(ColumnRef),
}

impl SelectedColumn {
    /// The name that rows show it under.
    pub fn name(&self) -> &str {
        match self {
            Self::Rowid(name) => name,
            Self::Column(column) => column.name(),
        }
    }

    /// The column of the table, unless it is the rowid.
    pub fn column(&self) -> Option<&ColumnRef> {
        match self {
            Self::Rowid(_) => None,
            Self::Column(column) => Some(column),
        }
    }
}

/// Every column, the rowid first where it identifies rows (TABLE-06, TABLE-10).
pub(crate) fn all(table: &TableRef) -> Vec<SelectedColumn> {
    rowid(table)
        .chain(
            (0..table.columns.len())
                .filter_map(|index| table.column_at(index).map(SelectedColumn::Column)),
        )
        .collect()
}

/// Reads `_col` and `_nocol` (TABLE-20 to TABLE-26).
///
/// # Errors
/// 400 for unknown names and for a primary key in `_nocol`.
pub(crate) fn selected(
    table: &TableRef,
    arguments: &QueryString,
) -> Result<Vec<SelectedColumn>, Fault> {
    let is_key = |index: &usize| table.primary_key.contains(index);
    let mut indexes: Vec<usize> = (0..table.columns.len()).collect();
    if arguments.contains("_col") {
        indexes = table.primary_key.clone();
        let named = lookup(table, arguments, "_col", |_| true)?;
        for index in named {
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
    }
    if arguments.contains("_nocol") {
        let unwanted = lookup(table, arguments, "_nocol", |index| !is_key(index))?;
        indexes.retain(|index| !unwanted.contains(index));
    }
    let columns = indexes
        .into_iter()
        .filter_map(|index| table.column_at(index).map(SelectedColumn::Column));
    Ok(rowid(table).chain(columns).collect())
}

/// # Errors
/// 400 when no column but the rowid is left (TABLE-26).
pub(crate) fn check(columns: &[SelectedColumn]) -> Result<(), Fault> {
    if columns.iter().any(|selected| selected.column().is_some()) {
        Ok(())
    } else {
        Err(Fault::invalid_sql("near \"from\": syntax error"))
    }
}

/// The columns as the list after `select`.
pub(crate) fn list(columns: &[SelectedColumn]) -> String {
    let names: Vec<_> = columns
        .iter()
        .map(|column| identifier::quote_if_needed(column.name()))
        .collect();
    names.join(", ")
}

fn rowid(table: &TableRef) -> impl Iterator<Item = SelectedColumn> {
    table
        .uses_rowid()
        .then(|| SelectedColumn::Rowid(rowid_name(table)))
        .into_iter()
}

fn lookup(
    table: &TableRef,
    arguments: &QueryString,
    argument: &str,
    allowed: impl Fn(&usize) -> bool,
) -> Result<Vec<usize>, Fault> {
    let mut indexes = Vec::new();
    let mut invalid = Vec::new();
    for name in arguments.get_all(argument) {
        match table.column_index(name).filter(&allowed) {
            Some(index) => indexes.push(index),
            None => invalid.push(name),
        }
    }
    if invalid.is_empty() {
        Ok(indexes)
    } else {
        Err(Fault::bad_request(format!(
            "{argument}={} - invalid columns",
            invalid.join(", ")
        )))
    }
}
