//! Whether a client already has what it asks for.

use axum::http::{HeaderMap, header};

/// Whether `If-None-Match` names this tag. Weak and strong tags of the same text are the same: what
/// a browser may keep is what means the same, not only what is spelled the same.
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let wanted = opaque(etag);
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| opaque(known) == wanted)
}

fn opaque(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    // Proves: CACHE-07
    #[test]
    fn one_of_several_tags_is_enough() {
        let known = |value: &'static str, etag: &str| {
            let mut headers = HeaderMap::new();
            headers.append(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
            headers.append(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            is_known(&headers, etag)
        };
        assert!(known("\"a\"", "\"a\""));
        assert!(known("\"b\", \"a\"", "\"a\""));
        assert!(known("W/\"a\"", "\"a\""));
        assert!(known("\"a\"", "W/\"a\""));
        assert!(!known("\"ab\"", "\"a\""));
        assert!(!known("a", "\"a\""));
        assert!(!known("*", "\"a\""));
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }
}
