//! Binding of parameters, with the checks and words of Python's driver for named ones.

use std::collections::HashMap;

use datasette_core::Value;
use rusqlite::Statement;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use crate::error::SqlError;

/// Above this many parameters names are looked up in a table instead of one after the other.
const SCAN_AT_MOST: usize = 16;

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Binds by name (QUERY-14 to QUERY-16). Names in `parameters` carry no prefix; those the
/// statement does not use are ignored; of equal names the first wins.
pub(crate) fn named(
    statement: &mut Statement<'_>,
    parameters: &[(String, Value)],
    sql: &str,
) -> Result<(), SqlError> {
    let count = statement.parameter_count();
    let table: Option<HashMap<&str, &Value>> = (count > SCAN_AT_MOST).then(|| {
        let pairs = parameters.iter().rev();
        pairs.map(|(name, value)| (name.as_str(), value)).collect()
    });
    for index in 1..=count {
        let value = match statement.parameter_name(index) {
            None => {
                return Err(SqlError::refused(format!(
                    "Binding {index} has no name, but you supplied a dictionary (which has only names)."
                )));
            }
            Some(prefixed) => {
                let name = prefixed.get(1..).unwrap_or_default();
                let found = match &table {
                    Some(table) => table.get(name).copied(),
                    None => parameters
                        .iter()
                        .find(|(candidate, _)| candidate == name)
                        .map(|(_, value)| value),
                };
                found.ok_or_else(|| {
                    SqlError::refused(format!(
                        "You did not supply a value for binding parameter :{name}."
                    ))
                })?
            }
        };
        statement
            .raw_bind_parameter(index, Bound(value))
            .map_err(|error| SqlError::from_driver(error, sql))?;
    }
    Ok(())
}

/// Binds by place, for statements of the server's own.
pub(crate) fn positional(
    statement: &mut Statement<'_>,
    values: &[Value],
    sql: &str,
) -> Result<(), SqlError> {
    let count = statement.parameter_count();
    if count != values.len() {
        return Err(SqlError::refused(format!(
            "Incorrect number of bindings supplied. The current statement uses {count}, and there are {} supplied.",
            values.len()
        )));
    }
    for (index, value) in values.iter().enumerate() {
        statement
            .raw_bind_parameter(index + 1, Bound(value))
            .map_err(|error| SqlError::from_driver(error, sql))?;
    }
    Ok(())
}
