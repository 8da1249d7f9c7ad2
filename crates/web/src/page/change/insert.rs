//! `/{db}/{table}/-/insert` and `/-/upsert`.

use axum::body::Body;
use axum::http::StatusCode;
use datasette_core::Fault;
use datasette_core::action::{InsertRow, UpdateRow};
use datasette_engine::write;
use datasette_engine::write::{InsertKind, InsertQuestion};

use super::{author, body, place, rows, streamed, to_its_end};
use crate::reply::Reply;
use crate::visit::Visit;

/// Inserts rows (WRITE-22 to WRITE-41).
pub(super) async fn insert(visit: &Visit, names: (&str, &str), body: Body) -> Result<Reply, Fault> {
    let table = place::table(visit, names)?;
    let gate = &visit.app.instance.gate;
    let words = "Permission denied";
    let permit = gate
        .require_or::<InsertRow>(visit.actor(), &table, words)
        .await?;
    place::require_mutable(&table)?;
    if let Some(format) = streamed::format(visit) {
        return streamed::answer(visit, permit, (InsertKind::Insert, format), body).await;
    }
    let json = body::json(visit, body).await?;
    let question = InsertQuestion::parse(InsertKind::Insert, json, &table, most(visit))?;
    let shown = question.wants_rows;
    let stored = to_its_end(write::insert(author(visit), permit, question)).await?;
    Ok(rows::stored(
        StatusCode::CREATED,
        stored.rows.as_ref().filter(|_| shown),
    ))
}

/// Inserts rows, or updates them where they are there (WRITE-42 to WRITE-50).
pub(super) async fn upsert(visit: &Visit, names: (&str, &str), body: Body) -> Result<Reply, Fault> {
    let table = place::table(visit, names)?;
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    let words = "Permission denied: need both insert-row and update-row";
    let permits = (
        gate.require_or::<InsertRow>(actor, &table, words).await?,
        gate.require_or::<UpdateRow>(actor, &table, words).await?,
    );
    place::require_mutable(&table)?;
    if let Some(format) = streamed::format(visit) {
        return streamed::answer(visit, permits.0, (InsertKind::Upsert, format), body).await;
    }
    let json = body::json(visit, body).await?;
    let question = InsertQuestion::parse(InsertKind::Upsert, json, &table, most(visit))?;
    let stored = to_its_end(write::upsert(author(visit), permits, question)).await?;
    Ok(rows::stored(StatusCode::OK, stored.rows.as_ref()))
}

/// How many rows one call may bring (WRITE-26).
pub(super) fn most(visit: &Visit) -> usize {
    let most = visit.app.instance.config.settings.max_insert_rows;
    usize::try_from(most).unwrap_or(usize::MAX)
}
