//! Who is asking.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::truth::is_truthy;

/// A signed-in visitor, program or token: a JSON object with at least, usually, an `id`. No actor
/// at all (`Option::None` wherever one may stand) is an anonymous visitor. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Actor {
    properties: Arc<Map<String, Value>>,
}

impl PartialEq for Actor {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.properties, &other.properties) || self.properties == other.properties
    }
}

impl Actor {
    /// An actor with these properties.
    pub fn new(properties: Map<String, Value>) -> Self {
        Self {
            properties: Arc::new(properties),
        }
    }

    /// An actor that is only an id.
    pub fn with_id(id: &str) -> Self {
        let mut properties = Map::new();
        properties.insert("id".to_owned(), Value::String(id.to_owned()));
        Self::new(properties)
    }

    /// All properties.
    pub fn properties(&self) -> &Map<String, Value> {
        &self.properties
    }

    /// The id, when it is a string.
    pub fn id(&self) -> Option<&str> {
        self.properties.get("id").and_then(Value::as_str)
    }

    /// What names the actor on pages: the first truthy one of `display`, `name`, `username`,
    /// `login`, `id` (AUTH-24).
    pub fn display(&self) -> Option<&Value> {
        ["display", "name", "username", "login", "id"]
            .into_iter()
            .filter_map(|key| self.properties.get(key))
            .find(|value| is_truthy(value))
    }
}
