//! Which statements run on behalf of one request, when somebody asks (DEBUG-70).

use std::future::Future;
use std::sync::Arc;

use datasette_sqlite::{Database, Tracer};
pub use datasette_sqlite::{Trace, Traced, TracedParams};

tokio::task_local! {
    /// Goes with the task, so that it also sees what plugins ask on the way.
    static TRACE: Arc<Trace>;
}

/// Notes the statements that `work` runs on attached databases. Those on the server's own database
/// are left out: their parameters could name what the visitor may not see.
pub async fn noting<F: Future>(trace: Arc<Trace>, work: F) -> F::Output {
    TRACE.scope(trace, work).await
}

/// The same for work that goes on in a task of its own.
pub fn inherited<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let trace = TRACE.try_with(Arc::clone).ok();
    async move {
        match trace {
            Some(trace) => noting(trace, work).await,
            None => work.await,
        }
    }
}

/// A database whose statements are noted where somebody wants to know of them.
pub(crate) fn watched(database: Database, name: &str) -> Database {
    match TRACE.try_with(Arc::clone) {
        Ok(trace) => database.traced(Tracer::new(trace, name)),
        Err(_) => database,
    }
}
