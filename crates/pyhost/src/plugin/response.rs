//! A response that Python gives whole.

use datasette_core::Value;
use datasette_hooks::{Body, Data, HttpResponse};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct RemoteResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: Data,
}

impl RemoteResponse {
    pub(super) fn into_response(self) -> HttpResponse {
        let body = match self.body.0 {
            Value::Blob(bytes) => bytes,
            Value::Text(text) => text.into_bytes(),
            _ => Vec::new(),
        };
        HttpResponse {
            status: self.status,
            headers: self.headers,
            body: Body::Full(body.into()),
        }
    }
}
