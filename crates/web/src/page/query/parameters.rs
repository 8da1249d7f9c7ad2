//! `/{db}/-/query/parameters` (DEBUG-68).

use datasette_core::action::ExecuteSql;
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::ask::named_parameters;
use datasette_render::json::database::UNSTABLE;
use serde_json::json;

use crate::problem;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The parameters that a statement names.
pub(crate) async fn parameters(visit: &Visit, route: &str) -> Result<Reply, Fault> {
    let database = visit.database(route)?;
    // Refusals of a known database are as unframeable as the answer.
    let answer = match derived(visit, &database).await {
        Ok(names) => reply::json(&json!({"ok": true, "unstable": UNSTABLE, "parameters": names})),
        Err(fault) => problem::json(&fault),
    };
    Ok(reply::unframeable(answer))
}

async fn derived(visit: &Visit, database: &DatabaseRef) -> Result<Vec<String>, Fault> {
    let gate = &visit.app.instance.gate;
    let refused = "Permission denied: need execute-sql";
    gate.require_or::<ExecuteSql>(visit.actor(), database, refused)
        .await?;
    let pairs = visit.query().pairs().iter();
    let mut others: Vec<&str> = pairs
        .map(|(key, _)| key.as_str())
        .filter(|key| *key != "sql")
        .collect();
    others.sort_unstable();
    others.dedup();
    if !others.is_empty() {
        let others = others.join(", ");
        return Err(Fault::bad_request(format!("Invalid keys: {others}")));
    }
    let names = named_parameters(visit.query().get("sql").unwrap_or_default());
    if names.iter().any(|name| name.starts_with('_')) {
        return Err(Fault::bad_request("Magic parameters are not allowed"));
    }
    Ok(names)
}
