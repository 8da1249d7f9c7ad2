//! The exact count of a table's matching rows (COUNT-06, COUNT-07).

use axum::http::header;
use datasette_core::Fault;
use datasette_engine::ask;
use datasette_engine::read::TableRequest;
use serde_json::json;

use crate::filters;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `POST /{db}/{table}/-/count`.
pub(crate) async fn answer(visit: &Visit, route: &str, name: &str) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let permit = visit.permitted_table(route, name).await?;
    let request = TableRequest::new(
        instance,
        &permit,
        &ask::conditions_only(visit.query()),
        filters::added(visit, permit.resource()).await?,
    )
    .await?;
    let count = request.count_exactly(instance).await?;
    let mut answer = reply::json(&json!({"ok": true, "count": count}));
    reply::set(&mut answer, header::CACHE_CONTROL, "no-store");
    Ok(answer)
}
