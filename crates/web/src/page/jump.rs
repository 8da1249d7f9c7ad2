//! The search behind the jump box (DEBUG-13 to DEBUG-20).

use datasette_core::Fault;
use datasette_engine::find::{Target, find};
use serde_json::{Value as Json, json};

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `/-/jump?q=`.
pub(crate) async fn answer(visit: &Visit) -> Result<Reply, Fault> {
    let q = visit.query().get("q").unwrap_or_default();
    let instance = &visit.app.instance;
    let (found, truncated) = find(instance, visit.actor(), &visit.catalogue, q).await?;
    let urls = &visit.app.urls;
    let matches: Vec<Json> = found
        .iter()
        .map(|item| {
            let url = match &item.target {
                Target::Database(route) => urls.database_route(route),
                Target::Table(route, name) => urls.child(route, name),
                Target::Path(path) => urls.path(path),
            };
            json!({
                "name": item.name,
                "url": url,
                "type": item.kind.name(),
                "description": item.description,
            })
        })
        .collect();
    Ok(reply::json(
        &json!({"ok": true, "matches": matches, "truncated": truncated}),
    ))
}
