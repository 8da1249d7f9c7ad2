//! What a page that takes both is sent: JSON where the request says so, else a form.

use axum::body::Body;
use axum::http::header;
use datasette_core::truth::is_truthy;
use datasette_core::{Fault, QueryString};
use serde_json::{Map, Value as Json};

use crate::page::change::body;
use crate::visit::Visit;

/// The body of a request.
#[derive(Clone, Debug)]
pub(super) enum Payload {
    /// JSON; an empty object where there is no body.
    Json(Json),
    /// The fields of a form; of several of the same name the last counts (STORED-48).
    Form(Map<String, Json>),
}

impl Payload {
    /// Reads the body (WRITE-133).
    ///
    /// # Errors
    /// 400 for JSON that is none, 413 for too much.
    pub(super) async fn read(visit: &Visit, body: Body) -> Result<Self, Fault> {
        let bytes = body::bytes(visit, body).await?;
        if is_json(visit) {
            let text = if bytes.is_empty() {
                b"{}".to_vec()
            } else {
                bytes
            };
            return Ok(Self::Json(body::parsed(&text)?));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Fault::bad_request("The form is not encoded in UTF-8"))?;
        let mut fields = Map::new();
        for (name, value) in QueryString::parse(&text).pairs() {
            fields.insert(name.clone(), Json::String(value.clone()));
        }
        Ok(Self::Form(fields))
    }

    /// Whether it is JSON.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Self::Json(_))
    }

    /// Whether a form has a field that says something.
    pub(super) fn is_filled(&self, name: &str) -> bool {
        match self {
            Self::Form(fields) => fields.get(name).is_some_and(is_truthy),
            Self::Json(_) => false,
        }
    }

    /// The fields of a form as JSON would have them.
    pub(super) fn into_json(self) -> Self {
        match self {
            Self::Form(fields) => Self::Json(Json::Object(fields)),
            json => json,
        }
    }
}

/// Whether the client reads JSON and nothing else (WRITE-136, STORED-20).
pub(crate) fn accepts_json(visit: &Visit) -> bool {
    let accept = visit.headers.get(header::ACCEPT);
    accept.is_some_and(|value| value.as_bytes() == b"application/json")
}

/// Whether the request says that it sends JSON.
pub(super) fn is_json(visit: &Visit) -> bool {
    let content_type = visit.headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}
