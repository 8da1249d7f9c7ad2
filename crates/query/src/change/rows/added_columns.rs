//! Columns that `alter: true` adds to a table (WRITE-29, WRITE-30).

use datasette_core::{GivenRow, TableRef, identifier};
use indexmap::IndexMap;

use crate::change::column_kind::ColumnKind;
use crate::column_name::{ColumnName, Resolved};

/// The statements that give a table the columns that rows name and it has not.
pub fn statements<'a>(
    table: &TableRef,
    rows: impl IntoIterator<Item = &'a GivenRow>,
) -> Vec<String> {
    of_kinds(table, &ColumnKind::infer(rows))
}

/// The statements that give a table those of these columns that it has not.
pub fn of_kinds(table: &TableRef, kinds: &IndexMap<String, ColumnKind>) -> Vec<String> {
    let is_missing = |name: &str| {
        let resolved = ColumnName::resolve(table, name);
        matches!(resolved.resolved(), Resolved::Unknown)
    };
    let missing = kinds.iter().filter(|(name, _)| is_missing(name));
    let mut added: Vec<&str> = Vec::new();
    let mut statements = Vec::new();
    for (name, kind) in missing {
        // SQLite knows no two columns that differ in case alone.
        if added.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            continue;
        }
        added.push(name);
        statements.push(format!(
            "ALTER TABLE {} ADD COLUMN {} {}",
            identifier::quote(table.name()),
            identifier::quote(name),
            kind.declared()
        ));
    }
    statements
}
