//! `/-/messages`: leaves a message for the next page (DEBUG-46, AUTH-42, AUTH-43).

use axum::body::Body;
use datasette_core::Fault;
use datasette_hooks::MessageKind;
use serde_json::json;

use super::shown::{for_viewers, page};
use crate::form::Form;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The form.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    page(visit, "messages_debug.html", "messages_debug", &json!({})).await
}

/// Leaves the message and leads to the start page, which shows it.
pub(super) async fn add(visit: &Visit, body: Body) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    let form = Form::read(visit, body).await?;
    let kinds: &[MessageKind] = match form.filled("message_type").unwrap_or("INFO") {
        "INFO" => &[MessageKind::Info],
        "WARNING" => &[MessageKind::Warning],
        "ERROR" => &[MessageKind::Error],
        "all" => &[MessageKind::Info, MessageKind::Warning, MessageKind::Error],
        other => {
            return Err(Fault::bad_request(format!(
                "message_type must be INFO, WARNING, ERROR or all, not {other}"
            )));
        }
    };
    let text = form.get("message").unwrap_or_default();
    for kind in kinds {
        visit.app.messages.add(visit.info.id, text, *kind);
    }
    Ok(reply::redirect(&visit.app.urls.instance(), false))
}
