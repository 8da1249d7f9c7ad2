//! An answer as it is kept: its head as a line of JSON, then its body.

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use datasette_core::Fault;
use datasette_engine::write::keyed::LONGEST_ANSWER;
use serde_json::{Value as Json, json};

use super::REPLAYED;
use crate::reply::{self, Reply};

/// The answer, and what of it is kept: nothing of one that is too long, and nothing of pages, which
/// are made anew for whoever looks at them (WRITE-159).
pub(super) async fn of(reply: Reply) -> (Reply, Option<Vec<u8>>) {
    let content_type = reply.headers().get(header::CONTENT_TYPE);
    let is_page = content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let length = reply.body().size_hint().exact();
    let fits = length.is_some_and(|length| length <= LONGEST_ANSWER as u64);
    if is_page || !fits {
        return (reply, None);
    }
    let (head, body) = reply.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_ANSWER).await else {
        // It is whole in memory, so there is nothing that could break off.
        return (Reply::from_parts(head, Body::empty()), None);
    };
    let headers: Vec<[&str; 2]> = head
        .headers
        .iter()
        .filter_map(|(name, value)| Some([name.as_str(), value.to_str().ok()?]))
        .collect();
    let line = json!({"status": head.status.as_u16(), "headers": headers});
    let mut kept = line.to_string().into_bytes();
    kept.push(b'\n');
    kept.extend_from_slice(&body);
    (Reply::from_parts(head, Body::from(body)), Some(kept))
}

/// The answer that was kept, which says that it was given before.
///
/// # Errors
/// It is none.
pub(super) fn reply(kept: &[u8]) -> Result<Reply, Fault> {
    let none = || Fault::internal("an answer that was kept cannot be read");
    let end = kept
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or_else(none)?;
    let head: Json = serde_json::from_slice(&kept[..end]).map_err(Fault::internal)?;
    let status = head["status"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok());
    let status = status.and_then(|code| StatusCode::from_u16(code).ok());
    let mut reply = Reply::new(Body::from(kept[end + 1..].to_vec()));
    *reply.status_mut() = status.ok_or_else(none)?;
    for pair in head["headers"].as_array().into_iter().flatten() {
        let name = pair[0].as_str().and_then(|name| name.parse().ok());
        if let (Some::<HeaderName>(name), Some(value)) = (name, pair[1].as_str()) {
            reply::add(&mut reply, name, value);
        }
    }
    let headers = reply.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(reply)
}
