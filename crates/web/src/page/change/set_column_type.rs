//! `/{db}/{table}/-/set-column-type`.

use axum::body::Body;
use datasette_core::Fault;
use datasette_core::action::SetColumnType;
use datasette_engine::write::{self, SetTypeQuestion};
use serde_json::json;

use super::body;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Says what the values of a column mean (WRITE-115 to WRITE-119).
pub(super) async fn answer(
    visit: &Visit,
    (route, name): (&str, &str),
    body: Body,
) -> Result<Reply, Fault> {
    let table = visit.table(&visit.database(route)?, name)?;
    let instance = &visit.app.instance;
    let words = "Permission denied";
    let permit = instance
        .gate
        .require_or::<SetColumnType>(visit.actor(), &table, words)
        .await?;
    let question = SetTypeQuestion::parse(&table, &body::json(visit, body).await?)?;
    write::set_column_type(instance, &permit, &question).await?;
    let wanted = question.wanted.as_ref();
    let wanted = wanted.map(|wanted| json!({"type": wanted.name, "config": wanted.config}));
    Ok(reply::json(&json!({
        "ok": true,
        "database": table.database().name(),
        "table": table.name(),
        "column": question.column.name(),
        "column_type": wanted,
    })))
}
