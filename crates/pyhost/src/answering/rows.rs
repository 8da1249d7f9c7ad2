//! Rows of SQL on their way to Python.

use datasette_core::{Row, RowBatch, Value, ValueRef};
use datasette_hooks::Data;
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde::{Deserialize, Deserializer};

/// Rows as lists of values.
pub(crate) struct Rows<'a>(pub(crate) &'a RowBatch);

struct OneRow<'a, R>(&'a R);

struct Cell<'a>(ValueRef<'a>);

/// Bytes that serialise as bytes.
pub(crate) struct Blob<'a>(pub(crate) &'a [u8]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.len()))?;
        for row in self.0.rows() {
            rows.serialize_element(&OneRow(&row))?;
        }
        rows.end()
    }
}

impl<R: Row> Serialize for OneRow<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cells = serializer.serialize_seq(Some(self.0.len()))?;
        for index in 0..self.0.len() {
            cells.serialize_element(&Cell(self.0.value(index)))?;
        }
        cells.end()
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ValueRef::Null => serializer.serialize_unit(),
            ValueRef::Integer(number) => serializer.serialize_i64(number),
            ValueRef::Real(number) => serializer.serialize_f64(number),
            ValueRef::Text(bytes) => serializer.serialize_str(&String::from_utf8_lossy(bytes)),
            ValueRef::Blob(bytes) => serializer.serialize_bytes(bytes),
        }
    }
}

impl Serialize for Blob<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// Parameters of a statement as Python gives them: pairs of names and values.
#[derive(Default)]
pub(crate) struct Parameters(pub(crate) Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = Vec::<(String, Data)>::deserialize(deserializer)?;
        let values = pairs.into_iter().map(|(name, Data(value))| (name, value));
        Ok(Self(values.collect()))
    }
}
