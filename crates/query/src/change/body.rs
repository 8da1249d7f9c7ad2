//! The JSON object that a write call sends.

use datasette_core::{Fault, truth};
use serde_json::{Map, Value as Json};

/// The members of a body.
#[derive(Clone, Debug, Default)]
pub struct Body(Map<String, Json>);

impl Body {
    /// The body of a call.
    ///
    /// # Errors
    /// 400 when it is no object (WRITE-25, WRITE-53).
    pub fn new(json: Json) -> Result<Self, Fault> {
        match json {
            Json::Object(members) => Ok(Self(members)),
            _ => Err(Fault::bad_request("JSON must be a dictionary")),
        }
    }

    /// Whether there is such a member.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A member.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// Takes a member out.
    pub fn take(&mut self, name: &str) -> Option<Json> {
        self.0.shift_remove(name)
    }

    /// Whether a member says yes, as Python understands it (WRITE-19).
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(truth::is_truthy)
    }

    /// Names of members other than these, sorted.
    pub fn unknown(&self, known: &[&str]) -> Vec<&str> {
        let names = self.0.keys().map(String::as_str);
        let mut unknown: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
        unknown.sort_unstable();
        unknown
    }
}
