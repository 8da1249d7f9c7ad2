//! Refuses changes that another site started (CSRF-01 to CSRF-09).
//!
//! There are no tokens: browsers say with every request where it comes from, and clients that are
//! no browsers send no cookies that a foreign page could make use of.

use axum::http::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap, ORIGIN};
use axum::http::{HeaderValue, Method};

use super::origin::Origin;

/// Why a request is refused; `None` when it may pass. `scheme` is that of the request as the
/// visitor knows it.
pub(crate) fn refusal(method: &Method, headers: &HeaderMap, scheme: &str) -> Option<String> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || is_script(headers) {
        return None;
    }
    let site = last(headers, "sec-fetch-site");
    if !site.is_empty() {
        let own = matches!(site.as_str(), "same-origin" | "none");
        return (!own).then(|| {
            let site = quoted(&site);
            format!("Sec-Fetch-Site was {site}, expected 'same-origin' or 'none'")
        });
    }
    let sender = last(headers, ORIGIN.as_str());
    if sender.is_empty() {
        return None;
    }
    let host = last(headers, HOST.as_str());
    let (from, to) = (quoted(&sender), quoted(&host));
    match (
        Origin::parse(&sender),
        Origin::parse(&format!("{scheme}://{host}")),
    ) {
        (Some(sender), Some(own)) if sender == own => None,
        (Some(_), Some(_)) => Some(format!("Origin {from} does not match Host {to}")),
        _ => Some(format!("Malformed Origin {from} or Host {to}")),
    }
}

/// Whether the request shows a token and no cookie: browsers add no token by themselves (CSRF-02,
/// CSRF-03).
fn is_script(headers: &HeaderMap) -> bool {
    let has_cookies = headers
        .get_all(COOKIE)
        .iter()
        .any(|cookies| !cookies.is_empty());
    let authorization = last(headers, AUTHORIZATION.as_str());
    let scheme = authorization.split_whitespace().next().unwrap_or_default();
    !has_cookies && scheme.eq_ignore_ascii_case("bearer")
}

/// The last header of that name (CSRF-09), each byte a character; empty when there is none.
fn last(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get_all(name).iter().next_back();
    let bytes = value.map(HeaderValue::as_bytes).unwrap_or_default();
    bytes.iter().copied().map(char::from).collect()
}

/// Text in quotes as the original shows it: what cannot be seen becomes an escape.
fn quoted(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    let mut shown = String::from(quote);
    for character in text.chars() {
        match character {
            '\t' => shown.push_str("\\t"),
            '\\' => shown.push_str("\\\\"),
            _ if character == quote => {
                shown.push('\\');
                shown.push(character);
            }
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' => {
                shown.push_str(&format!("\\x{:02x}", u32::from(character)));
            }
            _ => shown.push(character),
        }
    }
    shown.push(quote);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    type Headers<'a> = &'a [(&'static str, &'a [u8])];

    fn asked(method: &str, headers: Headers<'_>, scheme: &str) -> Option<String> {
        let mut map = HeaderMap::new();
        map.insert(HOST, HeaderValue::from_static("localhost:8001"));
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value).unwrap();
            let name = HeaderName::from_static(name);
            match name {
                HOST => drop(map.insert(name, value)),
                _ => drop(map.append(name, value)),
            }
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        refusal(&method, &map, scheme)
    }

    fn post(headers: Headers<'_>) -> Option<String> {
        asked("POST", headers, "http")
    }

    // Proves: CSRF-01, CSRF-05, ROUTE-50
    #[test]
    fn only_changes_are_looked_at() {
        let foreign: Headers<'_> = &[("sec-fetch-site", b"cross-site")];
        for method in ["GET", "HEAD", "OPTIONS"] {
            assert_eq!(asked(method, foreign, "http"), None);
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO", "get"] {
            assert!(asked(method, foreign, "http").is_some(), "{method}");
            assert_eq!(asked(method, &[], "http"), None, "{method}");
            let empty: Headers<'_> = &[("sec-fetch-site", b""), ("origin", b"")];
            assert_eq!(asked(method, empty, "http"), None, "{method}");
        }
    }

    // Proves: CSRF-02, CSRF-03
    #[test]
    fn a_token_without_cookies_is_no_browser() {
        let foreign = ("sec-fetch-site", b"cross-site".as_slice());
        let with = |headers: &[(&'static str, &[u8])]| {
            let mut all = vec![foreign, ("origin", b"null")];
            all.extend_from_slice(headers);
            post(&all).is_some()
        };
        for token in [&b"Bearer x"[..], b"bEaReR", b"BEARER  a b", b"Bearer\tx"] {
            assert!(!with(&[("authorization", token)]), "{token:?}");
            let cookies = [("authorization", token), ("cookie", b"a=b")];
            assert!(with(&cookies), "{token:?}");
        }
        assert!(!with(&[("authorization", b"Bearer x"), ("cookie", b"")]));
        // Every line of cookies counts, not only the last one.
        assert!(with(&[
            ("authorization", b"Bearer x"),
            ("cookie", b"a=b"),
            ("cookie", b"")
        ]));
        for other in [&b"Basic x"[..], b"Bearerx", b"", b"Digest Bearer"] {
            assert!(with(&[("authorization", other)]), "{other:?}");
        }
        assert!(with(&[
            ("authorization", b"Bearer x"),
            ("authorization", b"Basic x")
        ]));
    }

    // Proves: CSRF-04, CSRF-08, CSRF-09
    #[test]
    fn what_the_browser_says_decides_alone() {
        let site = |value: &[u8]| {
            let own = ("origin", b"http://localhost:8001".as_slice());
            post(&[own, ("sec-fetch-site", value)])
        };
        assert_eq!(site(b"same-origin"), None);
        assert_eq!(site(b"none"), None);
        for value in ["same-site", "cross-site", "Same-Origin", "x"] {
            let reason = format!("Sec-Fetch-Site was '{value}', expected 'same-origin' or 'none'");
            assert_eq!(site(value.as_bytes()), Some(reason));
        }
        let twice = |first: &'static [u8], second: &'static [u8]| {
            post(&[("sec-fetch-site", first), ("sec-fetch-site", second)])
        };
        assert_eq!(twice(b"cross-site", b"none"), None);
        assert!(twice(b"none", b"cross-site").is_some());
        // An empty last one says nothing, so the origin counts.
        assert_eq!(twice(b"cross-site", b""), None);
    }

    // Proves: CSRF-06, CSRF-08
    #[test]
    fn the_origin_is_that_of_the_request() {
        let from = |origin: &[u8], host: &[u8], scheme: &str| {
            asked("POST", &[("origin", origin), ("host", host)], scheme)
        };
        assert_eq!(from(b"http://a.b", b"a.b:80", "http"), None);
        assert_eq!(from(b"https://A.B:443", b"a.b", "https"), None);
        assert_eq!(from(b"http://[::1]:8001", b"[::1]:8001", "http"), None);
        assert_eq!(
            from(b"https://a.b", b"a.b", "http").unwrap(),
            "Origin 'https://a.b' does not match Host 'a.b'"
        );
        assert_eq!(
            from(b"http://a.b:81", b"a.b", "http").unwrap(),
            "Origin 'http://a.b:81' does not match Host 'a.b'"
        );
        for (origin, host) in [
            (&b"null"[..], &b"a.b"[..]),
            (b"a.b", b"a.b"),
            (b"http://a.b:x", b"a.b"),
            (b"chrome-extension://abc", b"a.b"),
            (b"http://a.b", b"a.b:99999"),
            (b"http://a.b", b""),
        ] {
            let text = |bytes| std::str::from_utf8(bytes).unwrap();
            let reason = format!(
                "Malformed Origin '{}' or Host '{}'",
                text(origin),
                text(host)
            );
            assert_eq!(from(origin, host, "http"), Some(reason));
        }
    }

    // Proves: CSRF-08
    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quoted("a'b"), "\"a'b\"");
        assert_eq!(quoted("a'\"b"), "'a\\'\"b'");
        assert_eq!(quoted("a\"b"), "'a\"b'");
        assert_eq!(
            quoted("\\\t\u{e9}\u{ad}\u{a0}\u{80}"),
            "'\\\\\\t\u{e9}\\xad\\xa0\\x80'"
        );
    }
}
