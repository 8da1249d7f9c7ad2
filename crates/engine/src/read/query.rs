//! Running SQL that a visitor wrote.

use std::time::Duration;

use datasette_core::action::ExecuteSql;
use datasette_core::clock::Stopwatch;
use datasette_core::{Fault, QueryString, Row, RowSink, SinkClosed, Value};
use datasette_permissions::Permit;
use datasette_query::statement;
use datasette_sqlite::{Limits, SqlError};

use crate::Instance;
use crate::page::QueryPage;

/// A permitted statement with its values.
#[derive(Debug)]
pub struct QueryRequest {
    /// The statement.
    pub sql: String,
    /// Values of its named parameters, in order of first appearance.
    pub params: Vec<(String, Value)>,
    /// Further arguments: the statement may name them in ways that are no parameters (QUERY-16).
    supplied: Vec<(String, Value)>,
    time_limit_ms: Option<u32>,
}

impl QueryRequest {
    /// Reads `sql` and the values of its parameters (QUERY-13 to QUERY-15).
    ///
    /// # Errors
    /// 400 titled `Invalid SQL` for what is no SELECT (QUERY-03 to QUERY-08), 400 for a
    /// `_timelimit` that is no integer (QUERY-24).
    pub fn parse(sql: &str, arguments: &QueryString) -> Result<Self, Fault> {
        statement::validate_select(sql)?;
        let mut params = Vec::new();
        for name in statement::named_parameters(sql) {
            match arguments.get(&name).filter(|_| name != "sql") {
                Some(value) => params.push((name, Value::from(value))),
                None if name.starts_with('_') => {}
                None => params.push((name, Value::from(""))),
            }
        }
        let supplied = arguments
            .pairs()
            .iter()
            .filter(|(name, _)| name != "sql" && !params.iter().any(|(known, _)| known == name))
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect();
        let time_limit_ms = match arguments.get("_timelimit").filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => Some(text.trim().parse().map_err(|_| {
                Fault::bad_request("_timelimit must be a whole number of milliseconds")
            })?),
        };
        Ok(Self {
            sql: sql.to_owned(),
            params,
            supplied,
            time_limit_ms,
        })
    }
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
/// 400 when it ran into its time limit (QUERY-22).
pub async fn read_query<S: RowSink + 'static>(
    instance: &Instance,
    permit: &Permit<ExecuteSql>,
    request: QueryRequest,
    row_limit: Option<usize>,
    mut sink: S,
) -> Result<(QueryPage, S), Fault> {
    let database = permit.resource().clone();
    let private = instance
        .gate
        .is_private::<ExecuteSql>(permit.actor(), &database)
        .await?;
    let settings = &instance.config.settings;
    let time = request
        .time_limit_ms
        .map_or(settings.sql_time_limit_ms, |limit| {
            limit.min(settings.sql_time_limit_ms)
        });
    let limits = Limits {
        rows: row_limit,
        ..Limits::time(Duration::from_millis(u64::from(time)))
    };
    let handle = instance.handle(&database)?;
    let shown = request
        .params
        .iter()
        .filter(|(name, _)| !name.starts_with('_'));
    let params = shown.cloned().collect();
    let bound = [request.params, request.supplied].concat();
    handle
        .read(move |reader| {
            let watch = Stopwatch::start();
            let mut noting = Noting {
                inner: &mut sink,
                columns: Vec::new(),
            };
            let result = reader.query(&request.sql, &bound, &limits, &mut noting);
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
                sql: request.sql,
                params,
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
