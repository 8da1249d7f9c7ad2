//! JSON as template values.

use minijinja::value::Value;
use serde_json::{Map, Value as Json};

/// A JSON value as templates see it; objects keep the order of their keys.
pub fn data(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(on) => Value::from(*on),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Value::from(integer),
            (None, Some(real)) => Value::from(real),
            (None, None) => Value::from(number.to_string()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => list(items),
        Json::Object(members) => object(members),
    }
}

/// A list of JSON values as templates see it.
pub fn list(items: &[Json]) -> Value {
    items.iter().map(data).collect::<Vec<Value>>().into()
}

/// A JSON object as templates see it.
pub fn object(members: &Map<String, Json>) -> Value {
    Value::from_pairs(
        members
            .iter()
            .map(|(key, value)| (key.as_str(), data(value))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_stay_numbers() {
        let value = data(&json!({"b": 1, "a": [1.5, null, "x", true]}));
        assert_eq!(value.get_attr("b").unwrap(), Value::from(1));
        assert_eq!(
            value.get_attr("a").unwrap().get_item_by_index(0).unwrap(),
            Value::from(1.5)
        );
        assert_eq!(value.to_string(), "{'b': 1, 'a': [1.5, None, 'x', True]}");
    }
}
