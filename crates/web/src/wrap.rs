//! What plugins put around every request (HOOK-15 to HOOK-19).

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::http::{Extensions, Request, StatusCode};
use datasette_core::{Fault, FaultKind};
use datasette_hooks::{
    Body as HookBody, HookError, HttpRequest, HttpResponse, HttpService, RequestInfo, settle,
};
use futures_util::future::BoxFuture;

use crate::app::App;
use crate::own_policy::OwnPolicy;
use crate::reply::{self, Reply};
use crate::{dispatch, http};

/// Answers through all wrappers, the last called outermost (HOOK-16).
pub(crate) async fn answer(app: Arc<App>, info: RequestInfo, request: Request<Body>) -> Reply {
    let (head, body) = request.into_parts();
    let body = match body.is_end_stream() {
        true => HookBody::default(),
        false => HookBody::Stream(http::stream(body)),
    };
    let policy = Arc::<OwnPolicy>::default();
    let layers = Layers {
        left: app.wrappers.len(),
        app,
        extensions: head.extensions,
        policy: Arc::clone(&policy),
    };
    match layers.call(HttpRequest { info, body }).await {
        Ok(response) => policy.settled(response),
        Err(error) => refusal(&error.into_fault("a plugin", "asgi_wrapper")),
    }
}

/// A wrapper may be a gate, so one that fails is not passed over. Nothing of the site stands around
/// it, so the answer is as plain as that of a server without one.
fn refusal(fault: &Fault) -> Reply {
    let text = match fault.kind() {
        FaultKind::Internal => "Internal Server Error".to_owned(),
        _ => fault.message(),
    };
    let mut refused = reply::text(text);
    *refused.status_mut() =
        StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    refused
}

/// The server with the wrappers that are left.
struct Layers {
    app: Arc<App>,
    left: usize,
    /// What is known of the request that arrived.
    extensions: Extensions,
    policy: Arc<OwnPolicy>,
}

impl HttpService for Layers {
    fn call<'a>(&'a self, request: HttpRequest) -> BoxFuture<'a, Result<HttpResponse, HookError>> {
        Box::pin(async move {
            let Some((outermost, _)) = self.app.wrappers[..self.left].split_last() else {
                let request = http::request(request, self.extensions.clone())?;
                let reply = dispatch::inside(Arc::clone(&self.app), request).await;
                return Ok(self.policy.noted(reply));
            };
            let inner = Arc::new(Layers {
                app: Arc::clone(&self.app),
                left: self.left - 1,
                extensions: self.extensions.clone(),
                policy: Arc::clone(&self.policy),
            });
            let context = self.app.instance.bus.context(None, None);
            let call = async { outermost.value.call(&context, request, inner).await };
            settle(call).await.inspect_err(|error| {
                tracing::error!(plugin = outermost.plugin, "asgi_wrapper failed: {error}");
            })
        })
    }
}
