//! How the domain's values look as plain data: what a plugin in another process receives.

use std::fmt;

use datasette_core::{Actor, Value};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A [`Value`] that serialises as what it is: null, integer, float, text or bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Data(pub Value);

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Real(number) => serializer.serialize_f64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Blob(bytes) => serializer.serialize_bytes(bytes),
        }
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("null, a boolean, a number, text or bytes")
    }

    fn visit_unit<E: Error>(self) -> Result<Data, E> {
        Ok(Data(Value::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Data, E> {
        Ok(Data(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Data, E> {
        Ok(Data(Value::Integer(i64::from(value))))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Data, E> {
        Ok(Data(Value::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Data, E> {
        i64::try_from(number)
            .map(|number| Data(Value::Integer(number)))
            .map_err(|_| E::custom("integer too large for SQLite"))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Data, E> {
        Ok(Data(Value::Real(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Data, E> {
        Ok(Data(Value::from(text)))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Data, E> {
        Ok(Data(Value::Text(text)))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Data, E> {
        Ok(Data(Value::Blob(bytes.to_vec())))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Data, E> {
        Ok(Data(Value::Blob(bytes)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Data, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = items.next_element::<u8>()? {
            bytes.push(byte);
        }
        Ok(Data(Value::Blob(bytes)))
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

/// For fields that hold an actor: its properties or null.
pub(crate) mod actor {
    use super::*;
    use serde_json::{Map, Value as Json};

    pub(crate) fn serialize<S: Serializer>(
        actor: &Option<Actor>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        actor.as_ref().map(Actor::properties).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Actor>, D::Error> {
        Ok(Option::<Map<String, Json>>::deserialize(deserializer)?.map(Actor::new))
    }
}
