//! Where the site listens, as URLs begin.

use std::net::IpAddr;

/// A scheme, a host and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// Whether TLS is spoken there.
    pub(crate) tls: bool,
    /// A name or an address, as it was given.
    pub(crate) host: &'a str,
    /// The port.
    pub(crate) port: u16,
}

impl Address<'_> {
    /// The start of every URL of the site.
    pub(crate) fn origin(self) -> String {
        let Self { tls, host, port } = self;
        let scheme = if tls { "https" } else { "http" };
        if host.contains(':') {
            format!("{scheme}://[{host}]:{port}")
        } else {
            format!("{scheme}://{host}:{port}")
        }
    }

    /// The address that this machine can go to where the site listens on all of them.
    pub(crate) fn reachable(self) -> Self {
        let host = match self.host.parse::<IpAddr>() {
            Ok(IpAddr::V4(all)) if all.is_unspecified() => "127.0.0.1",
            Ok(IpAddr::V6(all)) if all.is_unspecified() => "::1",
            _ => self.host,
        };
        Self { host, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_are_reached_by_the_local_one() {
        let address = |host, tls| Address {
            tls,
            host,
            port: 8001,
        };
        let origin = |host| address(host, false).reachable().origin();
        assert_eq!(origin("0.0.0.0"), "http://127.0.0.1:8001");
        assert_eq!(origin("::"), "http://[::1]:8001");
        assert_eq!(address("::1", true).origin(), "https://[::1]:8001");
        assert_eq!(origin("data.example"), "http://data.example:8001");
    }
}
