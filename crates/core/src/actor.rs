//! Who is asking.

use serde_json::{Map, Value};

/// A signed-in visitor, program or token: a JSON object with at least, usually, an `id`. No actor
/// at all (`Option::None` wherever one may stand) is an anonymous visitor.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    properties: Map<String, Value>,
}

impl Actor {
    /// An actor with these properties.
    pub fn new(properties: Map<String, Value>) -> Self {
        Self { properties }
    }

    /// An actor that is only an id.
    pub fn with_id(id: &str) -> Self {
        let mut properties = Map::new();
        properties.insert("id".to_owned(), Value::String(id.to_owned()));
        Self { properties }
    }

    /// All properties.
    pub fn properties(&self) -> &Map<String, Value> {
        &self.properties
    }

    /// The id, when it is a string.
    pub fn id(&self) -> Option<&str> {
        self.properties.get("id").and_then(Value::as_str)
    }

    /// What pages call the actor: the first non-empty of `display`, `name`, `username`, `login`,
    /// `id`, else the whole object (HTML-08).
    pub fn display_name(&self) -> String {
        for key in ["display", "name", "username", "login", "id"] {
            match self.properties.get(key) {
                Some(Value::String(text)) if !text.is_empty() => return text.clone(),
                Some(Value::Number(number)) => return number.to_string(),
                _ => {}
            }
        }
        Value::Object(self.properties.clone()).to_string()
    }
}
