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
use crate::session::{Parameters, Session};

/// A read lane's connection, inside one read transaction.
pub struct Reader<'lane> {
    session: Session<'lane>,
    schemas: &'lane SchemaCache,
    generation: u64,
    schema: Option<Arc<DatabaseSchema>>,
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
        }
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
        self.session
            .query(sql, Parameters::Named(params), limits, sink)
    }

    /// Like [`Reader::query`], with the rows copied into a batch.
    pub fn batch(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        self.session.batch(sql, Parameters::Named(params), limits)
    }

    /// Like [`Reader::batch`], with parameters bound by place.
    pub fn batch_values(
        &mut self,
        sql: &str,
        values: &[Value],
        limits: &Limits,
    ) -> Result<(RowBatch, Outcome), SqlError> {
        self.session
            .batch(sql, Parameters::Positional(values), limits)
    }

    /// The first column of the first row; `None` when there is no row.
    pub fn single(
        &mut self,
        sql: &str,
        params: &[(String, Value)],
        limits: &Limits,
    ) -> Result<Option<Value>, SqlError> {
        self.session.single(sql, Parameters::Named(params), limits)
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

    /// What the statement would touch; it is compiled and not run.
    pub fn analyse(&mut self, sql: &str) -> Result<Vec<Access>, SqlError> {
        explain::accesses(&self.session, sql)
    }
}
