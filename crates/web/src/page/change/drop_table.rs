//! `/{db}/{table}/-/drop`.

use axum::body::Body;
use datasette_core::action::DropTable;
use datasette_core::{Fault, FaultKind, truth};
use datasette_engine::write;
use datasette_hooks::MessageKind;
use serde_json::json;

use super::{author, body, place, to_its_end};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Drops a table once that is confirmed (WRITE-110 to WRITE-114).
pub(super) async fn answer(visit: &Visit, names: (&str, &str), body: Body) -> Result<Reply, Fault> {
    let table = place::table(visit, names)?;
    let instance = &visit.app.instance;
    let words = "Permission denied";
    let permit = instance
        .gate
        .require_or::<DropTable>(visit.actor(), &table, words)
        .await?;
    place::require_mutable(&table)?;
    if !is_confirmed(visit, body).await? {
        return Ok(reply::json(&json!({
            "ok": true,
            "database": table.database().name(),
            "table": table.name(),
            "row_count": write::rows_to_drop(instance, &permit).await?,
            "message": "Pass \"confirm\": true to confirm",
        })));
    }
    to_its_end(write::drop_table(author(visit), permit)).await?;
    let message = format!("Table {} dropped", table.name());
    let messages = &visit.app.messages;
    messages.add(visit.info.id, &message, MessageKind::Warning);
    Ok(reply::json(&json!({"ok": true})))
}

/// Whether the body says so. One that cannot be read does not (WRITE-111, WRITE-114).
async fn is_confirmed(visit: &Visit, body: Body) -> Result<bool, Fault> {
    match body::json(visit, body).await {
        Ok(json) => Ok(json.get("confirm").is_some_and(truth::is_truthy)),
        Err(fault) if fault.kind() == FaultKind::BadRequest => Ok(false),
        Err(fault) => Err(fault),
    }
}
