//! `/{db}/{table}/{pks}/-/update`.

use axum::body::Body;
use axum::http::StatusCode;
use datasette_core::Fault;
use datasette_core::action::UpdateRow;
use datasette_engine::write::{self, FoundRow, UpdateQuestion};
use datasette_hooks::MessageKind;
use datasette_permissions::Permit;

use super::{author, body, place, refused, rows, to_its_end};
use crate::reply::Reply;
use crate::visit::Visit;

/// Updates a row (WRITE-51 to WRITE-62).
///
/// # Errors
/// An identifier that does not fit its table, which is answered like one of a page (WRITE-58).
pub(super) async fn answer(
    visit: &Visit,
    (route, name, identifier): (&str, &str, &str),
    body: Body,
) -> Result<Reply, Fault> {
    let permit = match place::row_permit::<UpdateRow>(visit, (route, name)).await {
        Ok(permit) => permit,
        Err(fault) => return Ok(refused(visit, &fault)),
    };
    let found = match place::row(visit, permit.resource(), identifier).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal),
    };
    let answered = change(visit, permit, found, body).await;
    Ok(answered.unwrap_or_else(|fault| refused(visit, &fault)))
}

async fn change(
    visit: &Visit,
    permit: Permit<UpdateRow>,
    found: FoundRow,
    body: Body,
) -> Result<Reply, Fault> {
    let question = UpdateQuestion::parse(body::json(visit, body).await?)?;
    let shown = question.wants_row;
    let author = author(visit);
    let messages = author.clone();
    let is_told = visit
        .query()
        .get("_message")
        .is_some_and(|asked| !asked.is_empty());
    let (updated, name) = to_its_end(async move {
        let before = found.clone();
        let updated = write::update(author, permit, found, question).await?;
        let name = match is_told {
            true => Some(write::row_name(&messages, &before, updated.row.as_ref()).await?),
            false => None,
        };
        Ok((updated, name))
    })
    .await?;
    if let Some(name) = name {
        let message = format!("Updated row {name}");
        let told = &visit.app.messages;
        told.add(visit.info.id, &message, MessageKind::Info);
    }
    Ok(rows::stored(
        StatusCode::OK,
        updated.row.as_ref().filter(|_| shown),
    ))
}
