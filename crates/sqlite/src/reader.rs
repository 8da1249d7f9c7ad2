//! One visit to a read lane: every statement of a job sees the same snapshot.

use std::sync::Arc;

use datasette_core::{DatabaseSchema, RowBatch, RowSink, Value};

use crate::analyse::Access;
use crate::error::SqlError;
use crate::explain;
use crate::introspect;
use crate::limits::{Limits, Outcome};
use crate::own_statements;
use crate::schema_cache::SchemaCache;
use crate::scope::ReadScope;
use crate::session::{Parameters, Session};

/// A read lane's connection, inside one read transaction.
pub struct Reader<'lane> {
    session: Session<'lane>,
    schemas: &'lane SchemaCache,
    generation: u64,
    schema: Option<Arc<DatabaseSchema>>,
    cut_short: bool,
}

impl<'lane> Reader<'lane> {
    pub(crate) fn new(
        session: Session<'lane>,
        schemas: &'lane SchemaCache,
        generation: u64,
    ) -> Self {
        Self {
            session,
            schemas,
            generation,
            schema: None,
            cut_short: false,
        }
    }

    /// Whether any statement so far failed for a reason that may be another one next time: a limit
    /// of time, a lock. A page that goes on without it is not all that it could be.
    pub fn was_cut_short(&self) -> bool {
        self.cut_short
    }

    fn noting<T>(&mut self, result: Result<T, SqlError>) -> Result<T, SqlError> {
        let lasting =
            |error: &SqlError| matches!(error, SqlError::Statement { .. } | SqlError::SinkClosed);
        if result.as_ref().is_err_and(|error| !lasting(error)) {
            self.cut_short = true;
        }
        result
    }

    /// Steps a statement and hands each row to `sink` as it comes; the sink learns the column
    /// names also when there are no rows. Parameters are bound by name without prefix and must
    /// cover all names of the statement (QUERY-14 to QUERY-16).
    pub fn query(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
        sink: &mut dyn RowSink,
    ) -> Result<Outcome, SqlError> {
        let result = self
            .session
            .query(sql, Parameters::Named(params), limits, sink);
        self.noting(result)
    }

    /// Like [`Reader::query`], with the rows copied into a batch.
    pub fn batch(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        let result = self.session.batch(sql, Parameters::Named(params), limits);
        self.noting(result)
    }

    /// Like [`Reader::batch`], with parameters bound by place.
    pub fn batch_values(
        &mut self,
        sql: &str,
        values: &[Value],
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        let result = self
            .session
            .batch(sql, Parameters::Positional(values), limits);
        self.noting(result)
    }

    /// The first column of the first row; `None` when there is no row.
    pub fn single(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<Option<Value>, SqlError> {
        let result = self.session.single(sql, Parameters::Named(params), limits);
        self.noting(result)
    }

    /// Keeps the statements that follow within a scope, to the end of this visit. Reading beyond
    /// it fails with [`SqlError::OutOfScope`]. What this reader itself looks up is not bound.
    pub fn restrict(&mut self, scope: Arc<ReadScope>) {
        self.session.policy.restrict(Some(scope));
    }

    /// The schema as this snapshot sees it; introspected only when its version is new.
    pub fn schema(&mut self) -> Result<Arc<DatabaseSchema>, SqlError> {
        if let Some(schema) = &self.schema {
            return Ok(Arc::clone(schema));
        }
        let version = self.schema_version()?;
        let schema = match self.schemas.get(self.generation, version) {
            Some(schema) => schema,
            None => {
                let schema = self
                    .session
                    .as_server(|session| introspect::database(session, version))?;
                let schema = Arc::new(schema);
                self.schemas.put(self.generation, &schema);
                schema
            }
        };
        self.schema = Some(Arc::clone(&schema));
        Ok(schema)
    }

    /// `PRAGMA schema_version`.
    pub fn schema_version(&mut self) -> Result<i64, SqlError> {
        self.session.pragma(own_statements::SCHEMA_VERSION)
    }

    /// `PRAGMA data_version` of this lane. Two values may only be compared when they come from the
    /// same lane; to validate a cache use [`Database::change_stamp`](crate::Database::change_stamp).
    pub fn data_version(&mut self) -> Result<i64, SqlError> {
        self.session.pragma(own_statements::DATA_VERSION)
    }

    /// Has SQLite describe every table once; the first it cannot is the error.
    pub(crate) fn describe_tables(&mut self) -> Result<(), SqlError> {
        self.session.as_server(introspect::describe_tables)
    }

    /// What the statement would touch; it is compiled and not run. Parameters are bound as for
    /// [`Reader::query`]. What a created view reads is not looked into:
    /// [`Writer::analyse`](crate::Writer::analyse) does.
    pub fn analyse(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
    ) -> Result<Vec<Access>, SqlError> {
        explain::accesses(&self.session, sql, params)
    }

    /// Like [`Reader::analyse`] for many statements, each with its parameters.
    pub fn analyse_all(
        &mut self,
        statements: &[(String, Vec<(String, Value)>)],
    ) -> Vec<Result<Vec<Access>, SqlError>> {
        let mut explainer = explain::Explainer::new(&self.session);
        statements
            .iter()
            .map(|(sql, params)| explainer.accesses(sql, params))
            .collect()
    }
}
