//! Making responses.

use axum::body::Body;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, Response, StatusCode};
use datasette_render::html::Page;
use datasette_render::json::writer;
use serde_json::Value as Json;

/// A finished response.
pub(crate) type Reply = Response<Body>;

/// A body of some type, which browsers are told to believe: a cell that looks like a script makes
/// none of a CSV file.
pub(crate) fn with_type(content_type: &'static str, body: impl Into<Body>) -> Reply {
    let mut reply = Response::new(body.into());
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    reply
}

/// The same for browsers that may guess: what somebody else made was made for that, and may be a
/// script whose name says nothing of it.
pub(crate) fn guessable(mut reply: Reply) -> Reply {
    reply.headers_mut().remove(header::X_CONTENT_TYPE_OPTIONS);
    reply
}

/// An HTML page under its own policy.
pub(crate) fn html(page: Page) -> Reply {
    let mut reply = with_type("text/html; charset=utf-8", page.html);
    if let Some(policy) = page.policy {
        set(&mut reply, header::CONTENT_SECURITY_POLICY, &policy);
    }
    reply
}

/// JSON as the original spells it (WIRE-01 to WIRE-03).
pub(crate) fn json(value: &Json) -> Reply {
    with_type("application/json; charset=utf-8", writer::bytes(value))
}

/// Plain text.
pub(crate) fn text(text: impl Into<Body>) -> Reply {
    with_type("text/plain; charset=utf-8", text)
}

/// The refusal of a method in plain text (ROUTE-47).
pub(crate) fn method_not_allowed() -> Reply {
    let mut refused = text("Method not allowed");
    *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    refused
}

/// A redirect with an empty `text/plain` body (ROUTE-38).
pub(crate) fn redirect(to: &str, permanent: bool) -> Reply {
    let mut reply = with_type("text/plain", Body::empty());
    *reply.status_mut() = if permanent {
        StatusCode::MOVED_PERMANENTLY
    } else {
        StatusCode::FOUND
    };
    set(&mut reply, header::LOCATION, to);
    reply
}

/// Sets a header; a value that cannot stand in one (a newline, say) leaves it out.
pub(crate) fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// Adds a header line beside those of the same name.
pub(crate) fn add(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().append(name, value);
    }
}

/// Marks an answer that never carries CORS headers (CACHE-14).
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoCors;

/// Marks a static file, which is the same for everybody (CACHE-04).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Static;

const UNFRAMEABLE: &str = "frame-ancestors 'none'";

/// Whether a policy begins with what [`unframeable`] says.
pub(crate) fn is_unframeable(policy: &HeaderValue) -> bool {
    policy.as_bytes().starts_with(UNFRAMEABLE.as_bytes())
}

/// Adds a policy that speaks of frames alone.
pub(crate) fn only_unframeable(mut reply: Reply) -> Reply {
    add(&mut reply, header::CONTENT_SECURITY_POLICY, UNFRAMEABLE);
    reply
}

/// Forbids other sites to show the answer in a frame (QUERY-38).
pub(crate) fn unframeable(mut reply: Reply) -> Reply {
    let policy = reply.headers().get(header::CONTENT_SECURITY_POLICY);
    let policy = match policy.and_then(|own| own.to_str().ok()) {
        Some(own) => format!("{UNFRAMEABLE}; {own}"),
        None => UNFRAMEABLE.to_owned(),
    };
    set(&mut reply, header::CONTENT_SECURITY_POLICY, &policy);
    set(&mut reply, header::X_FRAME_OPTIONS, "DENY");
    reply
}
