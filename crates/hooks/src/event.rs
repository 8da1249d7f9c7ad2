//! Things that happened.

use std::time::Duration;

use datasette_core::Actor;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Something that happened (EVT-01).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Which kind, for instance `insert-rows`.
    pub name: String,
    /// Who did it.
    #[serde(with = "crate::wire::actor")]
    pub actor: Option<Actor>,
    /// When, as time since the Unix epoch.
    pub created: Duration,
    /// All else (EVT-02), in the order of the kind's description (EVT-03).
    #[serde(serialize_with = "crate::wire::plain_map")]
    pub properties: Map<String, Json>,
}

impl Event {
    /// An event without properties.
    pub fn new(name: impl Into<String>, actor: Option<&Actor>, created: Duration) -> Self {
        Self {
            name: name.into(),
            actor: actor.cloned(),
            created,
            properties: Map::new(),
        }
    }

    /// The event with one more property.
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.properties.insert(name.to_owned(), value.into());
        self
    }
}

/// A kind of event that a plugin declares (HOOK-194).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventKind {
    /// The name that events of the kind carry.
    pub name: String,
}
