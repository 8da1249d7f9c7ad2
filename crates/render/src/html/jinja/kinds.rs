//! Tests of what a value is, as Jinja2 has them: texts and dictionaries are sequences too.

use minijinja::Environment;
use minijinja::value::{Value, ValueKind};

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_test("iterable", |value: &Value| match value.kind() {
        ValueKind::None => false,
        ValueKind::Undefined => true,
        _ => value.try_iter().is_ok(),
    });
    environment.add_test("sequence", |value: &Value| match value.kind() {
        ValueKind::String | ValueKind::Map | ValueKind::Seq | ValueKind::Undefined => true,
        // `range()` has a length, what filters like `select` give has not.
        ValueKind::Iterable => value.len().is_some(),
        _ => false,
    });
}
