//! The span of a request (OTEL-02 to OTEL-06).

use std::borrow::Cow;

use http::{HeaderMap, Method, Uri, header};
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt};

use crate::provider::{Telemetry, attribute};

/// A request that is being answered.
#[derive(Debug)]
pub struct RequestSpan {
    context: Context,
    method: &'static str,
}

/// The method, if it is a usual one (OTEL-03).
pub(crate) fn known_method(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ];
    let known = KNOWN.iter().find(|known| **known == method.as_str());
    known.copied().unwrap_or("_OTHER")
}

impl crate::meters::RequestKey {
    /// The key of an answer.
    pub fn new(route: Cow<'static, str>, method: &Method, status: u16) -> Self {
        Self {
            route,
            method: known_method(method),
            status,
        }
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(header::HeaderName::as_str).collect()
    }
}

impl RequestSpan {
    /// Starts the span, within the client's trace where there is one. `is_internal` says that the
    /// server asks itself.
    pub fn start(
        telemetry: &Telemetry,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        scheme: &'static str,
        is_internal: bool,
    ) -> Self {
        let outer = match telemetry.propagator() {
            // A client says whose trace it is; what surrounds us here is a request of our own.
            _ if is_internal => Context::current(),
            Some(propagator) => propagator.extract_with_context(&Context::new(), &Headers(headers)),
            None => Context::new(),
        };
        let method = known_method(method);
        let mut attributes = vec![
            attribute("http.request.method", method),
            attribute("url.path", uri.path().to_owned()),
            attribute("url.scheme", scheme),
        ];
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        for (key, name) in [
            ("server.address", header::HOST),
            ("user_agent.original", header::USER_AGENT),
        ] {
            if let Some(value) = text(name) {
                attributes.push(attribute(key, value.to_owned()));
            }
        }
        if is_internal {
            attributes.push(attribute("datasette.internal_client", true));
        }
        let builder = SpanBuilder::from_name(method)
            .with_kind(SpanKind::Server)
            .with_attributes(attributes);
        Self {
            context: telemetry.within(builder, &outer),
            method,
        }
    }

    /// The context of work for the request.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The head of the answer is ready. The span ends when nothing works for the request any more.
    pub fn answered(&self, route: Option<&str>, status: u16) {
        let span = self.context.span();
        if let Some(route) = route {
            span.update_name(format!("{} {route}", self.method));
            span.set_attribute(attribute("http.route", route.to_owned()));
        }
        span.set_attribute(attribute("http.response.status_code", i64::from(status)));
        if status >= 500 {
            span.set_attribute(attribute("error.type", status.to_string()));
            span.set_status(Status::error(""));
        }
    }
}
