//! Calls that write: one file per endpoint. Their errors are JSON (WRITE-05).

mod alter_table;
pub(in crate::page) mod body;
mod create_table;
mod delete;
mod drop_table;
mod insert;
mod place;
mod rows;
mod set_column_type;
mod spool;
mod streamed;
mod table_links;
mod update;

use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use datasette_core::Fault;
use datasette_engine::trace;
use datasette_engine::write::Author;
use datasette_telemetry::FutureExt;

use crate::problem;
use crate::reply::Reply;
use crate::route::Change;
use crate::visit::Visit;

/// Answers a call.
pub(crate) async fn answer(visit: &Visit, change: Change, body: Body) -> Result<Reply, Fault> {
    let answered = match change {
        Change::Insert { database, table } => {
            insert::insert(visit, (&database, &table), body).await
        }
        Change::Upsert { database, table } => {
            insert::upsert(visit, (&database, &table), body).await
        }
        Change::CreateTable { database } => {
            // That there is no such database is told as pages tell it (WRITE-70).
            let database = visit.database(&database)?;
            create_table::answer(visit, &database, body).await
        }
        Change::AlterTable { database, table } => {
            alter_table::answer(visit, (&database, &table), body).await
        }
        Change::DropTable { database, table } => {
            drop_table::answer(visit, (&database, &table), body).await
        }
        Change::SetColumnType { database, table } => {
            set_column_type::answer(visit, (&database, &table), body).await
        }
        Change::Update {
            database,
            table,
            identifier,
        } => return update::answer(visit, (&database, &table, &identifier), body).await,
        Change::Delete {
            database,
            table,
            identifier,
        } => return delete::answer(visit, (&database, &table, &identifier)).await,
    };
    Ok(answered.unwrap_or_else(|fault| refused(visit, &fault)))
}

/// The JSON of a failure, whose cause goes to the log.
fn refused(visit: &Visit, fault: &Fault) -> Reply {
    problem::log(visit, fault);
    problem::json(fault)
}

/// Who asks, for the engine.
pub(in crate::page) fn author(visit: &Visit) -> Author {
    Author {
        instance: Arc::clone(&visit.app.instance),
        actor: visit.actor().cloned(),
        request: visit.request().cloned(),
        call: visit.call.clone(),
    }
}

/// Runs a change to its end in a task of its own: a client that leaves does not keep plugins from
/// hearing what happened.
pub(in crate::page) async fn to_its_end<T: Send + 'static>(
    change: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    let task = tokio::spawn(trace::inherited(change).with_current_context());
    task.await
        .unwrap_or_else(|broken| Err(Fault::internal(broken)))
}
