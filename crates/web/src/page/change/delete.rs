//! `/{db}/{table}/{pks}/-/delete`.

use datasette_core::Fault;
use datasette_core::action::DeleteRow;
use datasette_engine::write::{self, FoundRow};
use datasette_hooks::MessageKind;
use datasette_permissions::Permit;
use serde_json::json;

use super::{author, place, refused, to_its_end};
use crate::page::keyed;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Deletes a row (WRITE-63 to WRITE-68). The body is not read.
///
/// # Errors
/// An identifier that does not fit its table, which is answered like one of a page (WRITE-58).
pub(super) async fn answer(
    visit: &Visit,
    (route, name, identifier): (&str, &str, &str),
) -> Result<Reply, Fault> {
    let permit = match place::row_permit::<DeleteRow>(visit, (route, name)).await {
        Ok(permit) => permit,
        Err(fault) => return Ok(refused(visit, &fault)),
    };
    let found = match place::row(visit, permit.resource(), identifier).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal),
    };
    let answered = change(visit, permit, found).await;
    Ok(answered.unwrap_or_else(|fault| refused(visit, &fault)))
}

async fn change(visit: &Visit, permit: Permit<DeleteRow>, found: FoundRow) -> Result<Reply, Fault> {
    keyed::begin_without_body(visit).await?;
    let author = author(visit);
    let asked = visit.query().get("_redirect_to_table");
    if asked.is_none_or(str::is_empty) {
        to_its_end(write::delete(author, permit, found)).await?;
        return Ok(reply::json(&json!({"ok": true})));
    }
    // Its label is read while it is there.
    let name = write::row_name(&author, &found, None).await?;
    let table = permit.resource();
    let route = table.database().route();
    let redirect = visit.app.urls.child(route, table.name());
    to_its_end(write::delete(author, permit, found)).await?;
    let message = format!("Deleted row {name}");
    let messages = &visit.app.messages;
    messages.add(visit.info.id, &message, MessageKind::Info);
    Ok(reply::json(&json!({"ok": true, "redirect": redirect})))
}
