//! Arguments that templates may give by place or by name, as in Python.

use minijinja::value::{Kwargs, Rest, Value, from_args};
use minijinja::{Error, ErrorKind};

/// The arguments of one call.
#[derive(Debug)]
pub(crate) struct Given {
    positional: Vec<Value>,
    named: Kwargs,
}

impl Given {
    /// As a function takes them.
    pub(crate) fn new(positional: Rest<Value>, named: Kwargs) -> Self {
        Self {
            positional: positional.to_vec(),
            named,
        }
    }

    /// As a method takes them.
    pub(crate) fn read(args: &[Value]) -> Result<Self, Error> {
        let (positional, named): (&[Value], Kwargs) = from_args(args)?;
        Ok(Self {
            positional: positional.to_vec(),
            named,
        })
    }

    /// The argument at this place or of this name; none where it was left out or is `none`.
    pub(crate) fn get(&self, place: usize, name: &str) -> Result<Option<Value>, Error> {
        let value = match self.positional.get(place) {
            Some(value) => Some(value.clone()),
            None => self.named.get(name)?,
        };
        Ok(value.filter(|value: &Value| !value.is_none() && !value.is_undefined()))
    }

    /// Its text.
    pub(crate) fn text(&self, place: usize, name: &str) -> Result<Option<String>, Error> {
        Ok(self.get(place, name)?.map(|value| value.to_string()))
    }

    /// Its text, which must be given.
    pub(crate) fn need(&self, place: usize, name: &str) -> Result<String, Error> {
        self.text(place, name)?.ok_or_else(|| {
            Error::new(
                ErrorKind::MissingArgument,
                format!("the argument {name} is missing"),
            )
        })
    }

    /// A count.
    pub(crate) fn number(&self, place: usize, name: &str, default: usize) -> Result<usize, Error> {
        let Some(value) = self.get(place, name)? else {
            return Ok(default);
        };
        value.as_usize().ok_or_else(|| not_a_number(name))
    }

    /// A whole number.
    pub(crate) fn integer(&self, place: usize, name: &str) -> Result<Option<i64>, Error> {
        let value = self.get(place, name)?;
        value
            .map(|value| i64::try_from(value).map_err(|_| not_a_number(name)))
            .transpose()
    }

    /// Whether it is true.
    pub(crate) fn truth(&self, place: usize, name: &str, default: bool) -> Result<bool, Error> {
        let value = self.get(place, name)?;
        Ok(value.map_or(default, |value| value.is_true()))
    }

    /// Refuses what nobody asked for by name.
    pub(crate) fn end(&self) -> Result<(), Error> {
        self.named.assert_all_used()
    }
}

fn not_a_number(name: &str) -> Error {
    Error::new(
        ErrorKind::InvalidOperation,
        format!("{name} must be a number"),
    )
}
