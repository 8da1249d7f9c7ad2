//! The SQL that made a database, as far as the actor may see it.

use std::collections::HashSet;

use datasette_core::action::{ViewDatabase, ViewTable};
use datasette_core::schema::SchemaObject;
use datasette_core::{Fault, TableRef};
use datasette_permissions::Permit;

use crate::Instance;

/// The statements of all objects of a database whose table the actor may view (DEBUG-22 to
/// DEBUG-25).
pub async fn database_schema(
    instance: &Instance,
    permit: &Permit<ViewDatabase>,
) -> Result<String, Fault> {
    let database = permit.resource();
    let visible = instance
        .gate
        .visible_tables(permit.actor(), database)
        .await?;
    let names: HashSet<&str> = visible.iter().map(|entry| entry.item.name()).collect();
    let objects = database.schema().objects.iter();
    Ok(joined(
        objects.filter(|object| names.contains(object.table.as_str())),
    ))
}

/// The statement that made one table or view (DEBUG-23).
pub fn table_schema(permit: &Permit<ViewTable>) -> String {
    permit.resource().sql.clone()
}

/// A table's own statement and those of its indexes, each with `;` (EXTRA-43, EXTRA-44).
pub fn definition(table: &TableRef) -> String {
    let mut statements = vec![format!("{};", table.sql)];
    statements.extend(
        table
            .database()
            .schema()
            .objects
            .iter()
            .filter_map(|object| {
                let index = object.kind == "index" && object.table == table.name();
                index.then(|| format!("{};", object.sql))
            }),
    );
    statements.join("\n")
}

fn joined<'a>(objects: impl Iterator<Item = &'a SchemaObject>) -> String {
    objects
        .map(|object| object.sql.as_str())
        .collect::<Vec<_>>()
        .join(";\n")
}
