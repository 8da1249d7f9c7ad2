//! Answers to `HEAD`: the head alone (ROUTE-44).

use std::io;

use axum::body::Body;
use axum::http::{Method, header};
use bytes::Bytes;
use futures_util::stream;

use crate::reply::{Reply, Static};

/// Takes the body away, and with it a length that would be none: what is in no header may not have
/// been read. Files keep the length that they have.
pub(crate) fn alone(method: &Method, mut reply: Reply) -> Reply {
    let is_file = reply.extensions().get::<Static>().is_some();
    if method == Method::HEAD && !is_file && !reply.headers().contains_key(header::CONTENT_LENGTH) {
        *reply.body_mut() = Body::from_stream(stream::empty::<io::Result<Bytes>>());
    }
    reply
}
