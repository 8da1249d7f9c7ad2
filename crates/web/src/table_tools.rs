//! What the visitor may do to a table, for the dialogs of its page. The calls behind them ask again.

use datasette_core::action::{AlterTable, DropTable, SetColumnType};
use datasette_core::{Fault, TableRef};
use datasette_engine::page::Expandable;
use datasette_render::column_choices;
use datasette_render::html::alter_form::{AlterTools, alter_form};
use serde_json::Value as Json;

use crate::visit::Visit;

/// The types that columns may be given (EXTRA-32, UI-42); null of a view and without the right to
/// it. `types` are those that columns have.
pub(crate) async fn set_column_type(
    visit: &Visit,
    table: &TableRef,
    types: &Json,
) -> Result<Json, Fault> {
    let instance = &visit.app.instance;
    let gate = &instance.gate;
    if table.is_view()
        || gate
            .allows::<SetColumnType>(visit.actor(), table)
            .await?
            .is_none()
    {
        return Ok(Json::Null);
    }
    let (urls, declared) = (&visit.app.urls, &instance.declared.column_types);
    Ok(column_choices::set_column_type(
        table, urls, declared, types,
    ))
}

/// What the dialog that changes the table is made of (UI-05); null of a view, of an immutable
/// database and without the right to it.
pub(crate) async fn alter(
    visit: &Visit,
    table: &TableRef,
    expandable: &[Expandable],
    types: &Json,
) -> Result<Json, Fault> {
    let instance = &visit.app.instance;
    let (gate, actor) = (&instance.gate, visit.actor());
    let is_fixed = table.is_view() || !table.database().entry().is_mutable;
    if is_fixed || gate.allows::<AlterTable>(actor, table).await?.is_none() {
        return Ok(Json::Null);
    }
    let tools = AlterTools {
        set_column_type: gate.allows::<SetColumnType>(actor, table).await?.is_some(),
        drop: gate.allows::<DropTable>(actor, table).await?.is_some(),
    };
    let choices = (&instance.declared.column_types, types);
    let urls = &visit.app.urls;
    Ok(alter_form(table, urls, expandable, choices, tools))
}
