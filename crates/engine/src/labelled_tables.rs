//! Tables whose rows can be found by a label: what to try completing keys on.

use datasette_core::{Actor, Catalogue, ColumnRef, Fault, TableRef};

use crate::Instance;
use crate::read::expand::label_column;

/// The most tables that are looked at (DEBUG-51).
const LOOKED_AT: usize = 100;

/// The most tables that are offered (DEBUG-51).
const OFFERED: usize = 5;

/// What was found among the first tables.
#[derive(Debug, Default)]
pub struct LabelledTables {
    /// Tables that the actor may view, with their label column.
    pub tables: Vec<(TableRef, ColumnRef)>,
    /// How many tables were looked at, those left out that the actor may not view.
    pub scanned: usize,
    /// Whether the search ended at the limit of what is looked at.
    pub reached_limit: bool,
}

/// Looks through the databases in attach order and their tables by name.
pub async fn labelled_tables(
    instance: &Instance,
    actor: Option<&Actor>,
    catalogue: &Catalogue,
) -> Result<LabelledTables, Fault> {
    let mut found = LabelledTables::default();
    for database in catalogue.databases() {
        let visible = instance.gate.visible_tables(actor, &database).await?;
        let visible = visible.into_iter().map(|entry| entry.item);
        let mut tables: Vec<TableRef> = visible.filter(|table| !table.is_view()).collect();
        tables.sort_by(|one, other| one.name().cmp(other.name()));
        for table in tables {
            if found.reached_limit || found.tables.len() == OFFERED {
                return Ok(found);
            }
            found.scanned += 1;
            found.reached_limit = found.scanned == LOOKED_AT;
            if let Some(label) = label_column(instance, &table) {
                found.tables.push((table, label));
            }
        }
    }
    Ok(found)
}
