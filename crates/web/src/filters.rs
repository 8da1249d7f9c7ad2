//! Conditions that plugins add to table pages.

use datasette_core::{Fault, TableRef};
use datasette_hooks::{FilterArguments, HookName};

use crate::visit::Visit;

/// What plugins add to this page of the table (HOOK-137).
pub(crate) async fn added(visit: &Visit, table: &TableRef) -> Result<FilterArguments, Fault> {
    let bus = &visit.app.instance.bus;
    if !bus.implements(HookName::FiltersFromRequest) {
        return Ok(FilterArguments::default());
    }
    let database = table.database().name();
    bus.filters_from_request(&visit.hooks(), database, table.name())
        .await
}
