//! Requests and responses with bodies, for plugins that speak HTTP themselves.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::context::Context;
use crate::error::HookError;
use crate::request::RequestInfo;

/// Pieces of a body as they arrive or leave.
pub type BodyStream = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// A body, whole or in pieces.
pub enum Body {
    /// All of it.
    Full(Bytes),
    /// Piece by piece.
    Stream(BodyStream),
}

impl Default for Body {
    fn default() -> Self {
        Self::Full(Bytes::new())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(bytes) => write!(formatter, "Full({} bytes)", bytes.len()),
            Self::Stream(_) => formatter.write_str("Stream"),
        }
    }
}

/// A request with its body.
#[derive(Debug, Default)]
pub struct HttpRequest {
    /// The head.
    pub info: RequestInfo,
    /// The body.
    pub body: Body,
}

/// A response of a plugin.
#[derive(Debug, Default)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

impl HttpResponse {
    /// A whole response of that content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: Body::Full(body.into()),
        }
    }

    /// An HTML page.
    pub fn html(body: impl Into<Bytes>) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    /// Plain text.
    pub fn text(body: impl Into<Bytes>) -> Self {
        Self::new(200, "text/plain; charset=utf-8", body)
    }

    /// A redirect with status 302.
    pub fn redirect(location: &str) -> Self {
        let mut response = Self::new(302, "text/plain", Bytes::new());
        response
            .headers
            .push(("location".to_owned(), location.to_owned()));
        response
    }
}

/// Something that answers requests: the server itself, as a wrapper sees it.
pub trait HttpService: Send + Sync {
    /// Answers one request.
    fn call<'a>(&'a self, request: HttpRequest) -> BoxFuture<'a, Result<HttpResponse, HookError>>;
}

/// Stands around every request (HOOK-15). May answer itself, change the request, or change what
/// `inner` answers.
pub trait HttpWrapper: Send + Sync {
    /// Answers one request with the help of the server inside, which may be kept and asked later.
    fn call<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: HttpRequest,
        inner: Arc<dyn HttpService>,
    ) -> BoxFuture<'a, Result<HttpResponse, HookError>>;
}
