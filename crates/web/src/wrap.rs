//! What plugins put around every request (HOOK-15 to HOOK-19).

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use datasette_core::Fault;
use datasette_hooks::{
    Body as HookBody, Contribution, HookError, HttpRequest, HttpResponse, HttpService, HttpWrapper,
    RequestInfo, settle,
};
use futures_util::future::BoxFuture;

use crate::app::App;
use crate::own_policy::OwnPolicy;
use crate::reply::Reply;
use crate::{dispatch, http, problem};

/// Answers through all wrappers, the last called outermost (HOOK-16).
pub(crate) async fn answer(app: Arc<App>, info: RequestInfo, request: Request<Body>) -> Reply {
    let request = HttpRequest {
        info,
        body: HookBody::Stream(http::stream(request.into_body())),
    };
    let layers = Layers {
        app: &app,
        wrappers: &app.wrappers,
        policy: &OwnPolicy::default(),
    };
    match layers.call(request).await {
        Ok(response) => layers.policy.settled(response),
        // A wrapper may be a gate, so one that fails is not passed over.
        Err(error) => problem::json(&error.into_fault("a plugin", "asgi_wrapper")),
    }
}

/// The server with the wrappers that are left.
struct Layers<'a> {
    app: &'a Arc<App>,
    wrappers: &'a [Contribution<Arc<dyn HttpWrapper>>],
    policy: &'a OwnPolicy,
}

impl HttpService for Layers<'_> {
    fn call<'a>(&'a self, request: HttpRequest) -> BoxFuture<'a, Result<HttpResponse, HookError>> {
        Box::pin(async move {
            let Some((outermost, rest)) = self.wrappers.split_last() else {
                let request =
                    http::request(request).map_err(|fault: Fault| HookError::from(fault))?;
                let reply = dispatch::inside(Arc::clone(self.app), request).await;
                return Ok(self.policy.noted(reply));
            };
            let inner = Layers {
                app: self.app,
                wrappers: rest,
                policy: self.policy,
            };
            let context = self.app.instance.bus.context(None, None);
            let call = async { outermost.value.call(&context, request, &inner).await };
            settle(call).await.inspect_err(|error| {
                tracing::error!(plugin = outermost.plugin, "asgi_wrapper failed: {error}");
            })
        })
    }
}
