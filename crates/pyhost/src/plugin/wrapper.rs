//! What Python plugins put around every request, as one wrapper (HOOK-15 to HOOK-21): Python joins
//! them, in its own order.

use std::sync::Arc;

use bytes::Bytes;
use datasette_hooks::{
    Answer, Body, Context, HookError, HookName, HookSet, HttpRequest, HttpResponse, HttpService,
    HttpWrapper, Plugin, RequestInfo,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::task::AbortHandle;

use super::response::RemoteResponse;
use crate::answering::Blob;
use crate::exchange::{Open, body_length};
use crate::inside::Inside;
use crate::process::PythonHost;

/// The wrappers of all Python plugins.
pub(super) struct Wrapping(pub(super) Arc<PythonHost>);

impl Plugin for Wrapping {
    fn name(&self) -> &str {
        "Python plugins"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::AsgiWrapper])
    }

    fn is_listed(&self) -> bool {
        false
    }

    fn asgi_wrapper(&self, _context: &Context<'_>) -> Answer<Option<Arc<dyn HttpWrapper>>> {
        Ok(Some(Arc::new(RemoteWrapper(Arc::clone(&self.0)))))
    }
}

struct RemoteWrapper(Arc<PythonHost>);

#[derive(Serialize)]
struct Question<'a> {
    exchange: u64,
    request: &'a RequestInfo,
    /// The body, where it is here already.
    body: Option<Blob<'a>>,
}

/// What the wrappers came to.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Came {
    /// A whole response.
    Response(RemoteResponse),
    /// It was sent piece by piece.
    Sent,
}

/// Tells Python that the client has gone.
struct Companion(AbortHandle);

impl Drop for Companion {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl RemoteWrapper {
    async fn answer(
        &self,
        request: HttpRequest,
        server: Arc<dyn HttpService>,
    ) -> Answer<HttpResponse> {
        let host = &self.0;
        let HttpRequest { info, body } = request;
        let (whole, stream) = match body {
            Body::Full(bytes) => (Some(bytes), None),
            Body::Stream(stream) => (None, Some(stream)),
        };
        let inside = Inside::new(server, Arc::clone(host));
        let exchanges = &host.services().exchanges;
        let mut open = exchanges.open_around(stream, body_length(&info), Some(inside));
        let untouched = open.untouched();
        let work = ask(Arc::clone(host), open.id, info, whole, untouched);
        let mut work = tokio::spawn(work);
        let companion = Companion(work.abort_handle());
        tokio::select! {
            biased;
            Ok(start) = &mut open.start => Ok(streamed(start, open, companion)),
            came = &mut work => match came.map_err(|panic| HookError::failed(panic.to_string()))?? {
                Came::Response(response) => Ok(recognised(response, &open)),
                Came::Sent => match open.start.try_recv() {
                    Ok(start) => Ok(streamed(start, open, companion)),
                    Err(_) => Err(HookError::failed("no response was sent")),
                },
            },
        }
    }
}

fn streamed(start: crate::exchange::Start, open: Open, companion: Companion) -> HttpResponse {
    HttpResponse {
        status: start.status,
        headers: start.headers,
        body: open.into_body(companion),
    }
}

/// A page that passed as it was is the server's own.
fn recognised(response: RemoteResponse, open: &Open) -> HttpResponse {
    let mut response = response.into_response();
    if let (Body::Full(body), Some(inside)) = (&mut response.body, open.inside()) {
        *body = inside.recognised(std::mem::take(body));
    }
    response
}

async fn ask(
    host: Arc<PythonHost>,
    exchange: u64,
    request: RequestInfo,
    body: Option<Bytes>,
    is_untouched: impl Fn() -> bool,
) -> Answer<Came> {
    let question = Question {
        exchange,
        request: &request,
        body: body.as_deref().map(Blob),
    };
    let came = host.ask_gate("wrapped", &question, is_untouched).await;
    host.services().exchanges.abandon(exchange);
    came
}

impl HttpWrapper for RemoteWrapper {
    fn call<'a>(
        &'a self,
        _context: &'a Context<'a>,
        request: HttpRequest,
        inner: Arc<dyn HttpService>,
    ) -> BoxFuture<'a, Result<HttpResponse, HookError>> {
        self.answer(request, inner).boxed()
    }
}
