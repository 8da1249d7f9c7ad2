//! A statement with the values of its parameters, as calls and forms send it (WRITE-133 to
//! WRITE-135).

use datasette_core::{Fault, Given, Value};
use datasette_engine::write::preview::own_parameters;
use datasette_render::html::context::execute_write::PARAMETER_PREFIX;
use serde_json::{Map, Value as Json};

use super::payload::Payload;

/// What is to be run.
#[derive(Clone, Debug, Default)]
pub(super) struct SqlCall {
    /// The statement; empty where there is none.
    pub(super) sql: String,
    /// What was given for parameters.
    pub(super) values: Map<String, Json>,
}

impl SqlCall {
    /// Reads it.
    ///
    /// # Errors
    /// 400 for members that mean nothing (WRITE-134).
    pub(super) fn read(payload: Payload) -> Result<Self, Fault> {
        let (sql, values) = match payload {
            Payload::Form(fields) => of_form(fields),
            Payload::Json(Json::Object(members)) => of_json(members)?,
            Payload::Json(_) => return Err(Fault::bad_request("JSON must be a dictionary")),
        };
        Ok(Self {
            sql: match sql {
                Some(Json::String(sql)) => sql,
                _ => String::new(),
            },
            values,
        })
    }

    /// The parameters of the statement with their values: empty where none is given (WRITE-135),
    /// null where it can be none, which [`SqlCall::no_value`] tells.
    ///
    /// # Errors
    /// 400 without a statement, for magic parameters and for values of parameters that it has not.
    pub(super) fn params(&self) -> Result<Vec<(String, Value)>, Fault> {
        if self.sql.is_empty() {
            return Err(Fault::bad_request("SQL is required"));
        }
        let names = own_parameters(&self.sql)?;
        let mut unknown: Vec<&str> = self
            .values
            .keys()
            .map(String::as_str)
            .filter(|name| !names.iter().any(|known| known == name))
            .collect();
        unknown.sort_unstable();
        if !unknown.is_empty() {
            let unknown = unknown.join(", ");
            return Err(Fault::bad_request(format!("Unknown parameters: {unknown}")));
        }
        let value = |name: String| {
            let given = self.values.get(&name);
            let value = given.map_or(Ok(Value::Text(String::new())), of_value);
            (name, value.unwrap_or(Value::Null))
        };
        Ok(names.into_iter().map(value).collect())
    }

    /// The first value that cannot be one.
    pub(super) fn no_value(&self) -> Option<Fault> {
        let names = own_parameters(&self.sql).unwrap_or_default();
        let mut places = names.iter().enumerate();
        places.find_map(|(index, name)| {
            let refused = of_value(self.values.get(name)?).err()?;
            let place = index + 1;
            Some(Fault::bad_request(match refused {
                NoValue::OfType(name) => format!(
                    "Could not analyze query: Error binding parameter {place}: type '{name}' is not \
                     supported"
                ),
                NoValue::TooLarge(fault) => {
                    format!("Could not analyze query: {}", fault.message())
                }
            }))
        })
    }

    /// The values of the parameters that the statement has.
    pub(super) fn bound(&self) -> Map<String, Json> {
        let names = own_parameters(&self.sql).unwrap_or_default();
        let value = |name: String| {
            let value = self.values.get(&name).cloned();
            (name, value.unwrap_or_else(|| Json::String(String::new())))
        };
        names.into_iter().map(value).collect()
    }
}

type Parts = (Option<Json>, Map<String, Json>);

/// A field may carry the prefix of the page's own fields.
fn of_form(mut fields: Map<String, Json>) -> Parts {
    let sql = fields.shift_remove("sql");
    let values = fields
        .into_iter()
        .filter(|(name, _)| !matches!(name.as_str(), "csrftoken" | "_json"))
        .map(|(name, value)| {
            let bare = name.strip_prefix(PARAMETER_PREFIX).unwrap_or(&name);
            (bare.to_owned(), value)
        });
    (sql, values.collect())
}

fn of_json(mut members: Map<String, Json>) -> Result<Parts, Fault> {
    let mut unknown: Vec<&str> = members
        .keys()
        .map(String::as_str)
        .filter(|name| !matches!(*name, "sql" | "params"))
        .collect();
    unknown.sort_unstable();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        return Err(Fault::bad_request(format!("Invalid keys: {unknown}")));
    }
    let sql = members.shift_remove("sql");
    let values = match members.shift_remove("params") {
        Some(Json::Object(values)) => values,
        // Whatever is empty is no parameters.
        Some(other) if datasette_core::truth::is_truthy(&other) => {
            return Err(Fault::bad_request("params must be a dictionary"));
        }
        _ => Map::new(),
    };
    Ok((sql, values))
}

/// Why a value cannot be bound.
enum NoValue {
    OfType(&'static str),
    TooLarge(Fault),
}

fn of_value(json: &Json) -> Result<Value, NoValue> {
    match json {
        Json::Array(_) => Err(NoValue::OfType("list")),
        Json::Object(_) => Err(NoValue::OfType("dict")),
        other => Given::Json(other.clone())
            .to_value()
            .map_err(NoValue::TooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(json: Json) -> Result<SqlCall, String> {
        SqlCall::read(Payload::Json(json)).map_err(|fault| fault.message())
    }

    fn params(json: Json) -> Result<Vec<(String, Value)>, String> {
        call(json)?.params().map_err(|fault| fault.message())
    }

    // Proves: WRITE-133, WRITE-134, WRITE-135
    #[test]
    fn values_belong_to_parameters() {
        let sql = "insert into t values (:b, :a, :b, ':c')";
        let blank = || Value::Text(String::new());
        let found = params(json!({"sql": sql, "params": {"a": 5}})).unwrap();
        assert_eq!(
            found,
            [
                ("b".to_owned(), blank()),
                ("a".to_owned(), Value::Integer(5))
            ]
        );
        for nothing in [
            json!(null),
            json!({}),
            json!([]),
            json!(""),
            json!(0),
            json!(false),
        ] {
            assert_eq!(
                params(json!({"sql": sql, "params": nothing}))
                    .unwrap()
                    .len(),
                2
            );
        }
        for wrong in [json!([1]), json!("x"), json!(5), json!(true)] {
            let refused = params(json!({"sql": sql, "params": wrong}));
            assert_eq!(refused.unwrap_err(), "params must be a dictionary");
        }
        let unknown = params(json!({"sql": sql, "params": {"z": 1, "c": 2, "a": 3}}));
        assert_eq!(unknown.unwrap_err(), "Unknown parameters: c, z");
        let keys = params(json!({"sql": sql, "z": 1, "_json": 2}));
        assert_eq!(keys.unwrap_err(), "Invalid keys: _json, z");
        for missing in [
            json!({}),
            json!({"sql": ""}),
            json!({"sql": 5}),
            json!({"sql": null}),
        ] {
            assert_eq!(params(missing).unwrap_err(), "SQL is required");
        }
        assert_eq!(call(json!([])).unwrap_err(), "JSON must be a dictionary");
        let magic = params(json!({"sql": "delete from t where a = :_actor_id"}));
        assert_eq!(magic.unwrap_err(), "Magic parameters are not allowed");
    }

    // Proves: WRITE-134
    #[test]
    fn what_cannot_be_a_value_is_told_by_its_place() {
        let sql = "insert into t values (:a, :b)";
        let told = |values: Json| {
            let call = call(json!({"sql": sql, "params": values})).unwrap();
            assert_eq!(call.params().unwrap().len(), 2);
            call.no_value().map(|fault| fault.message())
        };
        assert_eq!(told(json!({"a": 1.5, "b": null})), None);
        let words = "Could not analyze query: Error binding parameter";
        let list = told(json!({"a": 1, "b": []})).unwrap();
        assert_eq!(list, format!("{words} 2: type 'list' is not supported"));
        let dict = told(json!({"a": {}, "b": []})).unwrap();
        assert_eq!(dict, format!("{words} 1: type 'dict' is not supported"));
        let huge: Json = serde_json::from_str("9223372036854775808").unwrap();
        assert!(told(json!({"a": huge})).unwrap().contains("too large"));
    }

    // Proves: WRITE-133
    #[test]
    fn fields_may_carry_a_prefix() {
        let fields = json!({"sql": "delete from t where a = :sql and b = :b", "_sql_param_sql": "x", "b": "y", "csrftoken": "c", "_json": "1"});
        let fields = fields.as_object().unwrap().clone();
        let call = SqlCall::read(Payload::Form(fields)).unwrap();
        let found = call.params().unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(
            found,
            [("sql".to_owned(), text("x")), ("b".to_owned(), text("y"))]
        );
    }
}
