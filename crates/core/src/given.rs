//! A value as the JSON of a write call gives it, and what becomes of it in a column.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use serde_json::{Map, Number, Value as Json};

use crate::fault::Fault;
use crate::stored_json;
use crate::value::Value;

/// One value of a write call.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Any JSON value; lists and objects become JSON text (WRITE-13).
    Json(Json),
    /// Bytes that were sent in base64 (WRITE-16).
    Blob(Vec<u8>),
}

/// The values of one row by the names of their columns, in the order in which they were given.
pub type GivenRow = IndexMap<String, Given>;

impl Given {
    /// Reads one value: `{"$base64": true, "encoded": TEXT}` is bytes and `{"$raw": V}` is `V` as it
    /// stands (WRITE-16 to WRITE-18).
    ///
    /// # Errors
    /// 400 for base64 that is none.
    pub fn decode(json: Json) -> Result<Self, Fault> {
        let Json::Object(mut keys) = json else {
            return Ok(Self::Json(json));
        };
        if keys.len() == 1
            && let Some(raw) = keys.shift_remove("$raw")
        {
            return Ok(Self::Json(raw));
        }
        if keys.len() == 2
            && keys.get("$base64") == Some(&Json::Bool(true))
            && let Some(encoded) = keys.get("encoded")
        {
            let Json::String(encoded) = encoded else {
                return Err(Fault::bad_request("$base64 encoded value must be a string"));
            };
            return match STANDARD.decode(encoded) {
                Ok(bytes) => Ok(Self::Blob(bytes)),
                Err(_) => Err(Fault::bad_request("Invalid $base64 encoded value")),
            };
        }
        Ok(Self::Json(Json::Object(keys)))
    }

    /// Reads the values of a row.
    ///
    /// # Errors
    /// As [`Given::decode`].
    pub fn decode_row(row: Map<String, Json>) -> Result<GivenRow, Fault> {
        row.into_iter()
            .map(|(name, json)| Ok((name, Self::decode(json)?)))
            .collect()
    }

    /// The value that is bound (WRITE-13, WRITE-14).
    ///
    /// # Errors
    /// 400 for an integer of more than 64 bits (WRITE-15).
    pub fn to_value(&self) -> Result<Value, Fault> {
        Ok(match self {
            Self::Blob(bytes) => Value::Blob(bytes.clone()),
            Self::Json(Json::Null) => Value::Null,
            Self::Json(Json::Bool(truth)) => Value::Integer(i64::from(*truth)),
            Self::Json(Json::Number(number)) => stored_number(number)?,
            Self::Json(Json::String(text)) => Value::Text(text.clone()),
            Self::Json(document) => Value::Text(stored_json::readable(document)),
        })
    }

    /// The same without a copy.
    ///
    /// # Errors
    /// As [`Given::to_value`].
    pub fn into_value(self) -> Result<Value, Fault> {
        match self {
            Self::Blob(bytes) => Ok(Value::Blob(bytes)),
            Self::Json(Json::String(text)) => Ok(Value::Text(text)),
            other => other.to_value(),
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        *self == Self::Json(Json::Null)
    }
}

/// Whether a number is one of whole numbers as JSON writes them: without fraction and exponent.
pub fn is_integer(number: &Number) -> bool {
    !number.as_str().contains(['.', 'e', 'E'])
}

fn stored_number(number: &Number) -> Result<Value, Fault> {
    if is_integer(number) {
        return match number.as_str().parse() {
            Ok(integer) => Ok(Value::Integer(integer)),
            Err(_) => Err(Fault::bad_request(format!(
                "Integer too large to be stored: {number}"
            ))),
        };
    }
    // Beyond the largest double lies infinity (WRITE-14).
    let real = number.as_str().parse();
    Ok(real.map_or(Value::Null, Value::Real))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stored(json: Json) -> Result<Value, String> {
        let given = Given::decode(json).map_err(|fault| fault.message())?;
        given.to_value().map_err(|fault| fault.message())
    }

    // Proves: WRITE-13, WRITE-14, WRITE-15
    #[test]
    fn json_values_become_column_values() {
        let cases = [
            ("null", Value::Null),
            ("true", Value::Integer(1)),
            ("false", Value::Integer(0)),
            ("-9223372036854775808", Value::Integer(i64::MIN)),
            ("1.0", Value::Real(1.0)),
            ("1e2", Value::Real(100.0)),
            ("1e400", Value::Real(f64::INFINITY)),
            ("-1e400", Value::Real(f64::NEG_INFINITY)),
            (r#""é""#, Value::Text("é".to_owned())),
            (
                r#"{"a":[1,"é",null,1.50,1e3]}"#,
                Value::Text(r#"{"a": [1, "é", null, 1.5, 1000.0]}"#.to_owned()),
            ),
        ];
        for (text, expected) in cases {
            let json = serde_json::from_str(text).unwrap();
            assert_eq!(stored(json), Ok(expected), "{text}");
        }
        for text in ["9223372036854775808", "-9223372036854775809"] {
            let refused = stored(serde_json::from_str(text).unwrap()).unwrap_err();
            assert!(refused.contains("too large"), "{refused}");
        }
    }

    // Proves: WRITE-16, WRITE-17, WRITE-18
    #[test]
    fn only_exact_objects_are_unwrapped() {
        let encoded = |value: Json| json!({"$base64": true, "encoded": value});
        assert_eq!(
            stored(encoded(json!("AP8="))),
            Ok(Value::Blob(vec![0, 255]))
        );
        let refused = |value: Json| stored(encoded(value)).unwrap_err();
        assert_eq!(refused(json!(5)), "$base64 encoded value must be a string");
        for wrong in ["AA", "A===", "A A=", "é"] {
            assert_eq!(refused(json!(wrong)), "Invalid $base64 encoded value");
        }
        let text = |json: Json| Ok(Value::Text(stored_json::readable(&json)));
        for plain in [
            json!({"$base64": 1, "encoded": "AA=="}),
            json!({"$base64": true, "encoded": "AA==", "more": 1}),
            json!({"$raw": 1, "more": 2}),
        ] {
            assert_eq!(stored(plain.clone()), text(plain));
        }
        let inner = encoded(json!("AA=="));
        assert_eq!(stored(json!({"$raw": inner})), text(inner));
        assert_eq!(stored(json!({"$raw": 5})), Ok(Value::Integer(5)));
    }
}
