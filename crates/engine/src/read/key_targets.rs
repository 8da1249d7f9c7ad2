//! Tables that a foreign key may refer to (WRITE-124, WRITE-125).

use datasette_core::action::{AlterTable, CreateTable};
use datasette_core::{Actor, ColumnRef, DatabaseRef, Fault};
use datasette_permissions::{Candidate, Permit};

use crate::Instance;

/// The right to be told: to make tables, or to change one.
pub enum TargetsPermit {
    /// To make tables in the database.
    Create(Permit<CreateTable>),
    /// To change a table of the database.
    Alter(Permit<AlterTable>),
}

impl TargetsPermit {
    fn database(&self) -> &DatabaseRef {
        match self {
            Self::Create(permit) => permit.resource(),
            Self::Alter(permit) => permit.resource().database(),
        }
    }

    fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Create(permit) => permit.actor(),
            Self::Alter(permit) => permit.actor(),
        }
    }
}

/// The only key column of each table that the actor may view, in the order of the tables' names.
///
/// # Errors
/// A plugin that has a say in permissions failed.
pub async fn key_targets(
    instance: &Instance,
    permit: &TargetsPermit,
) -> Result<Vec<ColumnRef>, Fault> {
    visible(instance, permit.actor(), permit.database()).await
}

/// Those of a database that an actor may view.
pub(super) async fn visible(
    instance: &Instance,
    actor: Option<&Actor>,
    database: &DatabaseRef,
) -> Result<Vec<ColumnRef>, Fault> {
    let tables = database.tables().filter(|table| {
        !table.is_view()
            && !table.hidden
            && !is_of_sqlite(table.name())
            && table.primary_key.len() == 1
    });
    let mut tables: Vec<_> = tables.collect();
    tables.sort_by(|one, other| one.name().cmp(other.name()));
    let candidates = tables.into_iter().map(Candidate::Table).collect();
    let gate = &instance.gate;
    let visible = gate.allowed_among(actor, "view-table", candidates).await?;
    let columns = visible.iter().filter_map(|candidate| match candidate {
        Candidate::Table(table) => table.column_at(*table.primary_key.first()?),
        _ => None,
    });
    Ok(columns.collect())
}

/// Whether a name begins like those of SQLite's own tables; the original asks LIKE, to which an
/// underscore is any character.
fn is_of_sqlite(name: &str) -> bool {
    let start = name.get(..6);
    start.is_some_and(|start| start.eq_ignore_ascii_case("sqlite")) && name.len() > 6
}
