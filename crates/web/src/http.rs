//! Requests and responses as plugins know them.

use std::io;

use axum::body::{Body, HttpBody};
use axum::http::{Extensions, HeaderName, HeaderValue, Request, StatusCode};
use datasette_core::{Actor, Fault};
use datasette_hooks::{Body as HookBody, BodyStream, HttpRequest, HttpResponse, RequestInfo};
use datasette_render::html::Page;
use futures_util::{FutureExt, StreamExt, TryStreamExt};

use crate::caller::Caller;
use crate::reply::{self, Reply};

/// The actor that somebody outside of the router found (HOOK-19).
#[derive(Clone, Debug)]
pub(crate) struct ActorBefore(pub(crate) Actor);

/// The actor that a plugin asks as, whatever cookies and tokens say.
#[derive(Clone, Debug)]
pub(crate) struct GivenActor(pub(crate) Actor);

/// What stands around the server knows the request by this number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outer(pub(crate) u64);

/// The circumstances that a plugin sends a request in, by their number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender(pub(crate) u64);

/// A response of a plugin. Headers that cannot stand in a response are left out.
pub(crate) fn reply(response: HttpResponse) -> Reply {
    let mut reply = Reply::new(body(response.body));
    *reply.status_mut() =
        StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        match HeaderName::try_from(name.as_str()) {
            Ok(name) => reply::add(&mut reply, name, &value),
            Err(_) => tracing::warn!(name, "a plugin sent a header of no valid name"),
        }
    }
    reply
}

/// A page as plugins send it.
pub(crate) fn page(status: u16, page: Page) -> HttpResponse {
    let mut response = HttpResponse::new(status, "text/html; charset=utf-8", page.html);
    let policy = page.policy.into_iter();
    let header = policy.map(|policy| ("content-security-policy".to_owned(), policy));
    response.headers.extend(header);
    response
}

/// A response as plugins see it.
pub(crate) fn response(reply: Reply) -> HttpResponse {
    let (head, body) = reply.into_parts();
    HttpResponse {
        status: head.status.as_u16(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), lossy(value)))
            .collect(),
        body: whole_or_parts(body),
    }
}

/// A body that is there already is handed on whole.
fn whole_or_parts(body: Body) -> HookBody {
    let length = body.size_hint().exact();
    let mut parts = body.into_data_stream();
    match length {
        None => return HookBody::Stream(parts.map_err(io::Error::other).boxed()),
        Some(0) => return HookBody::default(),
        Some(_) => {}
    }
    let first = parts.next().now_or_never().flatten();
    let parts = parts.map_err(io::Error::other);
    match first {
        Some(Ok(bytes)) if Some(bytes.len() as u64) == length => HookBody::Full(bytes),
        Some(first) => {
            let first = futures_util::stream::iter([first.map_err(io::Error::other)]);
            HookBody::Stream(first.chain(parts).boxed())
        }
        None => HookBody::Stream(parts.boxed()),
    }
}

fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// A body as plugins see it.
pub(crate) fn stream(body: Body) -> BodyStream {
    body.into_data_stream().map_err(io::Error::other).boxed()
}

/// A body of a plugin.
pub(crate) fn body(body: HookBody) -> Body {
    match body {
        HookBody::Full(bytes) => Body::from(bytes),
        HookBody::Stream(parts) => Body::from_stream(parts),
    }
}

/// A request that a plugin sends on; `extensions` are those of the one that arrived.
///
/// # Errors
/// 400 when it cannot stand in a request.
pub(crate) fn request(
    request: HttpRequest,
    extensions: Extensions,
) -> Result<Request<Body>, Fault> {
    let RequestInfo {
        method,
        scheme,
        path,
        query_string,
        headers,
        client,
        port,
        outer,
        actor,
        sender,
        ..
    } = request.info;
    let uri = match query_string.as_str() {
        "" => path,
        query => format!("{path}?{query}"),
    };
    let mut builder = Request::builder().method(method.as_str()).uri(uri);
    for (name, value) in &headers {
        builder = builder.header(name.as_str(), value.as_str());
    }
    let mut request = builder
        .body(body(request.body))
        .map_err(|error| Fault::bad_request(format!("This cannot be asked: {error}")))?;
    *request.extensions_mut() = extensions;
    request.extensions_mut().insert(Caller {
        host: client,
        port,
        secure: (scheme == "https").then_some(true),
    });
    if let Some(actor) = actor {
        request.extensions_mut().insert(ActorBefore(actor));
    }
    if let Some(outer) = outer {
        request.extensions_mut().insert(Outer(outer));
    }
    if let Some(number) = sender {
        request.extensions_mut().insert(Sender(number));
    }
    Ok(request)
}
