//! What a question needs besides viewing its table, checked before anything about it is told.

use datasette_core::action::{ExecuteSql, ViewTable};
use datasette_core::{Action, Actor, Fault};
use datasette_query::Obligation;

use crate::Instance;

/// Checks every obligation.
///
/// # Errors
/// 403 in the words of FILTER-46, FILTER-50 and SEARCH-12.
pub async fn discharge(
    instance: &Instance,
    actor: Option<&Actor>,
    obligations: &[Obligation],
) -> Result<(), Fault> {
    let gate = &instance.gate;
    for obligation in obligations {
        let met = match obligation {
            Obligation::ExecuteSql(database) => {
                gate.allows::<ExecuteSql>(actor, database).await?.is_some()
            }
            Obligation::ViewTable(table) => gate.allows::<ViewTable>(actor, table).await?.is_some(),
            Obligation::ViewMissing(database, name) => {
                let catalogue = instance.registry.catalogue();
                let (action, parent, child) = (ViewTable::NAME, database.name(), name.as_str());
                gate.allows_named(actor, action, Some(parent), Some(child), &catalogue, None)
                    .await?
            }
        };
        if !met {
            return Err(obligation.refusal());
        }
    }
    Ok(())
}
