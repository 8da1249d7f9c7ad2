//! The types of columns that are made for values (WRITE-30, WRITE-84).

use datasette_core::schema::Affinity;
use datasette_core::{Given, GivenRow, given};
use indexmap::IndexMap;
use serde_json::Value as Json;

/// A type that columns are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// `TEXT`.
    Text,
    /// `INTEGER`.
    Integer,
    /// `REAL`.
    Real,
    /// `BLOB`.
    Blob,
}

/// What was seen among the values of a column.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    integers: bool,
    reals: bool,
    texts: bool,
    blobs: bool,
    documents: bool,
}

impl ColumnKind {
    /// All of them, in the order of forms (UI-01).
    pub const ALL: [Self; 4] = [Self::Text, Self::Integer, Self::Real, Self::Blob];

    /// What requests call it (WRITE-75).
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Real => "float",
            Self::Blob => "blob",
        }
    }

    /// The type that requests call so (WRITE-75).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The type whose affinity this is; nothing is made with that of numbers of any kind.
    pub fn of(affinity: Affinity) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.affinity() == affinity)
    }

    /// Its affinity.
    pub fn affinity(self) -> Affinity {
        Affinity::of(self.declared())
    }

    /// The word in a schema.
    pub fn declared(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Blob => "BLOB",
        }
    }

    /// The types of all columns that rows name, in the order in which they come first.
    pub fn infer<'a>(rows: impl IntoIterator<Item = &'a GivenRow>) -> IndexMap<String, Self> {
        let mut kinds = ColumnKinds::default();
        for row in rows {
            for (name, given) in row {
                kinds.note(name, given);
            }
        }
        kinds.kinds()
    }
}

/// What was seen of columns so far, to make types of in the end.
#[derive(Clone, Debug, Default)]
pub struct ColumnKinds(IndexMap<String, Seen>);

impl ColumnKinds {
    /// Looks at a value.
    pub fn note(&mut self, name: &str, given: &Given) {
        match self.0.get_mut(name) {
            Some(seen) => seen.note(given),
            None => self.0.entry(name.to_owned()).or_default().note(given),
        }
    }

    /// The types of all columns, in the order in which they came first.
    pub fn kinds(&self) -> IndexMap<String, ColumnKind> {
        let kinds = self
            .0
            .iter()
            .map(|(name, seen)| (name.clone(), seen.kind()));
        kinds.collect()
    }
}

impl Seen {
    fn note(&mut self, given: &Given) {
        match given {
            Given::Blob(_) => self.blobs = true,
            Given::Json(Json::Null) => {}
            Given::Json(Json::Bool(_)) => self.integers = true,
            Given::Json(Json::Number(number)) if given::is_integer(number) => self.integers = true,
            Given::Json(Json::Number(_)) => self.reals = true,
            Given::Json(Json::String(_)) => self.texts = true,
            Given::Json(Json::Array(_) | Json::Object(_)) => self.documents = true,
        }
    }

    fn kind(self) -> ColumnKind {
        let Self {
            integers,
            reals,
            texts,
            blobs,
            documents,
        } = self;
        if documents {
            ColumnKind::Text
        } else if blobs && !integers && !reals {
            ColumnKind::Blob
        } else if texts || blobs {
            ColumnKind::Text
        } else if reals {
            ColumnKind::Real
        } else if integers {
            ColumnKind::Integer
        } else {
            ColumnKind::Text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // Proves: WRITE-30, WRITE-84
    #[test]
    fn a_type_holds_all_values_of_its_column() {
        use ColumnKind::{Blob, Integer, Real, Text};
        let blob = json!({"$base64": true, "encoded": "AA=="});
        let cases = [
            (vec![json!(null)], Text),
            (vec![json!(1), json!(true), json!(null)], Integer),
            (vec![json!(1), json!(2.5)], Real),
            (vec![json!(false), json!(2.5)], Real),
            (vec![blob.clone()], Blob),
            (vec![blob.clone(), json!("x")], Blob),
            (vec![blob.clone(), json!(1)], Text),
            (vec![json!("x"), json!(1)], Text),
            (vec![json!([1])], Text),
            (vec![json!({"a": 1}), blob], Text),
        ];
        for (values, expected) in cases {
            let row = |value: &Json| {
                let row = json!({"column": value}).as_object().unwrap().clone();
                Given::decode_row(row).unwrap()
            };
            let rows: Vec<GivenRow> = values.iter().map(row).collect();
            assert_eq!(ColumnKind::infer(&rows)["column"], expected, "{values:?}");
        }
    }
}
