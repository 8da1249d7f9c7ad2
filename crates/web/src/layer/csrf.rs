//! Refuses changes that another site started (ROUTE-50).

use axum::http::{HeaderMap, Method};

/// Why a request is refused; `None` when it may pass.
pub(crate) fn refusal(method: &Method, headers: &HeaderMap, origin: &str) -> Option<String> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        if matches!(site, "same-origin" | "none") {
            return None;
        }
        return Some(format!("Sec-Fetch-Site: {site}"));
    }
    let sender = headers.get("origin")?;
    match sender.to_str() {
        Ok(sender) if same_origin(sender, origin) => None,
        _ => Some("the Origin header names another site".to_owned()),
    }
}

fn same_origin(one: &str, other: &str) -> bool {
    without_default_port(one).eq_ignore_ascii_case(without_default_port(other))
}

fn without_default_port(origin: &str) -> &str {
    if origin.starts_with("http://") {
        origin.strip_suffix(":80").unwrap_or(origin)
    } else {
        origin.strip_suffix(":443").unwrap_or(origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn refused(method: Method, header: Option<(&'static str, &'static str)>) -> bool {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        refusal(&method, &headers, "http://localhost:8001").is_some()
    }

    // Proves: ROUTE-50
    #[test]
    fn only_foreign_changes_are_refused() {
        assert!(!refused(
            Method::GET,
            Some(("sec-fetch-site", "cross-site"))
        ));
        assert!(!refused(Method::POST, None));
        assert!(!refused(
            Method::POST,
            Some(("sec-fetch-site", "same-origin"))
        ));
        assert!(refused(
            Method::POST,
            Some(("sec-fetch-site", "cross-site"))
        ));
        assert!(refused(Method::POST, Some(("sec-fetch-site", "same-site"))));
        assert!(!refused(
            Method::POST,
            Some(("origin", "http://localhost:8001"))
        ));
        assert!(refused(
            Method::POST,
            Some(("origin", "https://localhost:8001"))
        ));
        assert!(refused(Method::POST, Some(("origin", "null"))));
    }
}
