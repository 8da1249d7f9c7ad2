//! How values look as text: as Python prints them.

use datasette_core::real;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Error, ErrorKind, Output, State};

use super::cell::escape;

/// Writes a value into a page: `None`, `True`, and only the five characters escaped that HTML
/// needs escaped.
pub(crate) fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::Undefined => Ok(()),
        _ if value.is_safe() => return minijinja::escape_formatter(out, state, value),
        ValueKind::None | ValueKind::Bool | ValueKind::Number => out.write_str(&printed(value)),
        _ => match *state.auto_escape() {
            AutoEscape::Html => {
                let mut escaped = String::new();
                match value.as_str() {
                    Some(text) => escape(&mut escaped, text),
                    None => escape(&mut escaped, &value.to_string()),
                }
                out.write_str(&escaped)
            }
            _ => return minijinja::escape_formatter(out, state, value),
        },
    };
    written.map_err(|_| Error::new(ErrorKind::WriteFailure, "the page could not be written"))
}

/// The text of a value, not escaped.
pub(crate) fn printed(value: &Value) -> String {
    match value.kind() {
        ValueKind::None => "None".to_owned(),
        ValueKind::Bool if value.is_true() => "True".to_owned(),
        ValueKind::Bool => "False".to_owned(),
        // A float is spelled as in JSON and in cells (WIRE-05).
        ValueKind::Number if !value.is_integer() => {
            f64::try_from(value.clone()).map_or_else(|_| value.to_string(), real::text)
        }
        _ => value.to_string(),
    }
}

/// Text in quotes, as it stands in a list.
pub(crate) fn quoted(text: &str) -> String {
    let list = Value::from(vec![text.to_owned()]).to_string();
    list.trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned()
}
