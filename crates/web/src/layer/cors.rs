//! Cross-origin headers (CACHE-12).

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
};
use axum::http::{HeaderName, HeaderValue, Method};

use crate::page::keyed;
use crate::reply::{self, Reply};
use crate::visit::Visit;

const ALLOWED: &str = "Authorization, Content-Type";
const EXPOSED: &str = "Link";

const HEADERS: [(&str, &str); 5] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-headers", ALLOWED),
    ("access-control-expose-headers", EXPOSED),
    ("access-control-allow-methods", "GET, POST, HEAD, OPTIONS"),
    ("access-control-max-age", "3600"),
];

/// Adds the five headers. What the original does not know is named where it is asked for and where
/// it is sent, and nowhere else (WRITE-161).
pub(crate) fn allow(visit: &Visit, reply: &mut Reply) {
    for (name, value) in HEADERS {
        reply.headers_mut().insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if asks_for_key(visit) {
        let allowed = format!("{ALLOWED}, Idempotency-Key");
        reply::set(reply, ACCESS_CONTROL_ALLOW_HEADERS, &allowed);
    }
    if reply.headers().contains_key(keyed::REPLAYED) {
        let exposed = format!("{EXPOSED}, Idempotent-Replayed");
        reply::set(reply, ACCESS_CONTROL_EXPOSE_HEADERS, &exposed);
    }
}

/// Whether a browser asks before it sends a call with a key.
fn asks_for_key(visit: &Visit) -> bool {
    let asked = visit.headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS);
    let mut asked = asked.iter().filter_map(|names| names.to_str().ok());
    visit.method == Method::OPTIONS
        && asked.any(|names| {
            let mut names = names.split(',').map(str::trim);
            names.any(|name| name.eq_ignore_ascii_case(keyed::HEADER))
        })
}
