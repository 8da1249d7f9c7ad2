//! The search behind the jump box (DEBUG-13 to DEBUG-20).

use datasette_core::Fault;
use datasette_engine::find::find;
use serde_json::{Value as Json, json};

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `/-/jump?q=`.
pub(crate) async fn answer(visit: &Visit) -> Result<Reply, Fault> {
    let q = visit.query().get("q").unwrap_or_default();
    let (found, truncated) = find(&visit.hooks(), q).await?;
    let matches: Vec<Json> = found
        .iter()
        .map(|item| {
            let mut shown = json!({
                "name": item.label,
                "url": item.url,
                "type": item.kind,
                "description": item.description,
            });
            if let Some(name) = &item.display_name {
                shown["display_name"] = json!(name);
            }
            shown
        })
        .collect();
    Ok(reply::json(
        &json!({"ok": true, "matches": matches, "truncated": truncated}),
    ))
}
