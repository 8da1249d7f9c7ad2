//! A page that Python answers.

use std::sync::Arc;

use bytes::Bytes;
use datasette_core::Fault;
use datasette_hooks::{
    Answer, Body, Context, HookError, HttpRequest, HttpResponse, RequestInfo, View,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::task::AbortHandle;

use super::response::RemoteResponse;
use crate::answering::Blob;
use crate::exchange::body_length;
use crate::process::PythonHost;

pub(super) struct RemoteView {
    host: Arc<PythonHost>,
    id: u64,
}

#[derive(Serialize)]
struct Question<'a> {
    id: u64,
    exchange: u64,
    request: &'a RequestInfo,
    /// The body, where it is here already.
    body: Option<Blob<'a>>,
}

/// What a view came to.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Came {
    /// A whole response.
    Response(RemoteResponse),
    /// It was sent piece by piece.
    Sent,
    /// Nothing was sent at all (HOOK-121).
    Nothing,
}

/// Ends the work when the client has gone.
struct Companion(AbortHandle);

impl Drop for Companion {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl RemoteView {
    pub(super) fn new(host: Arc<PythonHost>, id: u64) -> Self {
        Self { host, id }
    }

    async fn answer(&self, request: HttpRequest) -> Answer<HttpResponse> {
        let HttpRequest { info, body } = request;
        let (whole, stream) = match body {
            Body::Full(bytes) => (Some(bytes), None),
            Body::Stream(stream) => (None, Some(stream)),
        };
        let exchanges = &self.host.services().exchanges;
        let mut open = exchanges.open(stream, body_length(&info));
        let exchange = open.id;
        let work = tokio::spawn(ask(Arc::clone(&self.host), self.id, exchange, info, whole));
        let companion = Companion(work.abort_handle());
        let mut work = work;
        tokio::select! {
            biased;
            Ok(start) = &mut open.start => {
                Ok(HttpResponse {
                    status: start.status,
                    headers: start.headers,
                    body: open.into_body(companion),
                })
            }
            came = &mut work => match came.map_err(|panic| HookError::failed(panic.to_string()))?? {
                Came::Response(response) => Ok(response.into_response()),
                Came::Sent => match open.start.try_recv() {
                    Ok(start) => Ok(HttpResponse {
                        status: start.status,
                        headers: start.headers,
                        body: open.into_body(companion),
                    }),
                    Err(_) => Err(nothing_sent()),
                },
                Came::Nothing => Err(nothing_sent()),
            },
        }
    }
}

fn nothing_sent() -> HookError {
    HookError::Refused(Fault::internal("a plugin's page sent no response"))
}

async fn ask(
    host: Arc<PythonHost>,
    id: u64,
    exchange: u64,
    request: RequestInfo,
    body: Option<Bytes>,
) -> Answer<Came> {
    let question = Question {
        id,
        exchange,
        request: &request,
        body: body.as_deref().map(Blob),
    };
    let came = host.ask_patiently("view", &question).await;
    if let Err(error) = &came {
        tracing::error!("a plugin's page failed: {error}");
    }
    host.services().exchanges.abandon(exchange);
    came
}

impl View for RemoteView {
    fn respond<'a>(
        &'a self,
        _context: &'a Context<'a>,
        request: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>> {
        self.answer(request).boxed()
    }
}
