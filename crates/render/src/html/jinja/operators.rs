//! What stands in for operators of Jinja2 that keep what is markup.

use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::changeable;
use super::markup;
use super::percent;
use crate::html::printing::printed;

/// `a ~ b`.
pub(super) const CONCATENATE: &str = "_concatenated";
/// `"…" + b`.
pub(super) const JOIN: &str = "_joined";
/// `"…" % b`.
pub(super) const FORMAT: &str = "_formatted";
/// Lists and dictionaries that can be changed.
pub(super) const OWN: &str = "_own";

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_function(CONCATENATE, |parts: Rest<Value>| concatenated(&parts));
    environment.add_function(JOIN, |parts: Rest<Value>| joined(&parts));
    environment.add_function(FORMAT, |text: Value, values: Value| {
        formatted(&text, &values)
    });
    environment.add_function(OWN, |value: Value| changeable::own(&value));
    environment.add_filter(OWN, |value: &Value| changeable::own(value));
}

/// Where a part is markup, all others are escaped and the whole is markup.
fn concatenated(parts: &[Value]) -> Value {
    let is_markup = parts.iter().any(Value::is_safe);
    let mut out = String::new();
    for part in parts {
        match is_markup {
            true => markup::push(&mut out, part),
            false => out.push_str(&printed(part)),
        }
    }
    markup::text(out, is_markup)
}

/// Like `~`, but of texts alone, as Python is.
fn joined(parts: &[Value]) -> Result<Value, Error> {
    match parts.iter().find(|part| part.kind() != ValueKind::String) {
        None => Ok(concatenated(parts)),
        Some(other) => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!(
                "+ joins texts with texts and not with {}; ~ joins everything",
                other.kind()
            ),
        )),
    }
}

/// `"%s and %s" % (a, b)`: a tuple holds several values, everything else is one.
fn formatted(text: &Value, values: &Value) -> Result<Value, Error> {
    match values.is_tuple() {
        true => {
            let values: Vec<Value> = values.try_iter()?.collect();
            percent::format(text, &values)
        }
        false => percent::format(text, std::slice::from_ref(values)),
    }
}
