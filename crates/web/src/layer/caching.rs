//! Headers that keep one visitor's answer out of another's cache.

use axum::http::header;

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Personal answers are never stored (CACHE-03); every other answer varies on what makes them
/// personal (CACHE-04).
pub(crate) fn finish(visit: &Visit, reply: &mut Reply) {
    let personal = visit.is_personal() || reply.headers().contains_key(header::SET_COOKIE);
    if personal {
        reply::set(reply, header::CACHE_CONTROL, "private, no-store");
    }
    let vary = match reply
        .headers()
        .get(header::VARY)
        .and_then(|value| value.to_str().ok())
    {
        Some(own) => format!("{own}, Cookie, Authorization"),
        None => "Cookie, Authorization".to_owned(),
    };
    reply::set(reply, header::VARY, &vary);
}
