//! The table that a call names, in the order in which calls are refused.

use datasette_core::{Action, Fault, FaultKind, TableRef};
use datasette_engine::write::{FoundRow, find_row};
use datasette_permissions::Permit;

use super::refused;
use crate::reply::Reply;
use crate::visit::Visit;

/// The table of a call whose answer tells whether it exists (WRITE-23).
///
/// # Errors
/// 404 for an unknown database or table and for a view (WRITE-12).
pub(super) fn table(visit: &Visit, (route, name): (&str, &str)) -> Result<TableRef, Fault> {
    let database = visit.database(route)?;
    let table = visit.table(&database, name)?;
    match table.is_view() {
        true => Err(Fault::not_found(format!("Table not found: {name}"))),
        false => Ok(table),
    }
}

/// Refuses changes of immutable databases.
///
/// # Errors
/// 403 as WRITE-23.
pub(super) fn require_mutable(table: &TableRef) -> Result<(), Fault> {
    match table.database().entry().is_mutable {
        true => Ok(()),
        false => Err(Fault::forbidden("Database is immutable")),
    }
}

/// The right to change a row. Who may not change rows is not told which exist (WRITE-52).
///
/// # Errors
/// 404 for an unknown database, 403, and only then 404 for an unknown table.
pub(super) async fn row_permit<A: Action<Resource = TableRef>>(
    visit: &Visit,
    (route, name): (&str, &str),
) -> Result<Permit<A>, Fault> {
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    let Some(database) = visit.catalogue.database_by_route(route) else {
        return Err(Fault::not_found(format!("Database not found: {route}")));
    };
    match database.table(name) {
        Some(table) => {
            gate.require_or::<A>(actor, &table, "Permission denied")
                .await
        }
        None => {
            let parent = Some(database.name());
            let catalogue = &visit.catalogue;
            let may = gate.allows_named(actor, A::NAME, parent, Some(name), catalogue, None);
            Err(match may.await? {
                true => Fault::not_found(format!("Table not found: {name}")),
                false => Fault::forbidden("Permission denied"),
            })
        }
    }
}

/// The row that a call names, or the refusal.
///
/// # Errors
/// An identifier that does not fit its table (WRITE-58).
pub(super) async fn row(
    visit: &Visit,
    table: &TableRef,
    identifier: &str,
) -> Result<Result<FoundRow, Reply>, Fault> {
    match find_row(&visit.app.instance, table, identifier).await {
        Ok(found) => Ok(Ok(found)),
        Err(fault) if fault.kind() == FaultKind::BadRequest => Err(fault),
        Err(fault) => Ok(Err(refused(visit, &fault))),
    }
}
