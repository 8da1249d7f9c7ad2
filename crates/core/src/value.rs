//! One SQLite value, owned or borrowed from the statement that produced it.

use std::borrow::Cow;

use crate::{python_bytes, real};

/// A value that owns its bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A double.
    Real(f64),
    /// Text. Bytes that are not UTF-8 were replaced when it was read.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A value borrowed for the time of one row. Text is raw bytes: SQLite does not promise UTF-8,
/// and the hot path checks it only once, where the bytes are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A double.
    Real(f64),
    /// Text as SQLite holds it; usually UTF-8.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> ValueRef<'a> {
    /// Copies the value; text that is not UTF-8 gets replacement characters (WIRE-08).
    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::Integer(number),
            Self::Real(number) => Value::Real(number),
            Self::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            Self::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }

    /// Whether this is SQL NULL.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of text, integer and real values; `None` for NULL and blobs. Reals follow
    /// [`real::write`].
    pub fn as_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Null | Self::Blob(_) => None,
            Self::Integer(number) => Some(Cow::Owned(number.to_string())),
            Self::Real(number) => Some(Cow::Owned(real::text(number))),
            Self::Text(bytes) => Some(String::from_utf8_lossy(bytes)),
        }
    }

    /// The text of any value where only text can stand. NULL and bytes are written as Python
    /// writes them, so that no two of them look the same: `None`, `b'\x00'`.
    pub fn printed(self) -> Cow<'a, str> {
        match self {
            Self::Null => Cow::Borrowed("None"),
            Self::Blob(bytes) => Cow::Owned(python_bytes::text(bytes)),
            Self::Text(bytes) => String::from_utf8_lossy(bytes),
            Self::Integer(_) | Self::Real(_) => self.as_text().unwrap_or_default(),
        }
    }
}

impl Value {
    /// Borrows the value.
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }
    }

    /// Whether this is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WIRE-08
    #[test]
    fn bad_utf8_is_replaced() {
        assert_eq!(
            ValueRef::Text(b"a\xff").to_value(),
            Value::from("a\u{fffd}")
        );
    }

    #[test]
    fn numbers_have_a_text() {
        assert_eq!(Value::Integer(-3).as_ref().as_text().unwrap(), "-3");
        assert_eq!(Value::Real(2.0).as_ref().as_text().unwrap(), "2.0");
        assert_eq!(Value::Null.as_ref().as_text(), None);
    }
}
