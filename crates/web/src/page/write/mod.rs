//! Pages and calls where SQL is written to be run or kept. No other site may show them in a frame.

mod analyze;
mod execute;
pub(crate) mod payload;
mod query_form;
mod sql_call;
mod stored;

use axum::body::Body;
use axum::http::Method;
use datasette_core::{Action, DatabaseRef, Fault};
use datasette_permissions::Permit;

use crate::problem;
use crate::reply::{self, Reply};
use crate::route::WritePage;
use crate::visit::Visit;

/// Answers a request for one of them.
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    page: WritePage,
    body: Body,
) -> Result<Reply, Fault> {
    let database = visit.database(route)?;
    let posted = visit.method == Method::POST;
    match page {
        WritePage::Execute if posted => execute::run(visit, &database, body).await,
        WritePage::Execute => execute::page(visit, &database).await,
        WritePage::Analyze => analyze::to_execute(visit, &database).await,
        WritePage::AnalyzeQuery => analyze::to_store(visit, &database).await,
        WritePage::Store if posted => stored::store(visit, &database, body).await,
        WritePage::Store => stored::store_page(visit, &database).await,
        WritePage::EditQuery(name) if posted => stored::edit(visit, &database, &name, body).await,
        WritePage::EditQuery(name) => stored::edit_page(visit, &database, &name).await,
        WritePage::UpdateQuery(name) => stored::update(visit, &database, &name, body).await,
        WritePage::DeleteQuery(name) if posted => {
            stored::delete(visit, &database, &name, body).await
        }
        WritePage::DeleteQuery(name) => stored::delete_page(visit, &database, &name).await,
    }
}

/// The permit, or the refusal in the words of calls (WRITE-132, STORED-40).
async fn need<A: Action>(visit: &Visit, resource: &A::Resource) -> Result<Permit<A>, Fault> {
    let gate = &visit.app.instance.gate;
    let refused = format!("Permission denied: need {}", A::NAME);
    gate.require_or::<A>(visit.actor(), resource, &refused)
        .await
}

/// The JSON of a failure, whose cause goes to the log.
fn refused(fault: &Fault) -> Reply {
    if let Some(cause) = fault.cause() {
        tracing::error!("{fault}: {cause}");
    }
    problem::json(fault)
}

/// Refuses arguments other than `sql`.
fn only_sql(visit: &Visit) -> Result<&str, Fault> {
    let pairs = visit.query().pairs().iter();
    let mut others: Vec<&str> = pairs
        .map(|(key, _)| key.as_str())
        .filter(|key| *key != "sql")
        .collect();
    others.sort_unstable();
    others.dedup();
    match others.is_empty() {
        true => Ok(visit.query().get("sql").unwrap_or_default()),
        false => {
            let others = others.join(", ");
            Err(Fault::bad_request(format!("Invalid keys: {others}")))
        }
    }
}

/// Whether somebody may store queries of a database, which takes running SQL as well.
async fn may_store(visit: &Visit, database: &DatabaseRef) -> Result<bool, Fault> {
    use datasette_core::action::{ExecuteSql, StoreQuery};
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    Ok(gate.allows::<ExecuteSql>(actor, database).await?.is_some()
        && gate.allows::<StoreQuery>(actor, database).await?.is_some())
}

/// A refusal that no other site may show in a frame.
fn refused_here(fault: &Fault) -> Reply {
    reply::unframeable(refused(fault))
}
