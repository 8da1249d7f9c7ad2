//! Changing a table inside a transaction that somebody else began: in place where SQLite can, else
//! by making it anew (WRITE-94, WRITE-104, WRITE-105).

use std::sync::Arc;

use datasette_core::schema::TableKind;
use datasette_core::{DatabaseSchema, Fault, Table, Value};
use datasette_query::change::{AlterQuestion, Rebuild, TableChanges, plan_alter, plan_rebuild};
use datasette_sqlite::{Limits, Writer};

use super::AlteredTable;

/// Applies operations to the table of that name.
///
/// # Errors
/// 400: the table is none whose statement could be changed (WRITE-106), SQLite refuses a
/// statement, or planning does. Whatever was done by then is for the transaction to undo.
pub(super) fn apply(
    writer: &mut Writer<'_>,
    name: &str,
    question: &AlterQuestion,
) -> Result<AlteredTable, Fault> {
    let schema = writer.schema()?;
    let table = ordinary(&schema, name)?;
    let plan = plan_alter(&table, question)?;
    run(writer, &plan.statements)?;
    if let Some(changes) = &plan.changes {
        let schema = writer.schema()?;
        let table = ordinary(&schema, name)?;
        rebuild(writer, &schema, &table, changes)?;
    }
    let name = match plan.rename {
        Some((to, statement)) => {
            run(writer, &[statement])?;
            to
        }
        None => name.to_owned(),
    };
    let schema = writer.schema()?;
    let after = schema.tables.get(&name).map(|table| table.sql.clone());
    Ok(AlteredTable {
        name,
        before: table.sql.clone(),
        after: after.unwrap_or_default(),
    })
}

/// The table, which must be one with a statement that is its own.
fn ordinary(schema: &DatabaseSchema, name: &str) -> Result<Arc<Table>, Fault> {
    let table = schema.tables.get(name);
    let table = table.ok_or_else(|| Fault::bad_request(format!("no such table: {name}")))?;
    match table.kind {
        TableKind::Rowid | TableKind::WithoutRowid => Ok(Arc::clone(table)),
        TableKind::Virtual(_) => Err(Fault::bad_request("virtual tables may not be altered")),
        TableKind::View | TableKind::Shadow => Err(Fault::bad_request(
            "Structured writes require an ordinary table",
        )),
    }
}

/// Runs statements that this server made.
///
/// # Errors
/// 400: SQLite refuses one, or a name holds what no statement can.
pub(super) fn run(writer: &mut Writer<'_>, statements: &[String]) -> Result<(), Fault> {
    for statement in statements {
        if statement.contains('\0') {
            return Err(Fault::bad_request("the query contains a null character"));
        }
        writer.execute(statement, &[])?;
    }
    Ok(())
}

fn rebuild(
    writer: &mut Writer<'_>,
    schema: &DatabaseSchema,
    table: &Table,
    changes: &TableChanges,
) -> Result<(), Fault> {
    refuse_enforcement(writer, table)?;
    let plan = plan_rebuild(schema, table, changes)?;
    let made_sense = changes.drops_columns() && compiles(writer, &plan);
    let made = run(writer, &plan.make);
    made.map_err(|fault| under_its_name(fault, &plan.temporary, &table.name))?;
    writer.execute("PRAGMA legacy_alter_table = ON", &[])?;
    let swapped = run(writer, &plan.swap);
    // No transaction undoes this.
    writer.execute("PRAGMA legacy_alter_table = OFF", &[])?;
    swapped?;
    run(writer, &plan.indexes)?;
    for (name, statement) in &plan.triggers {
        run(writer, std::slice::from_ref(statement))?;
        if made_sense && !compiles(writer, &plan) {
            let drop = format!("DROP TRIGGER {}", datasette_core::identifier::quote(name));
            run(writer, &[drop])?;
            tracing::warn!(
                "{}: the trigger {name} uses a column that was dropped and is gone with it",
                table.name
            );
        }
    }
    Ok(())
}

/// The fault with the name that the table has for everybody else.
fn under_its_name(fault: Fault, temporary: &str, name: &str) -> Fault {
    match fault.message() {
        words if fault.status() == 400 && words.contains(temporary) => {
            Fault::bad_request(words.replace(temporary, name))
        }
        _ => fault,
    }
}

/// Whether the table can be written to as far as SQLite can tell without doing it.
fn compiles(writer: &mut Writer<'_>, plan: &Rebuild) -> bool {
    let mut probes = plan.probes.iter();
    probes.all(|probe| writer.analyse(probe, &[]).is_ok())
}

/// Where a plugin makes SQLite enforce foreign keys, dropping the old table would delete or change
/// rows that refer to it.
fn refuse_enforcement(writer: &mut Writer<'_>, table: &Table) -> Result<(), Fault> {
    let enforced = writer.single("PRAGMA foreign_keys", &[], &Limits::NONE)?;
    if enforced == Some(Value::Integer(1)) && !table.incoming.is_empty() {
        let name = &table.name;
        return Err(Fault::bad_request(format!(
            "Cannot alter table {name}: foreign keys are enforced, and other tables refer to it"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
