//! Labels of the rows that foreign key values refer to.

use std::collections::HashSet;

use datasette_core::{ColumnRef, Value, identifier};

use crate::binding::Params;

/// The most values for one statement: SQLite takes no more parameters.
pub const MAXIMUM_VALUES: usize = 32_766;

/// The statement that finds the labels of referenced rows: columns are the key and its label.
/// `key` is the referenced column, `label` the label column of the same table (LABEL-08); without
/// one the label is the value's own text and no statement is needed (LABEL-09).
///
/// NULLs and repeated values are left out; `None` is returned when nothing remains. At most
/// [`MAXIMUM_VALUES`] distinct values are asked for.
pub fn plan(key: &ColumnRef, label: &ColumnRef, values: &[Value]) -> Option<(String, Params)> {
    let mut seen = HashSet::new();
    let params: Params = values
        .iter()
        .filter(|value| !value.is_null() && seen.insert(Identity::of(value)))
        .take(MAXIMUM_VALUES)
        .enumerate()
        .map(|(index, value)| (format!("v{index}"), value.clone()))
        .collect();
    if params.is_empty() {
        return None;
    }
    let names: Vec<String> = params.iter().map(|(name, _)| format!(":{name}")).collect();
    let quote = identifier::quote_if_needed;
    let sql = format!(
        "select {key}, {} from {} where {key} in ({})",
        quote(label.name()),
        quote(key.table().name()),
        names.join(", "),
        key = quote(key.name()),
    );
    Some((sql, params))
}

/// A value as a key of a set. Reals go by their bits: the same bits are the same value.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Integer(i64),
    Real(u64),
    Text(&'a str),
    Blob(&'a [u8]),
    Null,
}

impl<'a> Identity<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(*number),
            Value::Real(number) => Self::Real(number.to_bits()),
            Value::Text(text) => Self::Text(text),
            Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}
