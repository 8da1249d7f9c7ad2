//! The JSON of what a statement would do (WRITE-147, WRITE-152, STORED-67).

use datasette_engine::page::OperationRow;
use datasette_engine::write::Preview;
use serde_json::{Map, Value as Json, json};

use super::database::UNSTABLE;

/// Operations without whether they are allowed, as the answer to a statement that was run has them.
pub fn operations(rows: &[OperationRow]) -> Json {
    rows.iter().map(|row| Json::Object(members(row))).collect()
}

/// Operations with whether the actor may.
pub fn judged(rows: &[OperationRow]) -> Json {
    let judged = |row: &OperationRow| {
        let mut members = members(row);
        members.insert("allowed".to_owned(), json!(row.allowed));
        Json::Object(members)
    };
    rows.iter().map(judged).collect()
}

fn members(row: &OperationRow) -> Map<String, Json> {
    let required = row.required.join(", ");
    Map::from_iter([
        ("operation".to_owned(), json!(row.operation)),
        ("database".to_owned(), json!(row.database)),
        ("table".to_owned(), json!(row.table)),
        ("required_permission".to_owned(), json!(required)),
        ("source".to_owned(), json!(row.source)),
    ])
}

/// The answer about a statement that is to be run.
pub fn to_execute(preview: &Preview) -> Json {
    let reason = preview.execute_disabled_reason();
    json!({
        "ok": preview.error.is_none(),
        "parameters": preview.parameters,
        "analysis_error": preview.error,
        "analysis_rows": judged(&preview.operations),
        "execute_disabled": reason.is_some(),
        "execute_disabled_reason": reason,
        "unstable": UNSTABLE,
    })
}

/// The answer about a statement that is to be stored.
pub fn to_store(preview: &Preview) -> Json {
    json!({
        "ok": preview.error.is_none(),
        "parameters": preview.parameters,
        "analysis_error": preview.error,
        "analysis_rows": judged(&preview.operations),
        "has_sql": preview.has_sql(),
        "analysis_is_write": preview.writes,
        "save_disabled": preview.save_disabled(),
        "unstable": UNSTABLE,
    })
}
