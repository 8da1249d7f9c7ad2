//! Something in the configuration that cannot be meant, and where.

use datasette_core::truth::is_truthy;
use serde_json::{Map, Value};

/// A mistake under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    path: Vec<String>,
    message: String,
    order: Order,
}

/// What comes first in the whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    PlaceFirst,
    WordsFirst,
}

impl Mistake {
    /// A mistake whose message says all.
    pub(crate) fn new(path: Vec<String>, message: String) -> Self {
        Self {
            path,
            message,
            order: Order::PlaceFirst,
        }
    }

    /// A mistake in words that scripts may know from the original, which stay in front.
    pub(crate) fn in_known_words(path: Vec<String>, message: String) -> Self {
        Self {
            order: Order::WordsFirst,
            ..Self::new(path, message)
        }
    }

    /// The keys that lead to it.
    pub(crate) fn path(&self) -> &[String] {
        &self.path
    }

    /// What is wrong, and where, as far as that is known.
    pub(crate) fn told_at(&self, place: Option<&str>) -> String {
        let message = &self.message;
        match (place, self.order) {
            (None, _) => message.clone(),
            (Some(place), Order::PlaceFirst) => format!("{place}: {message}"),
            (Some(place), Order::WordsFirst) => format!("{message} ({place})"),
        }
    }
}

/// A value and the keys that lead to it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: &'a str,
    value: &'a Value,
}

impl<'a> Place<'a> {
    /// The top level.
    pub(crate) fn root(value: &'a Value) -> Self {
        Self {
            above: None,
            step: "",
            value,
        }
    }

    /// The value.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// The value of a key of this mapping.
    pub(crate) fn at(&'a self, step: &'a str, value: &'a Value) -> Self {
        Self {
            above: Some(self),
            step,
            value,
        }
    }

    /// The value of `key`; null when there is none or this is no mapping.
    pub(crate) fn get(&'a self, key: &'a str) -> Self {
        self.at(key, self.value.get(key).unwrap_or(&Value::Null))
    }

    /// The keys that lead here.
    pub(crate) fn path(&self) -> Vec<String> {
        let Some(above) = self.above else {
            return Vec::new();
        };
        let mut path = above.path();
        path.push(self.step.to_owned());
        path
    }

    /// The keys that lead here, as one word.
    pub(crate) fn shown(&self) -> String {
        self.path().join(".")
    }

    /// A mistake here: the message follows the dotted path.
    pub(crate) fn mistake(&self, message: &str) -> Mistake {
        Mistake::new(self.path(), format!("{}: {message}", self.shown()))
    }

    /// The value is something else than what is needed here.
    pub(crate) fn must_be(&self, expected: &str) -> Mistake {
        let found = kind_name(self.value);
        let message = format!("{} must be {expected}, not {found}", self.shown());
        Mistake::new(self.path(), message)
    }

    /// The entries of a mapping; none for null (CONF-07).
    pub(crate) fn mapping(&self) -> Result<Option<&'a Map<String, Value>>, Mistake> {
        match self.value {
            Value::Null => Ok(None),
            Value::Object(keys) => Ok(Some(keys)),
            _ => Err(self.must_be("a mapping")),
        }
    }

    /// The items of a list; `None` for null.
    pub(crate) fn list(&self) -> Result<Option<&'a [Value]>, Mistake> {
        match self.value {
            Value::Null => Ok(None),
            Value::Array(items) => Ok(Some(items)),
            _ => Err(self.must_be("a list")),
        }
    }

    /// Text, with numbers and truths as they are written; `None` for null.
    pub(crate) fn text(&self) -> Result<Option<String>, Mistake> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Bool(_) | Value::Number(_) => Ok(Some(self.value.to_string())),
            _ => Err(self.must_be("text")),
        }
    }

    /// A list of texts; `None` for null.
    pub(crate) fn texts(&self) -> Result<Option<Vec<String>>, Mistake> {
        let Some(items) = self.list()? else {
            return Ok(None);
        };
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let step = index.to_string();
            let place = self.at(&step, item);
            texts.push(place.text()?.ok_or_else(|| place.must_be("text"))?);
        }
        Ok(Some(texts))
    }

    /// Whether the value is anything but null, false, zero or empty.
    pub(crate) fn is_truthy(&self) -> bool {
        is_truthy(self.value)
    }
}

/// What a value is, in words.
pub(crate) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
