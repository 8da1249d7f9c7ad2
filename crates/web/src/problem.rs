//! The one place where a failure becomes a response.

use axum::http::{StatusCode, header};
use datasette_core::{Fault, FaultKind};
use datasette_render::html::error;
use datasette_render::html::page::render;
use serde_json::json;

use crate::frame::{self, Way};
use crate::reply::{self, NoCors, Reply};
use crate::visit::Visit;

/// The response to a fault: JSON, text or a page as the request wants it (ERR-03 to ERR-08).
pub(crate) async fn reply(visit: &Visit, fault: Fault) -> Reply {
    if let Some(cause) = fault.cause() {
        tracing::error!(path = visit.location.path, "{fault}: {cause}");
    }
    let path = visit.location.path.as_str();
    let forbidden = fault.kind() == FaultKind::Forbidden;
    if fault.kind() == FaultKind::Unauthorized {
        let mut refused = json(&fault);
        reply::set(
            &mut refused,
            header::WWW_AUTHENTICATE,
            "Bearer error=\"invalid_token\"",
        );
        return refused;
    }
    if path.ends_with(".json") || (forbidden && wants_json(visit)) || is_json_only(path) {
        return json(&fault);
    }
    let plain = path.ends_with(".csv")
        || path.ends_with("/-/schema")
        || path.ends_with("/-/schema.md");
    if plain && !forbidden {
        return with_status(reply::text(fault.message()), &fault);
    }
    let page = match forbidden {
        true => forbidden_page(visit, &fault).await,
        false => error::bare(&visit.app.templates, &visit.app.urls, &fault),
    };
    let mut answer = match page {
        Ok(page) => with_status(reply::html(page), &fault),
        Err(broken) => {
            // A template that fails must not take the message with it.
            tracing::error!(cause = ?broken.cause().map(ToString::to_string), "error page: {broken}");
            with_status(reply::text(fault.message()), &fault)
        }
    };
    if forbidden {
        answer.extensions_mut().insert(NoCors);
    }
    answer
}

/// The error body that all JSON errors share (ERR-01).
pub(crate) fn json(fault: &Fault) -> Reply {
    let body = json!({
        "ok": false,
        "error": fault.message(),
        "errors": fault.messages(),
        "status": fault.status(),
    });
    with_status(reply::json(&body), fault)
}

/// The refusal of a change that another site started (ROUTE-50).
pub(crate) fn cross_origin(visit: &Visit, reason: &str) -> Reply {
    let page = error::cross_origin(&visit.app.templates, &visit.app.urls, reason);
    let mut refused = reply::html(page.unwrap_or_else(|_| "CSRF check failed".to_owned()));
    *refused.status_mut() = StatusCode::FORBIDDEN;
    refused
}

fn with_status(mut reply: Reply, fault: &Fault) -> Reply {
    *reply.status_mut() =
        StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply
}

/// 403 answers look at more than the path (ERR-07).
fn wants_json(visit: &Visit) -> bool {
    let has = |name: header::HeaderName, test: &dyn Fn(&str) -> bool| {
        visit
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(test)
    };
    has(header::ACCEPT, &|accept| {
        accept.contains("application/json")
    }) || has(header::CONTENT_TYPE, &|sent| sent == "application/json")
}

/// Endpoints without a suffix that speak JSON only.
fn is_json_only(path: &str) -> bool {
    path.ends_with("/-/count") || path.ends_with("/-/query/parameters") || path == "/-/jump"
}

async fn forbidden_page(visit: &Visit, fault: &Fault) -> Result<String, Fault> {
    let base = frame::base(visit, &Way::default(), "error.html", None).await?;
    render(
        &visit.app.templates,
        &["error.html".to_owned()],
        &base,
        error::forbidden(fault),
    )
}
