//! Rows as lines of text: `/{db}/{table}/-/insert` and `/-/upsert` with a body of CSV or NDJSON
//! (WRITE-153).

use axum::body::Body;
use axum::http::{StatusCode, header};
use datasette_core::Fault;
use datasette_core::action::InsertRow;
use datasette_engine::write::{self, InsertKind, StreamFormat, StreamQuestion, Waiting};
use datasette_permissions::Permit;
use serde_json::json;

use super::{author, insert, spool, to_its_end};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// How the body of a call says that its rows are written; `None` for one JSON document.
pub(super) fn format(visit: &Visit) -> Option<StreamFormat> {
    let content_type = visit.headers.get(header::CONTENT_TYPE)?;
    StreamFormat::of_content_type(content_type.to_str().ok()?)
}

/// Stores the rows.
pub(super) async fn answer(
    visit: &Visit,
    permit: Permit<InsertRow>,
    (kind, format): (InsertKind, StreamFormat),
    body: Body,
) -> Result<Reply, Fault> {
    let question = StreamQuestion::parse(format, kind, visit.query(), most(visit))?;
    let received = Box::new(spool::receive(visit, body, &question).await?);
    // Dropped with this call when the client leaves.
    let waiting = Waiting::default();
    let change = write::insert_stream(author(visit), permit, question, received, waiting.watch());
    let rows = to_its_end(change).await?;
    let mut answer = reply::json(&json!({"ok": true, "row_count": rows}));
    *answer.status_mut() = match kind {
        InsertKind::Insert => StatusCode::CREATED,
        InsertKind::Upsert => StatusCode::OK,
    };
    Ok(answer)
}

/// How many rows one such call may bring.
fn most(visit: &Visit) -> usize {
    match visit.app.instance.config.settings.max_streamed_rows {
        0 => insert::most(visit),
        most => usize::try_from(most).unwrap_or(usize::MAX),
    }
}
