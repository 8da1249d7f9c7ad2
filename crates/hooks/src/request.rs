//! The request that a hook runs for, as plain data.

use datasette_core::{Actor, QueryString};
use serde::{Deserialize, Serialize};

/// The head of a request: everything but its body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestInfo {
    /// Number of the request within this process; messages added for it are found by it.
    pub id: u64,
    /// Upper-case method.
    pub method: String,
    /// `http` or `https`.
    pub scheme: String,
    /// Host and port as the client named them.
    pub host: String,
    /// The path as it arrived, still encoded, with `base_url`.
    pub path: String,
    /// The text after `?`, undecoded, without the `?`.
    pub query_string: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Cookies by name.
    pub cookies: Vec<(String, String)>,
    /// Named parts of the path, undecoded (HOOK-116).
    pub url_vars: Vec<(String, String)>,
    /// Address of the client, where known.
    pub client: Option<String>,
    /// Port of the client; 0 where unknown.
    #[serde(default)]
    pub port: u16,
    /// Number by which what stands around the server knows the request that it sent inside.
    #[serde(default)]
    pub outer: Option<u64>,
    /// Who asks; `None` before actors are resolved and for anonymous visitors.
    #[serde(with = "crate::wire::actor")]
    pub actor: Option<Actor>,
    /// The number under which a plugin that sent this request from inside finds the circumstances in
    /// which it did (OOP-20).
    #[serde(default)]
    pub sender: Option<u64>,
}

impl RequestInfo {
    /// The first header of that name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The cookie of that name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        find(&self.cookies, name)
    }

    /// The part of the path of that name.
    pub fn url_var(&self, name: &str) -> Option<&str> {
        find(&self.url_vars, name)
    }

    /// The decoded query string.
    pub fn arguments(&self) -> QueryString {
        QueryString::parse(&self.query_string)
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}
