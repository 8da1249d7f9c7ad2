//! Text that is markup already and text that is not.

use minijinja::value::Value;

use crate::html::cell::escape;
use crate::html::printing::printed;

/// The text as a value.
pub(super) fn text(text: String, is_markup: bool) -> Value {
    match is_markup {
        true => Value::from_safe_string(text),
        false => Value::from(text),
    }
}

/// Adds a value to markup: as it is when it is markup, else escaped.
pub(super) fn push(out: &mut String, value: &Value) {
    match value.is_safe() {
        true => out.push_str(value.as_str().unwrap_or_default()),
        false => escape(out, &printed(value)),
    }
}

/// Its text, escaped where it shall be part of markup.
pub(super) fn part(value: &Value, of_markup: bool) -> String {
    let mut out = String::new();
    match of_markup {
        true => push(&mut out, value),
        false => out.push_str(&printed(value)),
    }
    out
}
