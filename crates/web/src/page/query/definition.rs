//! `/{db}/{query}/-/definition` (DEBUG-67, STORED-51).

use datasette_core::action::ViewQuery;
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::read::find_stored;
use datasette_render::json::stored;

use crate::problem;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// How a stored query is defined, for those who may view it.
pub(crate) async fn definition(visit: &Visit, route: &str, name: &str) -> Result<Reply, Fault> {
    let database = visit.database(route)?;
    match found(visit, &database, name).await {
        // Clients of this address read JSON, also when there is nothing to read.
        Err(fault) => Ok(problem::json(&fault)),
        Ok(answer) => Ok(answer),
    }
}

async fn found(visit: &Visit, database: &DatabaseRef, name: &str) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let Some(query) = find_stored(instance, database, name).await? else {
        return Err(Fault::not_found(format!("Query not found: {name}")));
    };
    let gate = &instance.gate;
    gate.require_or::<ViewQuery>(visit.actor(), &query, "Permission denied")
        .await?;
    Ok(reply::json(&stored::definition(query.stored())))
}
