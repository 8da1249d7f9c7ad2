//! What a question needs besides viewing its table, checked before anything about it is told.

use datasette_core::action::{ExecuteSql, ViewTable};
use datasette_core::{Actor, Fault};
use datasette_permissions::Gate;
use datasette_query::Obligation;

/// Checks every obligation.
///
/// # Errors
/// 403 in the words of FILTER-46, FILTER-50 and SEARCH-12.
pub async fn discharge(
    gate: &Gate,
    actor: Option<&Actor>,
    obligations: &[Obligation],
) -> Result<(), Fault> {
    for obligation in obligations {
        let met = match obligation {
            Obligation::ExecuteSql(database) => {
                gate.allows::<ExecuteSql>(actor, database).await?.is_some()
            }
            Obligation::ViewTable(table) => gate.allows::<ViewTable>(actor, table).await?.is_some(),
        };
        if !met {
            return Err(obligation.refusal());
        }
    }
    Ok(())
}
