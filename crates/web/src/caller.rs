//! Who sent a request, and what the proxies in between tell about that (DEP-17).

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// Who sent a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// Its address; what a trusted proxy says may be any text. `None` over a Unix domain socket.
    pub host: Option<String>,
    /// Its port; 0 where a proxy does not tell.
    pub port: u16,
    /// Whether it used TLS, if a trusted proxy tells.
    pub(crate) secure: Option<bool>,
}

impl Caller {
    /// The other end of a socket.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self {
            host: Some(address.ip().to_string()),
            port: address.port(),
            secure: None,
        }
    }
}

/// The proxies whose headers about the client are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxies {
    /// Everybody, whoever that is.
    all: bool,
    trusted: Vec<Trusted>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Trusted {
    /// The first bits of an address.
    Network(IpAddr, u32),
    /// A text that a proxy may give as its own name.
    Literal(String),
}

impl Default for Proxies {
    /// Those on this machine.
    fn default() -> Self {
        Self::read("127.0.0.1,::1")
    }
}

impl Proxies {
    /// Addresses and networks between commas, or `*` for everybody, as in the environment variable
    /// `FORWARDED_ALLOW_IPS`. What is neither is compared as text.
    pub fn read(text: &str) -> Self {
        let trusted = text
            .split(',')
            .map(str::trim)
            .map(|item| network(item).unwrap_or_else(|| Trusted::Literal(item.to_owned())));
        Self {
            all: text == "*",
            trusted: trusted.collect(),
        }
    }

    /// Who sent a request with these headers over a connection from this address.
    pub(crate) fn caller(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Caller {
        let caller = peer.map(Caller::at).unwrap_or_default();
        if !self.trusts(caller.host.as_deref()) {
            return caller;
        }
        let secure = match headers.get_all("x-forwarded-proto").iter().next_back() {
            Some(value) => match value.as_bytes().trim_ascii() {
                b"https" => Some(true),
                b"http" => Some(false),
                _ => None,
            },
            None => None,
        };
        let all = headers.get_all("x-forwarded-for").iter();
        let texts: Vec<String> = all.map(|value| latin1(value.as_bytes())).collect();
        match self.client(&texts.join(", ")) {
            Some((host, port)) => Caller {
                host: Some(host),
                port,
                secure,
            },
            None => Caller { secure, ..caller },
        }
    }

    /// Who a chain of proxies speaks for: the last that is no trusted proxy itself, else the first.
    fn client(&self, chain: &str) -> Option<(String, u16)> {
        let hops: Vec<(String, u16)> = chain.split(',').map(|hop| split(hop.trim())).collect();
        let outside = hops.iter().rev().find(|(host, _)| !self.trusts(Some(host)));
        let client = match self.all {
            true => hops.first(),
            false => outside.or(hops.first()),
        };
        client.filter(|(host, _)| !host.is_empty()).cloned()
    }

    fn trusts(&self, host: Option<&str>) -> bool {
        if self.all {
            return true;
        }
        let Some(host) = host.filter(|host| !host.is_empty()) else {
            return false;
        };
        let address = host.parse::<IpAddr>();
        self.trusted
            .iter()
            .any(|trusted| match (trusted, &address) {
                (Trusted::Network(network, bits), Ok(address)) => {
                    is_within(*address, *network, *bits)
                }
                (Trusted::Literal(literal), Err(_)) => literal == host,
                _ => false,
            })
    }
}

/// An address, or a network whose own address has no bits beyond its mask.
fn network(text: &str) -> Option<Trusted> {
    let Some((address, bits)) = text.split_once('/') else {
        let address: IpAddr = text.parse().ok()?;
        return Some(Trusted::Network(address, width(address)));
    };
    let address: IpAddr = address.parse().ok()?;
    let bits: u32 = match (address, bits.parse::<std::net::Ipv4Addr>()) {
        (IpAddr::V4(_), Ok(mask)) => {
            let mask = u32::from(mask);
            (mask.leading_ones() + mask.trailing_zeros() >= 32).then(|| mask.leading_ones())?
        }
        _ => bits.parse().ok()?,
    };
    let has_no_rest = bits <= width(address) && number(address) & !mask(width(address), bits) == 0;
    has_no_rest.then_some(Trusted::Network(address, bits))
}

fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let mask = mask(width(network), bits);
    width(address) == width(network) && number(address) & mask == number(network)
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The first `bits` of a number that has `width` of them.
fn mask(width: u32, bits: u32) -> u128 {
    let all = u128::MAX.checked_shr(128 - width).unwrap_or(0);
    let rest = u128::MAX.checked_shr(128 - (width - bits)).unwrap_or(0);
    all & !rest
}

/// A host and the port behind it, if there is one: `192.0.2.1:80`, `[::1]:80`.
fn split(hop: &str) -> (String, u16) {
    let whole = (hop.to_owned(), 0);
    let (host, rest) = match hop.strip_prefix('[') {
        Some(inner) => match inner.split_once(']') {
            Some((host, "")) => return (host.to_owned(), 0),
            Some((host, rest)) => match rest.strip_prefix(':') {
                Some(port) => return (host.to_owned(), port.parse().unwrap_or(0)),
                None => return whole,
            },
            None => return whole,
        },
        None if hop.matches(':').count() == 1 => hop.split_once(':').unwrap_or((hop, "")),
        None => return whole,
    };
    match rest.parse() {
        Ok(port) => (host.to_owned(), port),
        Err(_) => whole,
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(allowed: &str, peer: Option<&str>, headers: &[(&'static str, &str)]) -> Caller {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let peer = peer.map(|peer| peer.parse().unwrap());
        Proxies::read(allowed).caller(peer, &map)
    }

    fn shown(caller: &Caller) -> String {
        let host = caller.host.as_deref().unwrap_or("nobody");
        format!("{host} {} {:?}", caller.port, caller.secure)
    }

    const FORWARDED: [(&str, &str); 2] = [
        ("x-forwarded-proto", " https "),
        ("x-forwarded-for", "192.0.2.7, 127.0.0.1"),
    ];

    // Proves: DEP-17, CLI-210
    #[test]
    fn only_trusted_proxies_are_believed() {
        let of = |allowed, peer| shown(&caller(allowed, peer, &FORWARDED));
        let here = "127.0.0.1,::1";
        let believed = "192.0.2.7 0 Some(true)";
        assert_eq!(of(here, Some("127.0.0.1:5")), believed);
        assert_eq!(of(here, Some("[::1]:5")), believed);
        assert_eq!(of(here, Some("127.0.0.2:5")), "127.0.0.2 5 None");
        assert_eq!(of(here, Some("10.1.2.3:5")), "10.1.2.3 5 None");
        assert_eq!(of(here, None), "nobody 0 None");
        assert_eq!(of("10.0.0.0/8", Some("127.0.0.1:5")), "127.0.0.1 5 None");
        assert_eq!(of(" 10.0.0.0/8 ,127.0.0.1", Some("10.1.2.3:5")), believed);
        assert_eq!(
            of("10.0.0.0/255.0.0.0", Some("10.1.2.3:5")),
            "127.0.0.1 0 Some(true)"
        );
        // An address with bits beyond the mask is no network.
        assert_eq!(of("10.0.0.1/8", Some("10.1.2.3:5")), "10.1.2.3 5 None");
        assert_eq!(of("*", None), believed);
        assert_eq!(of("", Some("127.0.0.1:5")), "127.0.0.1 5 None");
        assert_eq!(of("0.0.0.0/0", Some("10.1.2.3:5")), believed);
        assert_eq!(
            of("fe80::/10", Some("[fe80::1]:5")),
            "127.0.0.1 0 Some(true)"
        );
    }

    // Proves: DEP-17
    #[test]
    fn the_client_is_the_last_that_is_no_proxy() {
        let of = |allowed, chain| {
            shown(&caller(
                allowed,
                Some("127.0.0.1:5"),
                &[("x-forwarded-for", chain)],
            ))
        };
        let here = "127.0.0.1,::1";
        assert_eq!(
            of(here, "192.0.2.1, 192.0.2.2, 127.0.0.1"),
            "192.0.2.2 0 None"
        );
        assert_eq!(of(here, "127.0.0.1, ::1"), "127.0.0.1 0 None");
        assert_eq!(of("*", "192.0.2.1, 192.0.2.2"), "192.0.2.1 0 None");
        assert_eq!(of(here, "192.0.2.1:99"), "192.0.2.1 99 None");
        assert_eq!(of(here, "[2001:db8::1]:99"), "2001:db8::1 99 None");
        assert_eq!(of(here, "[2001:db8::1]"), "2001:db8::1 0 None");
        assert_eq!(of(here, "2001:db8::1"), "2001:db8::1 0 None");
        assert_eq!(of(here, "unknown:x"), "unknown:x 0 None");
        assert_eq!(of("127.0.0.1,gate", "192.0.2.9, gate"), "192.0.2.9 0 None");
        assert_eq!(of(here, ""), "127.0.0.1 5 None");
    }

    #[test]
    fn the_last_scheme_counts_if_it_is_one() {
        let of = |values: &[&str]| {
            let headers: Vec<_> = values
                .iter()
                .map(|value| ("x-forwarded-proto", *value))
                .collect();
            caller("*", None, &headers).secure
        };
        assert_eq!(of(&["https", "http"]), Some(false));
        assert_eq!(of(&["https, http"]), None);
        assert_eq!(of(&["HTTPS"]), None);
        assert_eq!(of(&[]), None);
    }
}
