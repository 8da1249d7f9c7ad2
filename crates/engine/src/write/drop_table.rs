//! Dropping a table (WRITE-110 to WRITE-114).

use datasette_core::action::DropTable;
use datasette_core::identifier::quote;
use datasette_core::schema::{Derivation, Table};
use datasette_core::{DatabaseSchema, Fault, TableKind, TableRef, Value};
use datasette_permissions::Permit;
use datasette_query::change::require_ordinary;
use datasette_sqlite::{Limits, Writer};
use serde_json::Value as Json;

use super::{Author, event, rebuild_table};
use crate::Instance;

/// How many rows the table has that may be dropped (WRITE-111).
///
/// # Errors
/// The table cannot be read.
pub async fn rows_to_drop(instance: &Instance, permit: &Permit<DropTable>) -> Result<i64, Fault> {
    let table = permit.resource();
    let sql = format!("select count(*) from {}", quote(table.name()));
    let handle = instance.handle(table.database())?;
    let count = handle.read(move |reader| Ok(reader.single(&sql, &[], &Limits::NONE)?));
    Ok(match count.await? {
        Some(Value::Integer(count)) => count,
        _ => 0,
    })
}

/// Drops a table with its triggers and with the full-text indexes of its content.
///
/// # Errors
/// 400: it is no ordinary table, or SQLite refuses.
pub async fn drop_table(author: Author, permit: Permit<DropTable>) -> Result<(), Fault> {
    let table = permit.resource();
    let job = |writer: &mut Writer<'_>, table: &TableRef| {
        require_ordinary(table)?;
        let statements = statements(table.database().schema(), table);
        rebuild_table::run(writer, &statements)
    };
    author.write_table(table, |()| Json::Null, job).await?;
    author
        .tell(&event::about(&author, "drop-table", table))
        .await;
    Ok(())
}

fn statements(schema: &DatabaseSchema, table: &Table) -> Vec<String> {
    let tables = schema.tables.values();
    let indexes = tables.filter(|other| is_index_of(other, table));
    let mut statements = Vec::new();
    for index in indexes {
        let name = quote(&index.name);
        statements.push(format!("DROP TABLE {name}"));
        // Triggers of other tables that filled the index would fail from now on.
        let filling = schema.objects.iter().filter(|object| {
            let fills = |name: &str| contains(&object.sql, &format!(" INSERT INTO {name}"));
            let is_trigger = object.kind == "trigger" && object.table != table.name;
            is_trigger && (fills(&name) || fills(&format!("[{}]", index.name)))
        });
        statements.extend(filling.map(|trigger| format!("DROP TRIGGER {}", quote(&trigger.name))));
    }
    statements.push(format!("DROP TABLE {}", quote(&table.name)));
    statements
}

/// Whether it is a full-text index whose content is in that table, however it says so (WRITE-113).
fn is_index_of(other: &Table, table: &Table) -> bool {
    let is_fts = matches!(&other.kind, TableKind::Virtual(module)
        if ["fts3", "fts4", "fts5"].contains(&module.as_str()));
    is_fts && other.derivation == Derivation::From(table.name.clone())
}

fn contains(sql: &str, part: &str) -> bool {
    sql.to_ascii_lowercase()
        .contains(&part.to_ascii_lowercase())
}
