//! How long a client may keep an answer (CACHE-01).

use axum::http::{StatusCode, header};

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Keeps addresses of rows and searches from the sites that pages link to (CACHE-05).
pub(crate) fn without_referrer(mut reply: Reply) -> Reply {
    reply::set(&mut reply, header::REFERRER_POLICY, "no-referrer");
    reply
}

/// Adds `Cache-Control` to an answer with status 200, or to the word that it is unchanged: `_ttl` in digits, else the setting; 0 means
/// `no-cache`.
pub(crate) fn with_lifetime(visit: &Visit, mut reply: Reply) -> Reply {
    if !visit.app.cache_headers
        || !matches!(reply.status(), StatusCode::OK | StatusCode::NOT_MODIFIED)
    {
        return reply;
    }
    let asked = visit
        .query()
        .get("_ttl")
        .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds = match asked {
        Some(text) => text.to_owned(),
        None => visit
            .app
            .instance
            .config
            .settings
            .default_cache_ttl
            .to_string(),
    };
    let value = match seconds.trim_start_matches('0') {
        "" => "no-cache".to_owned(),
        _ => format!("max-age={seconds}"),
    };
    reply::set(&mut reply, header::CACHE_CONTROL, &value);
    reply
}
