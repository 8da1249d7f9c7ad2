//! What the visitor may do to a database, for the dialog of its page. The calls behind it ask again.

use datasette_core::action::CreateTable;
use datasette_core::{DatabaseRef, Fault};
use datasette_render::html::create_form::{CreateTools, create_form};
use serde_json::Value as Json;

use crate::visit::Visit;

/// A table that nobody has: what holds for it holds for one that is about to be made.
const NEW_TABLE: &str = "__new_table__";

/// What the dialog that makes a table is made of (UI-01); null of an immutable database and without
/// the right to it.
pub(crate) async fn create(visit: &Visit, database: &DatabaseRef) -> Result<Json, Fault> {
    let instance = &visit.app.instance;
    let (gate, actor) = (&instance.gate, visit.actor());
    if !database.entry().is_mutable || gate.allows::<CreateTable>(actor, database).await?.is_none()
    {
        return Ok(Json::Null);
    }
    let name = Some(database.name());
    let may = |action, child| gate.allows_named(actor, action, name, child, &visit.catalogue, None);
    let tools = CreateTools {
        insert: may("insert-row", None).await?,
        set_column_type: may("set-column-type", Some(NEW_TABLE)).await?,
    };
    let declared = &instance.declared.column_types;
    Ok(create_form(database, &visit.app.urls, declared, tools))
}
