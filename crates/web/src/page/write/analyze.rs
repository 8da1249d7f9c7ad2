//! What SQL would do, while it is being written (WRITE-152, STORED-67).

use datasette_core::action::{ExecuteSql, ExecuteWriteSql, StoreQuery};
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::write::Preview;
use datasette_render::json::analysis;
use serde_json::Value as Json;

use super::{need, only_sql, refused_here};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// `/{db}/-/execute-write/analyze`.
pub(super) async fn to_execute(visit: &Visit, database: &DatabaseRef) -> Result<Reply, Fault> {
    Ok(answer(execute(visit, database).await))
}

/// `/{db}/-/queries/analyze`.
pub(super) async fn to_store(visit: &Visit, database: &DatabaseRef) -> Result<Reply, Fault> {
    Ok(answer(store(visit, database).await))
}

fn answer(document: Result<Json, Fault>) -> Reply {
    match document {
        Ok(document) => reply::unframeable(reply::json(&document)),
        Err(fault) => refused_here(&fault),
    }
}

async fn execute(visit: &Visit, database: &DatabaseRef) -> Result<Json, Fault> {
    need::<ExecuteWriteSql>(visit, database).await?;
    let sql = only_sql(visit)?;
    let instance = &visit.app.instance;
    let preview = Preview::of_write(instance, visit.actor(), database, sql).await?;
    Ok(analysis::to_execute(&preview))
}

async fn store(visit: &Visit, database: &DatabaseRef) -> Result<Json, Fault> {
    need::<ExecuteSql>(visit, database).await?;
    need::<StoreQuery>(visit, database).await?;
    let sql = only_sql(visit)?;
    let instance = &visit.app.instance;
    let preview = Preview::of_stored(instance, visit.actor(), database, sql).await?;
    Ok(analysis::to_store(&preview))
}
