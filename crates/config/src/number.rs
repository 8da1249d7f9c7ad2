//! Numbers in the spelling that answers use.

use datasette_core::real;
use serde_json::{Number, Value};

/// The value with every fraction spelled as a double is printed: `1.50` becomes `1.5`, `1e2`
/// becomes `100.0`. Whole numbers keep all their digits.
pub(crate) fn canonical(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_str().contains(['.', 'e', 'E']) => {
            match number.as_str().parse() {
                Ok(double) => from_double(double),
                Err(_) => Value::Number(number),
            }
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        Value::Object(keys) => Value::Object(
            keys.into_iter()
                .map(|(key, value)| (key, canonical(value)))
                .collect(),
        ),
        other => other,
    }
}

/// The double as a JSON number; infinities and not-a-number, which JSON lacks, as text.
pub(crate) fn from_double(double: f64) -> Value {
    if !double.is_finite() {
        return Value::String(double.to_string());
    }
    match serde_json::from_str::<Number>(&real::text(double)) {
        Ok(number) => Value::Number(number),
        Err(_) => Value::Null,
    }
}

/// Whole digits, with an optional sign, as a JSON number of any size.
pub(crate) fn from_digits(digits: &str) -> Option<Value> {
    serde_json::from_str::<Number>(digits)
        .ok()
        .map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn fractions_are_spelled_one_way() {
        let value = serde_json::from_str("[1.50, 1e2, 1E16, 123456789012345678901234567890]");
        assert_eq!(
            canonical(value.unwrap()).to_string(),
            "[1.5,100.0,1e+16,123456789012345678901234567890]"
        );
    }
}
