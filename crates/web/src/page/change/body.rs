//! Reading the body of a call.

use axum::body::Body;
use axum::http::header;
use datasette_core::{Fault, FaultKind, json_text};
use futures_util::StreamExt;
use serde_json::Value as Json;

use crate::page::keyed;
use crate::visit::Visit;

/// The bytes, as many as the setting `max_post_body_bytes` allows (WRITE-04). A call with a key
/// begins when it has them.
///
/// # Errors
/// 413 for more, announced or found; 400 when the client breaks off; 409 where the call was begun
/// elsewhere.
pub(in crate::page) async fn bytes(visit: &Visit, body: Body) -> Result<Vec<u8>, Fault> {
    let limit = most(visit);
    let too_large = || {
        let message = format!("Request body exceeded maximum size of {limit} bytes");
        Fault::new(FaultKind::TooLarge, message)
    };
    let announced = visit.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|announced| announced > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(broke_off)?;
        if bytes.len() + part.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&part);
    }
    keyed::begin(visit, &bytes).await?;
    Ok(bytes)
}

/// The most bytes that a body may have (WRITE-04).
pub(super) fn most(visit: &Visit) -> usize {
    match visit.app.instance.config.settings.max_post_body_bytes {
        0 => usize::MAX,
        limit => usize::try_from(limit).unwrap_or(usize::MAX),
    }
}

/// The client did not send all that it announced.
pub(in crate::page) fn broke_off(error: axum::Error) -> Fault {
    Fault::bad_request("The request body broke off").caused_by(error)
}

/// The JSON that a call sends, whatever it says of its type (WRITE-01).
///
/// # Errors
/// As [`bytes`]; 400 for what is no JSON (WRITE-03).
pub(super) async fn json(visit: &Visit, body: Body) -> Result<Json, Fault> {
    parsed(&bytes(visit, body).await?)
}

/// The JSON of a body that was read.
///
/// # Errors
/// 400 for what is no JSON (WRITE-03).
pub(in crate::page) fn parsed(bytes: &[u8]) -> Result<Json, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("Invalid JSON: not UTF-8 at byte {}", error.valid_up_to());
        Fault::bad_request(message)
    })?;
    json_text::read_with_infinity(text)
        .map_err(|mistake| Fault::bad_request(format!("Invalid JSON: {mistake}")))
}
