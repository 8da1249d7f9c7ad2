//! What the visitor may do to the rows of a page, for its buttons. The calls behind them ask again.

use datasette_core::action::{DeleteRow, InsertRow, UpdateRow};
use datasette_core::{Fault, TableRef};
use datasette_render::html::row_tools::RowTools;

use crate::visit::Visit;

/// The tools for the rows of this table: none of a view and of an immutable database.
pub(crate) async fn of(visit: &Visit, table: &TableRef) -> Result<RowTools, Fault> {
    if table.is_view() || !table.database().entry().is_mutable {
        return Ok(RowTools::default());
    }
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    Ok(RowTools {
        insert: gate.allows::<InsertRow>(actor, table).await?.is_some(),
        update: gate.allows::<UpdateRow>(actor, table).await?.is_some(),
        delete: gate.allows::<DeleteRow>(actor, table).await?.is_some(),
    })
}
