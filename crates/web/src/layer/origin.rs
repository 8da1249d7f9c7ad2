//! An origin as browsers send it: scheme, host and port, compared as a whole (CSRF-06).
//!
//! What counts as malformed is what the original calls so, because scripts see the difference in
//! the reason of a refusal; the host is otherwise taken as it is, never resolved or decoded.

use std::net::Ipv6Addr;

/// Where a page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// Reads `scheme://host[:port]`; the default port of the scheme stands for none. `None` for
    /// anything malformed: no scheme, no host, no port where the scheme has no default, a port
    /// that is no number below 65536, brackets around something else than an IPv6 address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .trim_start_matches(|char: char| char <= ' ')
            .chars()
            .filter(|char| !matches!(char, '\t' | '\r' | '\n'))
            .collect();
        let (scheme, rest) = text.split_once(':')?;
        let rest = rest.strip_prefix("//").filter(|_| is_scheme(scheme))?;
        let scheme = scheme.to_ascii_lowercase();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !has_valid_brackets(authority) {
            return None;
        }
        let behind_user = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = host_and_port(behind_user);
        if host.is_empty() {
            return None;
        }
        Some(Self {
            port: port_number(port, &scheme)?,
            host: host.to_lowercase(),
            scheme,
        })
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn has_valid_brackets(authority: &str) -> bool {
    match (authority.contains('['), authority.contains(']')) {
        (false, false) => true,
        (true, true) => {
            let inside = authority.split_once('[').map_or("", |(_, rest)| rest);
            is_bracketed_host(inside.split(']').next().unwrap_or_default())
        }
        _ => false,
    }
}

/// An IPv6 address, perhaps with a zone, or one of a version to come (RFC 3986, 3.2.2).
fn is_bracketed_host(text: &str) -> bool {
    if let Some(future) = text.strip_prefix('v') {
        return future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty()
                && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                && !address.is_empty()
        });
    }
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    zone.is_none_or(|zone| !zone.is_empty() && !zone.contains('%'))
        && address.parse::<Ipv6Addr>().is_ok()
}

fn host_and_port(text: &str) -> (&str, &str) {
    match text.split_once('[') {
        Some((_, bracketed)) => {
            let (host, rest) = bracketed.split_once(']').unwrap_or((bracketed, ""));
            (host, rest.split_once(':').map_or("", |(_, port)| port))
        }
        None => text.split_once(':').unwrap_or((text, "")),
    }
}

fn port_number(text: &str, scheme: &str) -> Option<u16> {
    if text.is_empty() {
        return match scheme {
            "http" | "ws" => Some(80),
            "https" | "wss" => Some(443),
            _ => None,
        };
    }
    // Rust reads `+1`, too.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = text.trim_start_matches('0');
    match (is_number, digits) {
        (false, _) => None,
        (true, "") => Some(0),
        (true, digits) => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn origin(scheme: &str, host: &str, port: u16) -> Option<Origin> {
        Some(Origin {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port,
        })
    }

    // Proves: CSRF-06
    #[test]
    fn ports_have_defaults_and_letters_no_case() {
        assert_eq!(
            Origin::parse("http://EXAMPLE.com"),
            origin("http", "example.com", 80)
        );
        assert_eq!(Origin::parse("HTTPS://a.b:"), origin("https", "a.b", 443));
        assert_eq!(Origin::parse("ws://a"), origin("ws", "a", 80));
        assert_eq!(Origin::parse("wss://a:0080"), origin("wss", "a", 80));
        assert_eq!(
            Origin::parse("http://[::1]:8001"),
            origin("http", "::1", 8001)
        );
        assert_eq!(Origin::parse("http://a:1/x?y#z"), origin("http", "a", 1));
        assert_eq!(Origin::parse("http://user:1@a:2"), origin("http", "a", 2));
        assert_eq!(Origin::parse("ftp://a:21"), origin("ftp", "a", 21));
        assert_eq!(
            Origin::parse("http://\u{c9}t\u{e9}"),
            origin("http", "été", 80)
        );
        assert_eq!(Origin::parse("http://a:65535"), origin("http", "a", 65535));
    }

    // Proves: CSRF-08
    #[test]
    fn what_is_no_origin_is_malformed() {
        for text in [
            "",
            "null",
            "example.com",
            "//a",
            "http:a",
            "http:/a",
            "http://",
            "http://:80",
            "http://a:x",
            "http://a:65536",
            "http://a:-1",
            "http://a:+1",
            "http://a:99999999999",
            "http://a: 80",
            "ftp://a",
            "1http://a:1",
            "ht_tp://a:1",
            "http://[::1",
            "http://::1]",
            "http://[1.2.3.4]",
            "http://[]",
            "http://[::1%]",
            "http://[::g]",
            "http://[v.x]",
            "://a:1",
            "http:///a",
            "http://user@",
        ] {
            assert_eq!(Origin::parse(text), None, "{text:?}");
        }
    }

    /// Parts of origins, put together at random.
    fn authority() -> impl Strategy<Value = (String, String, String)> {
        (
            "(http|https|HTTP|ws|wss|ftp|a\\+b)",
            "[a-zA-Z0-9._~%-]{1,12}",
            prop_oneof![
                Just(String::new()),
                Just(":".to_owned()),
                ":[0-9]{1,6}",
                ":[a-z]{1,2}",
            ],
        )
    }

    /// The same question, asked of the parts before they were put together.
    fn expected(scheme: &str, host: &str, port: &str) -> Option<Origin> {
        let scheme = scheme.to_lowercase();
        let port = match port.trim_start_matches(':') {
            "" if scheme == "http" || scheme == "ws" => 80,
            "" if scheme == "https" || scheme == "wss" => 443,
            text => u16::try_from(text.parse::<u32>().ok()?).ok()?,
        };
        origin(&scheme, &host.to_lowercase(), port)
    }

    proptest! {
        // Proves: CSRF-06, CSRF-08
        #[test]
        fn a_naive_model_agrees((scheme, host, port) in authority()) {
            let text = format!("{scheme}://{host}{port}");
            prop_assert_eq!(Origin::parse(&text), expected(&scheme, &host, &port));
        }

        #[test]
        fn any_text_is_read(text in ".{0,40}", tail in "[\\[\\]@:/?#%v0-9.a-f]{0,20}") {
            for text in [text.clone(), format!("http://{text}"), format!("http://{tail}")] {
                if let Some(origin) = Origin::parse(&text) {
                    prop_assert!(!origin.host.is_empty());
                    prop_assert!(is_scheme(&origin.scheme));
                    // Whatever was accepted, its own parts name the same.
                    let host = match origin.host.contains(':') {
                        true => format!("[{}]", origin.host),
                        false => origin.host.clone(),
                    };
                    let again = format!("{}://{host}:{}", origin.scheme, origin.port);
                    if !origin.host.contains('[') && !origin.host.contains(']') {
                        prop_assert_eq!(Origin::parse(&again), Some(origin));
                    }
                }
            }
        }
    }
}
