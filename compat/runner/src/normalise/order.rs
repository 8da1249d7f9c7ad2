//! Orders and identities that the original takes from hash tables or from the process.

use serde_json::Value;

use super::Context;

/// The columns of each entry of `table_columns` come in no defined order (DB-10).
pub(super) fn table_columns(value: &mut Value, _: &Context) -> usize {
    let Some(tables) = value
        .get_mut("table_columns")
        .and_then(Value::as_object_mut)
    else {
        return 0;
    };
    let mut fired = 0;
    for columns in tables.values_mut().filter_map(Value::as_array_mut) {
        columns.sort_by_key(Value::to_string);
        fired += 1;
    }
    fired
}

/// Threads and tasks of `/-/threads.json` are those of the process that answers (DEBUG-10).
pub(super) fn threads(value: &mut Value, context: &Context) -> usize {
    if !context.path.contains("/-/threads") {
        return 0;
    }
    let mut fired = 0;
    for key in ["num_threads", "threads", "num_tasks", "tasks"] {
        if let Some(found) = value.get_mut(key) {
            *found = Value::from("OWN");
            fired += 1;
        }
    }
    fired
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_sorted_and_tables_are_not() {
        let mut value = json!({"table_columns": {"b": ["y", "x"], "a": []}});
        assert_eq!(table_columns(&mut value, &Context::default()), 2);
        assert_eq!(
            value.to_string(),
            r#"{"table_columns":{"b":["x","y"],"a":[]}}"#
        );
    }
}
