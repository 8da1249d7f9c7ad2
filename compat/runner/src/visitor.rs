//! Visitors: who sends a request, and the header that says so.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::Deserialize;
use serde_json::Value;
use sha1::{Digest, Sha1};

use crate::layout::Layout;
use crate::process::SECRET;

/// Visitors by name, from `compat/actors.toml`.
pub(crate) type Visitors = BTreeMap<String, Visitor>;

/// Who sends a request. At most one of the keys is given; with none the visitor sends nothing.
///
/// Payloads are JSON in text, because the order of their keys is seen in answers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Visitor {
    /// Payload of a `ds_actor` cookie: `{"a": {"id": "ann"}}`.
    cookie: Option<String>,
    /// Payload of a token that is sent as Bearer: `{"a": "ann", "t": 1700000000}`.
    token: Option<String>,
    /// A whole header, name and value, sent as it is.
    header: Option<(String, String)>,
}

impl Visitor {
    /// A visitor with a cookie for this actor.
    pub(crate) fn with_cookie(actor: &Value) -> Self {
        let cookie = Some(serde_json::json!({ "a": actor }).to_string());
        Self {
            cookie,
            ..Self::default()
        }
    }

    /// A visitor with a token of this payload.
    pub(crate) fn with_token(payload: &Value) -> Self {
        let token = Some(payload.to_string());
        Self {
            token,
            ..Self::default()
        }
    }

    /// The header that tells who this is, if any.
    pub(crate) fn header(&self) -> Result<Option<(String, String)>> {
        match (&self.cookie, &self.token, &self.header) {
            (None, None, None) => Ok(None),
            (Some(payload), None, None) => {
                let value = format!("ds_actor={}", sign(payload, "actor")?);
                Ok(Some(("Cookie".to_owned(), value)))
            }
            (None, Some(payload), None) => {
                let value = format!("Bearer dstok_{}", sign(payload, "token")?);
                Ok(Some(("Authorization".to_owned(), value)))
            }
            (None, None, Some(header)) => Ok(Some(header.clone())),
            _ => bail!("a visitor sends a cookie, a token or a header"),
        }
    }
}

/// Reads `compat/actors.toml`.
pub(crate) fn load(layout: &Layout) -> Result<Visitors> {
    let path = layout.actors();
    if !path.exists() {
        return Ok(Visitors::new());
    }
    toml::from_str(&std::fs::read_to_string(&path)?)
        .with_context(|| format!("in {}", path.display()))
}

/// Signs a payload with the secret of the servers (AUTH-02 to AUTH-06), without spaces and never
/// compressed, which readers accept for any length.
fn sign(payload: &str, namespace: &str) -> Result<String> {
    let value: Value = serde_json::from_str(payload).context("a payload is JSON")?;
    let text = URL_SAFE_NO_PAD.encode(value.to_string());
    let key = Sha1::digest(format!("{namespace}signer{SECRET}"));
    let mac = Hmac::<Sha1>::new_from_slice(&key)?.chain_update(&text);
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    Ok(format!("{text}.{signature}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: AUTH-02, AUTH-05, AUTH-06
    #[test]
    fn cookies_are_those_that_the_original_signs() {
        let ann = Visitor::with_cookie(&serde_json::json!({"id": "ann"}));
        let expected = "ds_actor=eyJhIjp7ImlkIjoiYW5uIn19.achqmumGRKE70CeGrZ9wH7ZeyQw";
        assert_eq!(
            ann.header().unwrap(),
            Some(("Cookie".to_owned(), expected.to_owned()))
        );
    }

    #[test]
    fn each_way_to_be_somebody_has_its_header() {
        let read = |text: &str| toml::from_str::<Visitor>(text).unwrap().header();
        assert_eq!(read("").unwrap(), None);
        let token = read(r#"token = '{"a": "ann", "t": 1}'"#).unwrap().unwrap();
        assert_eq!(token.0, "Authorization");
        assert!(token.1.starts_with("Bearer dstok_eyJhIjoiYW5uIiwidCI6MX0."));
        let header = read(r#"header = ["Cookie", "ds_actor=x"]"#).unwrap();
        assert_eq!(header, Some(("Cookie".to_owned(), "ds_actor=x".to_owned())));
        assert!(read("cookie = '{}'\ntoken = '{}'").is_err());
        assert!(read("cookie = 'x'").is_err());
    }
}
