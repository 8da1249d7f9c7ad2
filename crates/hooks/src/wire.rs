//! How the domain's values look as plain data: what a plugin in another process receives.

use std::fmt;

use datasette_core::{Actor, Value};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};

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

/// JSON that serialises as what it is into any format. By itself, a number of JSON keeps its digits,
/// which only JSON understands.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a>(pub &'a Json);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(truth) => serializer.serialize_bool(*truth),
            Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(number), _, _) => serializer.serialize_i64(number),
                (_, Some(number), _) => serializer.serialize_u64(number),
                (_, _, Some(number)) => serializer.serialize_f64(number),
                _ => serializer.serialize_str(&number.to_string()),
            },
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(items) => serializer.collect_seq(items.iter().map(Plain)),
            Json::Object(map) => plain_map(map, serializer),
        }
    }
}

/// For fields that hold JSON objects: like [`Plain`].
pub(crate) fn plain_map<S: Serializer>(
    map: &Map<String, Json>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_map(Some(map.len()))?;
    for (key, value) in map {
        fields.serialize_entry(key, &Plain(value))?;
    }
    fields.end()
}

/// For fields that hold JSON: like [`Plain`].
pub(crate) fn plain<S: Serializer>(value: &Json, serializer: S) -> Result<S::Ok, S::Error> {
    Plain(value).serialize(serializer)
}

/// For fields that hold an actor: its properties or null.
pub(crate) mod actor {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        actor: &Option<Actor>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match actor {
            Some(actor) => plain_map(actor.properties(), serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Actor>, D::Error> {
        Ok(Option::<Map<String, Json>>::deserialize(deserializer)?.map(Actor::new))
    }
}
