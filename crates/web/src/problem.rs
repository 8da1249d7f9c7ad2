//! The one place where a failure becomes a response.

use std::any::Any;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use datasette_core::{Fault, FaultKind};
use datasette_hooks::TemplateValue;
use datasette_render::html::{Page, page};
use datasette_render::json::writer;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::reply::{self, NoCors, Reply};
use crate::visit::Visit;
use crate::{frame, http};

/// The response to a fault, from the plugins that answer to refusals (HOOK-162) and failures
/// (HOOK-166).
pub(crate) async fn reply(visit: &Visit, fault: Fault) -> Reply {
    log(visit, &fault);
    if fault.kind() == FaultKind::Unauthorized {
        let mut refused = json(&fault);
        reply::set(
            &mut refused,
            header::WWW_AUTHENTICATE,
            "Bearer error=\"invalid_token\"",
        );
        return refused;
    }
    let bus = &visit.app.instance.bus;
    let context = visit.hooks();
    let refused = is_refusal(&fault);
    let answered = match refused {
        true => bus.forbidden(&context, &fault.message()).await,
        false => bus.handle_exception(&context, &fault).await,
    };
    let answered = answered.unwrap_or_else(|broken| {
        tracing::error!("the answer to a failure failed: {broken}");
        None
    });
    let Some(response) = answered else {
        return with_status(reply::text(fault.message()), &fault);
    };
    let mut answer = http::reply(response);
    if refused && !is_json(&answer) {
        answer.extensions_mut().insert(NoCors);
    }
    answer
}

/// Tells the private cause in the log.
pub(crate) fn log(visit: &Visit, fault: &Fault) {
    if let Some(cause) = fault.cause() {
        tracing::error!(path = visit.location.path, "{fault}: {cause}");
    }
}

/// Whether the whole page is refused; a refusal with a title is one of an argument and looks like
/// other mistakes in arguments (FILTER-46).
fn is_refusal(fault: &Fault) -> bool {
    fault.kind() == FaultKind::Forbidden && fault.title().is_none()
}

fn is_json(reply: &Reply) -> bool {
    let content_type = reply.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// The answer to a request whose handling broke off: our mistake, told in the log.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Reply {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!("a request broke off: {}", text.unwrap_or("no message"));
    json(&Fault::internal("panic"))
}

/// The error body that all JSON errors share (ERR-01).
pub(crate) fn json(fault: &Fault) -> Reply {
    with_status(
        reply::with_type("application/json; charset=utf-8", body(fault)),
        fault,
    )
}

/// Its bytes.
pub(crate) fn body(fault: &Fault) -> Vec<u8> {
    writer::bytes(&json!({
        "ok": false,
        "error": fault.message(),
        "errors": fault.messages(),
        "status": fault.status(),
    }))
}

/// The refusal of a change that another site started (CSRF-07). Its page is that of any visitor: it
/// knows nothing of the request (HOOK-41).
pub(crate) async fn cross_origin(visit: &Visit, reason: &str) -> Reply {
    let mut refused = match cross_origin_page(visit, reason).await {
        Ok(page) => reply::html(page),
        Err(broken) => {
            tracing::error!(cause = ?broken.cause().map(ToString::to_string), "csrf_error.html: {broken}");
            reply::text("CSRF check failed")
        }
    };
    *refused.status_mut() = StatusCode::FORBIDDEN;
    refused
}

async fn cross_origin_page(visit: &Visit, reason: &str) -> Result<Page, Fault> {
    let template = "csrf_error.html";
    let outside = Visit::outside(Arc::clone(&visit.app));
    let reason = TemplateValue::Data(Json::from(reason));
    let variables = IndexMap::from([("reason".to_owned(), reason)]);
    let base = frame::around(&outside, template, &variables, None).await?;
    let given = page::given(&variables, &base.scripts);
    page::render_one(&visit.app.templates, template, &base, given).await
}

fn with_status(mut reply: Reply, fault: &Fault) -> Reply {
    *reply.status_mut() =
        StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply
}
