//! Cross-origin headers (CACHE-12).

use axum::http::{HeaderName, HeaderValue};

use crate::reply::Reply;

const HEADERS: [(&str, &str); 5] = [
    ("access-control-allow-origin", "*"),
    (
        "access-control-allow-headers",
        "Authorization, Content-Type",
    ),
    ("access-control-expose-headers", "Link"),
    ("access-control-allow-methods", "GET, POST, HEAD, OPTIONS"),
    ("access-control-max-age", "3600"),
];

/// Adds the five headers.
pub(crate) fn allow(reply: &mut Reply) {
    for (name, value) in HEADERS {
        reply.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
}
