//! Counts requests, and has a span for each where somebody collects them (OTEL-02).

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::{Method, Request};
use datasette_telemetry::{FutureExt, RequestKey, RequestSpan};

use crate::app::App;
use crate::reply::Reply;
use crate::visit::Visit;

/// Marks a request that the server asks of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromInside;

/// The pattern that matched, on its way out to the span.
#[derive(Clone, Debug)]
struct Matched(Option<Cow<'static, str>>);

/// Answers within a span, so that everything on the way belongs to it.
pub(crate) async fn observed<F>(
    app: Arc<App>,
    request: Request<Body>,
    answer: impl FnOnce(Arc<App>, Request<Body>) -> F,
) -> Reply
where
    F: Future<Output = Reply>,
{
    let Some(telemetry) = &app.telemetry else {
        return answer(app, request).await;
    };
    let span = RequestSpan::start(
        telemetry,
        request.method(),
        request.uri(),
        request.headers(),
        if app.tls { "https" } else { "http" },
        request.extensions().get::<FromInside>().is_some(),
    );
    let context = span.context().clone();
    let reply = answer(app, request).with_context(context).await;
    let matched = reply.extensions().get::<Matched>();
    let route = matched.and_then(|matched| matched.0.as_deref());
    span.answered(route, reply.status().as_u16());
    reply
}

/// Counts an answer, and notes for the span what it answers.
pub(crate) fn count(visit: &Visit, started: Instant, reply: &mut Reply) {
    let route = visit.matched.clone();
    let method: &Method = &visit.method;
    let key = RequestKey::new(
        route.clone().unwrap_or_default(),
        method,
        reply.status().as_u16(),
    );
    let meters = &visit.app.meters;
    meters.requests.answered(key, started.elapsed());
    if visit.app.telemetry.is_some() {
        reply.extensions_mut().insert(Matched(route));
    }
}
