//! The `Set-Cookie` lines of the cookie that says who asks (AUTH-17, AUTH-18).

use std::time::{Duration, UNIX_EPOCH};

/// Gives the cookie a value that `actor_cookie_value` signed. It has no expiry of its own: the
/// value carries one.
pub(crate) fn set(value: &str) -> String {
    format!("ds_actor={value}; Path=/; SameSite=lax")
}

/// Takes the cookie away; `now` is the time since the Unix epoch.
pub(crate) fn delete(now: Duration) -> String {
    let now = httpdate::fmt_http_date(UNIX_EPOCH + now);
    format!("ds_actor=\"\"; expires={now}; Max-Age=0; Path=/; SameSite=lax")
}
