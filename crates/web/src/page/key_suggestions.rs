//! `/{db}/{table}/-/foreign-key-suggestions`: which columns look like foreign keys (WRITE-126 to
//! WRITE-128).

use datasette_core::Fault;
use datasette_core::action::AlterTable;
use datasette_engine::read::key_suggestions;
use datasette_engine::read::key_suggestions::{KeySuggestions, ROWS, SuggestedColumn, Suggestion};
use serde_json::{Value as Json, json};

use crate::problem;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Answers with JSON in any case.
pub(crate) async fn answer(visit: &Visit, route: &str, name: &str) -> Result<Reply, Fault> {
    let answered = suggestions(visit, route, name).await;
    Ok(answered.unwrap_or_else(|fault| problem::json(&fault)))
}

async fn suggestions(visit: &Visit, route: &str, name: &str) -> Result<Reply, Fault> {
    let table = visit.table(&visit.database(route)?, name)?;
    if table.is_view() {
        return Err(Fault::bad_request("Cannot suggest foreign keys for a view"));
    }
    let instance = &visit.app.instance;
    let words = "Permission denied: need alter-table";
    let permit = instance
        .gate
        .require_or::<AlterTable>(visit.actor(), &table, words)
        .await?;
    let found = key_suggestions(instance, &permit).await?;
    let columns: Vec<Json> = found.columns.iter().map(column).collect();
    Ok(reply::json(&json!({
        "ok": true,
        "database": table.database().name(),
        "table": table.name(),
        "row_check": {
            "attempted": found.attempted,
            "status": status(&found),
            "row_limit": ROWS,
            "sampled_rows": found.sampled_rows,
            "checked_options": found.checked_options,
        },
        "columns": columns,
    })))
}

fn status(found: &KeySuggestions) -> &'static str {
    match (found.timed_out, found.attempted) {
        (true, _) => "timed_out",
        (false, true) => "completed",
        (false, false) => "skipped",
    }
}

fn column(found: &SuggestedColumn) -> Json {
    let current = found.current.as_ref();
    let current = current.map(|(table, column)| json!({"fk_table": table, "fk_column": column}));
    let options = found.options.iter().map(|option| {
        json!({
            "fk_table": option.table().name(),
            "fk_column": option.name(),
            "type": option.declared_type.to_uppercase(),
        })
    });
    json!({
        "column": found.column.name(),
        "type": found.column.declared_type.to_uppercase(),
        "affinity": found.column.affinity().name().to_ascii_lowercase(),
        "current": current,
        "suggestions": found.suggestions.iter().map(suggestion).collect::<Vec<_>>(),
        "options": options.collect::<Vec<_>>(),
    })
}

fn suggestion(found: &Suggestion) -> Json {
    let mut reasons = vec!["type_match", "sample_values_exist"];
    if found.name_matches {
        reasons.push("name_match");
    }
    json!({
        "fk_table": found.target.table().name(),
        "fk_column": found.target.name(),
        "confidence": "sampled",
        "sampled_values": found.values,
        "reasons": reasons,
    })
}
