//! `/{db}/{table}/-/alter`.

use axum::body::Body;
use datasette_core::Fault;
use datasette_core::action::AlterTable;
use datasette_engine::write::{self, AlterQuestion};
use serde_json::json;

use super::{author, body, place, table_links, to_its_end};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Changes a table (WRITE-93 to WRITE-109). A view is refused when it is to be changed (WRITE-106).
pub(super) async fn answer(
    visit: &Visit,
    (route, name): (&str, &str),
    body: Body,
) -> Result<Reply, Fault> {
    let table = visit.table(&visit.database(route)?, name)?;
    let gate = &visit.app.instance.gate;
    let words = "Permission denied: need alter-table";
    let permit = gate
        .require_or::<AlterTable>(visit.actor(), &table, words)
        .await?;
    place::require_mutable(&table)?;
    let question = AlterQuestion::parse(&body::json(visit, body).await?)?;
    let count = question.operations.len();
    let altered = to_its_end(write::alter(author(visit), permit, question)).await?;
    let database = table.database();
    let (page, api) = table_links::of(visit, database, &altered.name);
    Ok(reply::json(&json!({
        "ok": true,
        "database": database.name(),
        "table": altered.name,
        "table_url": page,
        "table_api_url": api,
        "altered": altered.is_altered(),
        "schema": altered.after,
        "before_schema": altered.before,
        "operations_applied": count,
    })))
}
