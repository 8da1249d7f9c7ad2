//! Something in the configuration that cannot be meant, and where.

use datasette_core::truth::is_truthy;
use serde_json::{Map, Value};

/// A mistake under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    path: Vec<String>,
    message: String,
}

impl Mistake {
    /// A mistake whose message says all.
    pub(crate) fn new(path: Vec<String>, message: String) -> Self {
        Self { path, message }
    }

    /// The keys that lead to it.
    pub(crate) fn path(&self) -> &[String] {
        &self.path
    }

    /// What is wrong.
    pub(crate) fn message(&self) -> &str {
        &self.message
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

    /// A mistake here: the message follows the dotted path.
    pub(crate) fn mistake(&self, message: &str) -> Mistake {
        let path = self.path();
        let message = format!("{}: {message}", path.join("."));
        Mistake::new(path, message)
    }

    fn unexpected(&self, expected: &str) -> Mistake {
        self.mistake(&format!(
            "expected {expected}, not {}",
            kind_name(self.value)
        ))
    }

    /// The entries of a mapping; none for null (CONF-07).
    pub(crate) fn mapping(&self) -> Result<Option<&'a Map<String, Value>>, Mistake> {
        match self.value {
            Value::Null => Ok(None),
            Value::Object(keys) => Ok(Some(keys)),
            _ => Err(self.unexpected("a mapping")),
        }
    }

    /// The items of a list; `None` for null.
    pub(crate) fn list(&self) -> Result<Option<&'a [Value]>, Mistake> {
        match self.value {
            Value::Null => Ok(None),
            Value::Array(items) => Ok(Some(items)),
            _ => Err(self.unexpected("a list")),
        }
    }

    /// Text, with numbers and truths as they are written; `None` for null.
    pub(crate) fn text(&self) -> Result<Option<String>, Mistake> {
        match self.value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Bool(_) | Value::Number(_) => Ok(Some(self.value.to_string())),
            _ => Err(self.unexpected("text")),
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
            texts.push(place.text()?.ok_or_else(|| place.unexpected("text"))?);
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
