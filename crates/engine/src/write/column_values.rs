//! Do given values fit the types of their columns (WRITE-21)?

use datasette_core::{Actor, Fault, GivenRow, TableRef};

use crate::{Instance, column_types};

/// Asks the type of every typed column about every value.
///
/// # Errors
/// 400 with one message per value that does not fit.
pub(super) async fn check(
    instance: &Instance,
    actor: Option<&Actor>,
    table: &TableRef,
    rows: &[GivenRow],
) -> Result<(), Fault> {
    let types = column_types::of(instance, table).await?;
    let mut refused: Option<Fault> = None;
    for row in rows {
        for typed in &types {
            let Some(given) = row.get(&typed.name) else {
                continue;
            };
            let judged = typed.column_type.validate(actor, &typed.config, given);
            let judged = judged.await.map_err(|error| {
                error.into_fault(typed.column_type.name(), "register_column_types")
            })?;
            if let Some(reason) = judged {
                let message = format!("{}: {reason}", typed.name);
                refused = Some(match refused {
                    None => Fault::bad_request(message),
                    Some(fault) => fault.and(message),
                });
            }
        }
    }
    refused.map_or(Ok(()), Err)
}
