//! The indexes of a table that is made anew.

use datasette_core::identifier::quote;
use datasette_core::schema::Index;
use datasette_core::{Fault, Table};

use super::definition::{Definition, IndexedColumn};
use super::definition_parser::indexed_columns;
use crate::change::tables::table_changes::TableChanges;

/// The statements that make the indexes of the table again.
///
/// # Errors
/// 400: an index uses a column that is dropped.
pub(super) fn indexes(
    table: &Table,
    definition: &Definition,
    changes: &TableChanges,
) -> Result<Vec<String>, Fault> {
    let mut statements = Vec::new();
    for index in &table.indexes {
        let Some(sql) = index.sql.as_deref() else {
            // Those of constraints come with the constraints.
            continue;
        };
        let columns = index.columns.iter().flatten();
        if let Some(column) = columns.clone().find(|column| changes.drops(column)) {
            return Err(in_use(table, index, column, sql));
        }
        let is_plain = !index.partial && index.columns.iter().all(Option::is_some);
        let is_renamed = columns
            .clone()
            .any(|column| changes.renamed.contains(column));
        let parts = indexed_columns(sql).filter(|_| is_plain && is_renamed);
        statements.push(match parts {
            Some(parts) => anew(table, index, definition, &parts),
            None => sql.to_owned(),
        });
    }
    Ok(statements)
}

fn in_use(table: &Table, index: &Index, column: &str, sql: &str) -> Fault {
    let (name, table) = (&index.name, &table.name);
    Fault::bad_request(format!(
        "Index '{name}' column '{column}' is not in updated table '{table}'. \
         You must manually drop this index prior to running this transformation \
         and manually recreate the new index after running this transformation. \
         The original index sql statement is: `{sql}`. \
         No changes have been applied to this table."
    ))
}

/// The statement of an index whose columns were renamed, spelled as rebuilt tables always had it.
fn anew(table: &Table, index: &Index, definition: &Definition, parts: &[IndexedColumn]) -> String {
    let columns = index.columns.iter().flatten().zip(parts);
    let columns: Vec<String> = columns
        .map(|(name, part)| {
            let mut sql = quote(name);
            let mut declared = definition.columns.iter();
            let declared = declared.find(|each| each.name == *name);
            let declared = declared.and_then(|each| each.collation.as_ref());
            let collation = part.collation.as_ref().or(declared);
            if let Some(collation) = collation
                && !collation.eq_ignore_ascii_case("BINARY")
            {
                sql.push_str(&format!(" COLLATE {}", quote(collation)));
            }
            if part.descends == Some(true) {
                sql.push_str(" DESC");
            }
            sql
        })
        .collect();
    format!(
        "CREATE {}INDEX {} ON {} ({})",
        if index.unique { "UNIQUE " } else { "" },
        quote(&index.name),
        quote(&table.name),
        columns.join(", ")
    )
}
