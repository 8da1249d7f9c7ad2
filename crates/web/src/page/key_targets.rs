//! `/{db}/-/foreign-key-targets`: the tables that a new foreign key may refer to (WRITE-124,
//! WRITE-125).

use datasette_core::action::{AlterTable, CreateTable};
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::read::{TargetsPermit, key_targets};
use serde_json::{Value as Json, json};

use crate::problem;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Answers with JSON; an unknown database has the page that all pages have for it.
pub(crate) async fn answer(visit: &Visit, route: &str) -> Result<Reply, Fault> {
    let database = visit.database(route)?;
    let answered = targets(visit, &database).await;
    Ok(answered.unwrap_or_else(|fault| problem::json(&fault)))
}

async fn targets(visit: &Visit, database: &DatabaseRef) -> Result<Reply, Fault> {
    let permit = permit(visit, database).await?;
    let targets = key_targets(&visit.app.instance, &permit).await?;
    let targets: Vec<Json> = targets
        .iter()
        .map(|target| {
            json!({
                "fk_table": target.table().name(),
                "fk_column": target.name(),
                "type": target.affinity().name().to_ascii_lowercase(),
            })
        })
        .collect();
    Ok(reply::json(&json!({
        "ok": true,
        "database": database.name(),
        "targets": targets,
    })))
}

async fn permit(visit: &Visit, database: &DatabaseRef) -> Result<TargetsPermit, Fault> {
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    if let Some(permit) = gate.allows::<CreateTable>(actor, database).await? {
        return Ok(TargetsPermit::Create(permit));
    }
    let named = visit.query().get("table");
    let table = named.and_then(|name| database.table(name));
    if let Some(table) = table.filter(|table| !table.is_view())
        && let Some(permit) = gate.allows::<AlterTable>(actor, &table).await?
    {
        return Ok(TargetsPermit::Alter(permit));
    }
    Err(Fault::forbidden("Permission denied: need create-table"))
}
