//! Asks the site without a socket, through the same router as everybody else.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use bytes::Bytes;
use datasette_core::{Actor, Fault};
use datasette_hooks::HttpResponse;
use futures_util::StreamExt;
use tower_service::Service;

use crate::app::App;
use crate::http::{GivenActor, Sender};
use crate::layer::compression::Unpacked;
use crate::layer::telemetry::FromInside;
use crate::{dispatch, http};

/// A request that arrives from inside.
#[derive(Clone, Debug)]
pub struct Question {
    /// The method.
    pub method: Method,
    /// Path and query string; a missing slash at the start is added (CLI-104), and characters that
    /// cannot stand in a request are encoded.
    pub path: String,
    /// Headers; `host` is `localhost` unless it is given (CLI-103).
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Question {
    /// A GET request without headers.
    pub fn get(path: &str) -> Self {
        Self {
            method: Method::GET,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// A POST request without headers.
    pub fn post(path: &str, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(path)
        }
    }

    /// The same with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// An answer whose body is still to be read.
#[derive(Debug)]
pub struct InProcessAnswer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    body: BodyDataStream,
}

impl InProcessAnswer {
    /// The next part of the body; `None` at its end.
    ///
    /// # Errors
    /// The body broke off: a query failed after its first rows had been sent.
    pub async fn next_part(&mut self) -> Option<Result<Bytes, Fault>> {
        let part = self.body.next().await?;
        Some(part.map_err(Fault::internal))
    }
}

/// Asks.
///
/// # Errors
/// 400 when path or headers cannot stand in a request.
pub async fn ask(app: Arc<App>, question: Question) -> Result<InProcessAnswer, Fault> {
    let request = request(question)?;
    let Ok(response) = dispatch::router(app).call(request).await;
    let (head, body) = response.into_parts();
    Ok(InProcessAnswer {
        status: head.status,
        headers: head.headers,
        body: body.into_data_stream(),
    })
}

/// What is special about a request that a plugin sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manner {
    /// Who asks, in place of cookies and tokens.
    pub(crate) actor: Option<Actor>,
    /// The circumstances that it is sent in, by their number.
    pub(crate) sender: Option<u64>,
}

/// Asks for a plugin.
pub(crate) async fn ask_for_plugin(
    app: Arc<App>,
    question: Question,
    manner: Manner,
) -> Result<HttpResponse, Fault> {
    let mut request = request(question)?;
    request.extensions_mut().insert(Unpacked);
    if let Some(actor) = manner.actor {
        request.extensions_mut().insert(GivenActor(actor));
    }
    if let Some(number) = manner.sender {
        request.extensions_mut().insert(Sender(number));
    }
    let Ok(response) = dispatch::router(app).call(request).await;
    Ok(http::response(response))
}

fn request(question: Question) -> Result<Request<Body>, Fault> {
    let mut request = Request::builder()
        .extension(FromInside)
        .method(question.method)
        .uri(encoded(&question.path));
    let is_host = |(name, _): &(String, String)| name.eq_ignore_ascii_case("host");
    if !question.headers.iter().any(is_host) {
        request = request.header(header::HOST, "localhost");
    }
    for (name, value) in &question.headers {
        request = request.header(name, value);
    }
    request
        .body(Body::from(question.body))
        .map_err(|error| Fault::bad_request(format!("This cannot be asked: {error}")))
}

/// The path as a browser would send it.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() + 1);
    if !path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.bytes() {
        let reserved = matches!(
            byte,
            b'"' | b'#' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
        );
        if byte.is_ascii_graphic() && !reserved {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: CLI-104
    #[test]
    fn paths_are_sent_as_a_browser_would() {
        assert_eq!(encoded("one.json"), "/one.json");
        assert_eq!(encoded("/a b?q=é#x"), "/a%20b?q=%C3%A9%23x");
        assert_eq!(encoded("/a%20b?x[]=1"), "/a%20b?x[]=1");
        assert!(encoded("/\u{0}<>").parse::<axum::http::Uri>().is_ok());
        assert!(encoded("").parse::<axum::http::Uri>().is_ok());
    }
}
