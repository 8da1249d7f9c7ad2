//! Headers that keep one visitor's answer out of another's cache.

use axum::http::{HeaderMap, header};

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Personal answers are never stored (CACHE-03); every other answer varies on what makes them
/// personal (CACHE-04).
pub(crate) fn finish(visit: &Visit, reply: &mut Reply) {
    let personal = visit.is_personal() || reply.headers().contains_key(header::SET_COOKIE);
    if personal {
        reply::set(reply, header::CACHE_CONTROL, "private, no-store");
    }
    let vary = varying(reply.headers());
    reply::set(reply, header::VARY, &vary);
}

/// What the answer varies on already, with what makes it personal behind it (AUTH-44).
fn varying(headers: &HeaderMap) -> String {
    let lines = headers.get_all(header::VARY).iter();
    let mut members: Vec<&str> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|member| !member.is_empty())
        .collect();
    if !members.contains(&"*") {
        for name in ["Cookie", "Authorization"] {
            if !members.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                members.push(name);
            }
        }
    }
    members.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    // Proves: AUTH-44
    #[test]
    fn members_are_added_once_and_everything_stays_everything() {
        let varying = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::VARY, HeaderValue::from_static(line));
            }
            super::varying(&headers)
        };
        assert_eq!(varying(&[]), "Cookie, Authorization");
        assert_eq!(
            varying(&["Accept, cookie"]),
            "Accept, cookie, Authorization"
        );
        assert_eq!(
            varying(&["authorization", "Accept,,"]),
            "authorization, Accept, Cookie"
        );
        assert_eq!(varying(&["*"]), "*");
        assert_eq!(varying(&["Accept, *"]), "Accept, *");
    }
}
