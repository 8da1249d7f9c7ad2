//! Paths that are not found but can be mended.

use axum::body::Body;
use axum::http::{StatusCode, header};

use crate::reply::{self, NoCors, Reply};
use crate::visit::Visit;

/// A redirect for percent-encoded names (ROUTE-34) and trailing slashes (ROUTE-36).
pub(crate) fn redirect(visit: &Visit) -> Option<Reply> {
    let path = &visit.location.path;
    let mended = if path.contains('%') {
        path.replace('~', "~7E")
            .replace('%', "~")
            .replace('.', "~2E")
    } else if path.ends_with('/') && path.len() > 1 {
        path.trim_end_matches('/').to_owned()
    } else {
        return None;
    };
    // Never a path that a browser reads as another host (ROUTE-37).
    let below = mended.trim_start_matches(['/', '\\']);
    let mut target = visit.location.local(below);
    if !visit.location.raw_query.is_empty() {
        target.push('?');
        target.push_str(&visit.location.raw_query);
    }
    let mut reply = reply::with_type("text/html; charset=utf-8", Body::empty());
    *reply.status_mut() = StatusCode::FOUND;
    reply::set(&mut reply, header::LOCATION, &target);
    reply.extensions_mut().insert(NoCors);
    Some(reply)
}
