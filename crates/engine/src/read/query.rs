//! Running a statement: one that a visitor wrote, or a stored query.

use std::time::Duration;

use datasette_core::action::{ExecuteSql, QueryRef, ViewQuery};
use datasette_core::clock::Stopwatch;
use datasette_core::{DatabaseRef, Fault, QueryString, Row, RowSink, SinkClosed, Value};
use datasette_hooks::Context;
use datasette_permissions::Permit;
use datasette_query::{bounds, statement};
use datasette_sqlite::{Limits, SqlError};

use super::scope::Scope;
use super::stored::RunPermit;
use crate::page::QueryPage;
use crate::{Instance, ask, magic};

/// A permitted statement with its values.
#[derive(Debug)]
pub struct QueryRequest {
    right: Right,
    sql: String,
    /// Values of its parameters as pages show them, without those whose name starts with `_`.
    shown: Vec<(String, Value)>,
    /// Everything that the statement may bind; of equal names the first wins.
    bound: Vec<(String, Value)>,
    time_limit_ms: u32,
}

/// By what right a statement is run.
#[derive(Debug)]
enum Right {
    Sql(Permit<ExecuteSql>),
    Stored(RunPermit),
}

impl Right {
    fn database(&self) -> &DatabaseRef {
        match self {
            Self::Sql(permit) => permit.resource(),
            Self::Stored(permit) => permit.query().database(),
        }
    }

    fn stored(&self) -> Option<&QueryRef> {
        match self {
            Self::Sql(_) => None,
            Self::Stored(permit) => Some(permit.query()),
        }
    }

    /// What the statement may read: a trusted stored query everything (STORED-05), other SQL what
    /// its actor may view.
    async fn scope(&self, instance: &Instance) -> Result<Scope, Fault> {
        match self {
            Self::Stored(permit) if permit.query().stored().is_trusted => Ok(Scope::EVERYTHING),
            Self::Stored(permit) => Scope::of(instance, permit.actor(), self.database()).await,
            Self::Sql(permit) => Scope::of(instance, permit.actor(), self.database()).await,
        }
    }

    /// Whether an anonymous visitor may not see the page (QUERY-41, EXTRA-46).
    async fn is_private(&self, instance: &Instance) -> Result<bool, Fault> {
        let gate = &instance.gate;
        match self {
            Self::Sql(permit) => {
                gate.is_private::<ExecuteSql>(permit.actor(), permit.resource())
                    .await
            }
            Self::Stored(permit) => {
                gate.is_private::<ViewQuery>(permit.actor(), permit.query())
                    .await
            }
        }
    }
}

impl QueryRequest {
    /// SQL of a visitor, with the values of its parameters (QUERY-13 to QUERY-15).
    ///
    /// # Errors
    /// 400 titled `Invalid SQL` for what is no SELECT (QUERY-03 to QUERY-08), 400 for a
    /// `_timelimit` that is no integer (QUERY-24).
    pub fn arbitrary(
        instance: &Instance,
        permit: &Permit<ExecuteSql>,
        sql: &str,
        arguments: &QueryString,
    ) -> Result<Self, Fault> {
        statement::validate_select(sql)?;
        // Named `sql`, a parameter would be the statement itself.
        let arguments = arguments.without(|name, _| name == "sql");
        Ok(Self {
            right: Right::Sql(permit.clone()),
            sql: sql.to_owned(),
            shown: values(ask::parameter_fields(sql, None, &arguments)),
            bound: bound(sql, None, &arguments),
            time_limit_ms: time_limit(instance, &arguments)?,
        })
    }

    /// A stored query, as it was stored (QUERY-09), with its magic parameters (QUERY-32), which
    /// no argument overrides (QUERY-33).
    ///
    /// # Errors
    /// What a magic parameter refuses with, 400 for a `_timelimit` that is no integer.
    pub async fn stored(
        instance: &Instance,
        permit: &RunPermit,
        context: &Context<'_>,
        arguments: &QueryString,
    ) -> Result<Self, Fault> {
        let stored = permit.query().stored();
        let (sql, fixed) = (stored.sql.as_str(), stored.fixed_parameters());
        let time_limit_ms = time_limit(instance, arguments)?;
        let mut all = magic::values(&instance.declared, context, sql).await?;
        let ordinary = arguments.without(|name, _| magic::parts(name).is_some());
        all.extend(bound(sql, fixed, &ordinary));
        Ok(Self {
            right: Right::Stored(permit.clone()),
            sql: sql.to_owned(),
            shown: values(ask::parameter_fields(sql, fixed, arguments)),
            bound: all,
            time_limit_ms,
        })
    }

    /// Where it runs.
    pub fn database(&self) -> &DatabaseRef {
        self.right.database()
    }
}

fn values(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<(String, Value)> {
    pairs
        .into_iter()
        .map(|(name, value)| (name, Value::Text(value)))
        .collect()
}

/// What a statement may bind: its parameters, empty where the request has none, except those
/// whose names start with `_` (QUERY-14, QUERY-15), and all other arguments, since statements can
/// name them in ways that are no parameters (QUERY-16).
fn bound(sql: &str, fixed: Option<&[String]>, arguments: &QueryString) -> Vec<(String, Value)> {
    let fields = ask::parameter_fields(sql, fixed, arguments);
    let others = arguments.pairs().iter().cloned();
    values(fields.into_iter().chain(others))
}

fn time_limit(instance: &Instance, arguments: &QueryString) -> Result<u32, Fault> {
    let most = instance.config.settings.sql_time_limit_ms;
    Ok(bounds::time_limit(arguments, most)?.unwrap_or(most))
}

/// Notes the columns on their way to the sink.
struct Noting<'a> {
    inner: &'a mut dyn RowSink,
    columns: Vec<String>,
}

impl RowSink for Noting<'_> {
    fn columns(&mut self, names: &[String]) {
        self.columns = names.to_vec();
        self.inner.columns(names);
    }
    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        self.inner.row(row)
    }
}

/// Runs the statement; rows go into the sink. A statement that fails is not a fault here: pages
/// show its error beside the form (QUERY-19, QUERY-20).
///
/// # Errors
/// 400 when it ran into its time limit (QUERY-22), 403 when it reads what its actor may not view.
pub async fn read_query<S: RowSink + 'static>(
    instance: &Instance,
    request: QueryRequest,
    row_limit: Option<usize>,
    mut sink: S,
) -> Result<(QueryPage, S), Fault> {
    let private = request.right.is_private(instance).await?;
    let database = request.right.database().clone();
    let stored = request.right.stored().cloned();
    let limits = Limits {
        rows: row_limit,
        ..Limits::time(Duration::from_millis(u64::from(request.time_limit_ms)))
    };
    let scope = request.right.scope(instance).await?;
    let handle = instance.handle(&database)?;
    handle
        .read(move |reader| {
            scope.keep(reader);
            let watch = Stopwatch::start();
            let mut noting = Noting {
                inner: &mut sink,
                columns: Vec::new(),
            };
            let result = reader.query(&request.sql, &request.bound, &limits, &mut noting);
            let mut columns = noting.columns;
            let (rows, truncated, error) = match result {
                Ok(outcome) => (outcome.rows, outcome.truncated, None),
                Err(SqlError::Statement { message, .. }) => {
                    columns.clear();
                    (0, false, Some(message))
                }
                Err(other) => return Err(other.into()),
            };
            let page = QueryPage {
                database,
                stored,
                sql: request.sql,
                params: request.shown,
                columns,
                rows,
                truncated,
                error,
                private,
                query_ms: watch.milliseconds(),
            };
            Ok((page, sink))
        })
        .await
}

/// Runs the statement; its rows go into the sink, and from there to a reader who may be slow: that
/// takes nothing from the time limit. Beside the sink comes what ended the rows early.
///
/// # Errors
/// The database cannot be visited.
pub async fn stream_query<S: RowSink + 'static>(
    instance: &Instance,
    request: QueryRequest,
    row_limit: Option<usize>,
    mut sink: S,
) -> Result<(S, Option<Fault>), Fault> {
    let limits = Limits {
        rows: row_limit,
        ..Limits::work(Duration::from_millis(u64::from(request.time_limit_ms)))
    };
    let scope = request.right.scope(instance).await?;
    let handle = instance.handle(request.right.database())?;
    handle
        .export(move |reader| {
            scope.keep(reader);
            let failed = match reader.query(&request.sql, &request.bound, &limits, &mut sink) {
                Ok(_) | Err(SqlError::SinkClosed) => None,
                Err(SqlError::Statement { message, .. }) => Some(Fault::invalid_sql(message)),
                Err(other) => Some(other.into()),
            };
            Ok((sink, failed))
        })
        .await
}
