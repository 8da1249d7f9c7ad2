//! `/{db}/-/create`.

use axum::body::Body;
use axum::http::StatusCode;
use datasette_core::action::CreateTable;
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::write::{self, CreateQuestion};
use serde_json::{Value as Json, json};

use super::{author, body, table_links, to_its_end};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Makes a table, or stores rows in one (WRITE-69 to WRITE-92).
pub(super) async fn answer(
    visit: &Visit,
    database: &DatabaseRef,
    body: Body,
) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    let words = "Permission denied";
    let permit = gate
        .require_or::<CreateTable>(visit.actor(), database, words)
        .await?;
    let question = CreateQuestion::parse(&body::json(visit, body).await?)?;
    let created = to_its_end(write::create(author(visit), permit, question)).await?;
    let (page, api) = table_links::of(visit, database, &created.name);
    let mut told = json!({
        "ok": true,
        "database": database.name(),
        "table": created.name,
        "table_url": page,
        "table_api_url": api,
        "schema": created.schema,
    });
    if let Some(count) = created.row_count {
        told["row_count"] = Json::from(count);
    }
    let mut answer = reply::json(&told);
    *answer.status_mut() = StatusCode::CREATED;
    Ok(answer)
}
