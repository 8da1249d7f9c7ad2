//! What a query page is about, and by what right.

use datasette_core::action::{ExecuteSql, ViewQuery};
use datasette_core::{DatabaseRef, Fault, RowSink, StoredQuery};
use datasette_engine::page::QueryPage;
use datasette_engine::read::{QueryRequest, RunPermit, read_query, show_stored};
use datasette_permissions::Permit;
use datasette_render::json::stored::metadata;
use serde_json::Value as Json;

use super::row_limit;
use crate::visit::Visit;

/// A statement that may be run.
pub(crate) enum Subject {
    /// SQL that a visitor wrote; without SQL there is nothing to run yet (QUERY-21).
    Sql {
        /// The right to run SQL.
        permit: Permit<ExecuteSql>,
        /// The statement.
        sql: String,
    },
    /// A stored query that reads.
    Stored(RunPermit),
    /// A stored query that writes: pages show it and run nothing (QUERY-37, QUERY-38).
    Writing(Permit<ViewQuery>),
}

impl Subject {
    /// Where it runs.
    pub(crate) fn database(&self) -> &DatabaseRef {
        match self {
            Self::Sql { permit, .. } => permit.resource(),
            Self::Stored(permit) => permit.query().database(),
            Self::Writing(permit) => permit.resource().database(),
        }
    }

    /// The stored query, where it is one.
    pub(crate) fn stored(&self) -> Option<&StoredQuery> {
        match self {
            Self::Sql { .. } => None,
            Self::Stored(permit) => Some(permit.query().stored()),
            Self::Writing(permit) => Some(permit.resource().stored()),
        }
    }

    /// The statement; empty where there is nothing to run yet.
    pub(crate) fn sql(&self) -> &str {
        match (self, self.stored()) {
            (Self::Sql { sql, .. }, _) => sql,
            (_, Some(stored)) => &stored.sql,
            (_, None) => "",
        }
    }

    /// The metadata of the stored query, else of the database (QUERY-44, EXTRA-34, EXTRA-35).
    pub(crate) fn metadata(&self, visit: &Visit) -> Json {
        if let Some(stored) = self.stored() {
            return metadata(stored);
        }
        let all = &visit.app.instance.config.metadata;
        let own = all.database(self.database().name());
        Json::Object(own.cloned().unwrap_or_default())
    }

    /// What is read where this is shown: nothing for a query that writes.
    pub(crate) async fn read<S: RowSink + 'static>(
        &self,
        visit: &Visit,
        sink: S,
    ) -> Result<(QueryPage, S), Fault> {
        if let Self::Writing(permit) = self {
            let page = show_stored(&visit.app.instance, permit, visit.query()).await?;
            return Ok((page, sink));
        }
        self.run(visit, sink).await
    }

    /// Runs the statement on a connection that only reads, whatever it is (CSV-30).
    ///
    /// # Errors
    /// As [`Subject::request`].
    pub(crate) async fn run<S: RowSink + 'static>(
        &self,
        visit: &Visit,
        sink: S,
    ) -> Result<(QueryPage, S), Fault> {
        let request = self.request(visit).await?;
        read_query(&visit.app.instance, request, row_limit(visit), sink).await
    }

    /// The statement with its values.
    ///
    /// # Errors
    /// 403 where running it takes more than viewing it.
    pub(crate) async fn request(&self, visit: &Visit) -> Result<QueryRequest, Fault> {
        let instance = &visit.app.instance;
        match self {
            Self::Sql { permit, sql } => {
                QueryRequest::arbitrary(instance, permit, sql, visit.query())
            }
            Self::Stored(permit) => stored(visit, permit).await,
            Self::Writing(permit) => {
                let permit = RunPermit::require(instance, permit).await?;
                stored(visit, &permit).await
            }
        }
    }
}

async fn stored(visit: &Visit, permit: &RunPermit) -> Result<QueryRequest, Fault> {
    let context = visit.hooks();
    QueryRequest::stored(&visit.app.instance, permit, &context, visit.query()).await
}
