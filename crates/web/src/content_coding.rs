//! How a body may be packed on its way, and which way a client likes best.

use axum::http::{HeaderMap, header};

/// A way to pack a body that this server knows, the one it likes best first: what is packed for
/// every request should cost little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    /// Zstandard.
    Zstd,
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl ContentCoding {
    const ALL: [Self; 3] = [Self::Zstd, Self::Brotli, Self::Gzip];

    /// The name in headers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the client likes best of what is known here; `None` when it would rather have the body
    /// as it is.
    pub(crate) fn preferred(headers: &HeaderMap) -> Option<Self> {
        let weights = Weights::read(headers);
        let plain = weights.of("identity").unwrap_or(0);
        let mut best: Option<(Self, u16)> = None;
        for coding in Self::ALL {
            let weight = weights
                .of(coding.name())
                .or(weights.of("*"))
                .unwrap_or_default();
            if weight > best.map_or(0, |(_, best)| best) {
                best = Some((coding, weight));
            }
        }
        best.filter(|(_, weight)| *weight >= plain)
            .map(|(coding, _)| coding)
    }
}

/// `Accept-Encoding`: names and weights in thousandths.
struct Weights<'a>(Vec<(&'a str, u16)>);

impl<'a> Weights<'a> {
    fn read(headers: &'a HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        let weighed = texts.flat_map(|text| text.split(',')).map(|part| {
            let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = parameters.split(';').find_map(|parameter| {
                let (key, value) = parameter.split_once('=')?;
                key.trim().eq_ignore_ascii_case("q").then(|| value.trim())
            });
            (name.trim(), weight.map_or(1000, thousandths))
        });
        Self(weighed.collect())
    }

    /// The weight of a coding that is named; of several the last.
    fn of(&self, wanted: &str) -> Option<u16> {
        let is_wanted = |name: &str| {
            name.eq_ignore_ascii_case(wanted)
                || (wanted == "gzip" && name.eq_ignore_ascii_case("x-gzip"))
        };
        let mut named = self.0.iter().rev();
        named
            .find(|(name, _)| is_wanted(name))
            .map(|(_, weight)| *weight)
    }
}

/// A weight that cannot be read counts as none.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f32>() {
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1000.0).round() as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn preferred(accepted: &'static str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        ContentCoding::preferred(&headers).map(ContentCoding::name)
    }

    #[test]
    fn the_client_decides_and_the_server_breaks_ties() {
        for (accepted, expected) in [
            ("gzip", Some("gzip")),
            ("x-gzip", Some("gzip")),
            ("GZIP", Some("gzip")),
            ("br", Some("br")),
            ("gzip, deflate, br, zstd", Some("zstd")),
            ("gzip, deflate, br", Some("br")),
            ("gzip;q=1.0, br;q=0.5", Some("gzip")),
            ("br;q=0.8, zstd;q=0.8, gzip;q=0.8", Some("zstd")),
            ("zstd;q=0, br;q=0, gzip", Some("gzip")),
            ("*", Some("zstd")),
            ("*;q=0.5, zstd;q=0", Some("br")),
            ("gzip;q=0.5, identity", None),
            ("gzip;q=0.5, identity;q=0.5", Some("gzip")),
            ("identity", None),
            ("identity;q=0", None),
            ("deflate, compress", None),
            ("gzip;q=0", None),
            ("*;q=0", None),
            ("gzip;q=nonsense", None),
            ("gzip;q=7", None),
            ("gzip ; level=1 ; Q=0.3 ", Some("gzip")),
            ("", None),
            (",,;q=1", None),
        ] {
            assert_eq!(preferred(accepted), expected, "{accepted}");
        }
        assert_eq!(ContentCoding::preferred(&HeaderMap::new()), None);
    }
}
