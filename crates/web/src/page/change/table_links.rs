//! Where a table is found that a call made or changed (WRITE-89, WRITE-107).

use datasette_core::DatabaseRef;

use crate::visit::Visit;

/// The absolute URLs of the table's page and of its JSON.
pub(super) fn of(visit: &Visit, database: &DatabaseRef, table: &str) -> (String, String) {
    let path = visit.app.urls.child(database.route(), table);
    let json = format!("{path}.json");
    let location = &visit.location;
    (location.absolute(&path), location.absolute(&json))
}
