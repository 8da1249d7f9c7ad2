//! Completing the key of a row (DEBUG-52 to DEBUG-58).

use datasette_core::Fault;
use datasette_engine::read::autocomplete;
use datasette_render::json::autocomplete::body;

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `/{db}/{table}/-/autocomplete`.
pub(crate) async fn answer(visit: &Visit, route: &str, name: &str) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let permit = visit.permitted_table(route, name).await?;
    let page = autocomplete(instance, &permit, visit.query()).await?;
    Ok(reply::with_type(
        "application/json; charset=utf-8",
        body(&page),
    ))
}
