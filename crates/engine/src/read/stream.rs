//! All rows of a table or view, in the order of its pages, from one snapshot and in constant
//! memory.

use std::time::Duration;

use datasette_core::{Fault, RowBatch, RowSink, SinkClosed};
use datasette_query::plan_table;
use datasette_query::{NextToken, TableQuestion};
use datasette_sqlite::{Limits, Reader, SqlError};

use super::expand;
use super::table::TableRequest;
use crate::Instance;
use crate::page::Expandable;
use crate::page_sink::PageSink;

/// Rows that are labelled at a time.
const LABELLED_ROWS: u32 = 1000;

impl TableRequest {
    /// Streams every matching row into the sink (CSV-12). Without labels that is one statement;
    /// with labels rows are held a thousand at a time, because their labels are looked up
    /// together. `labels` are places in [`TableRequest::expandable`].
    ///
    /// Beside the sink comes what ended the stream early, for instance 400 when no row came for
    /// longer than the time limit: what the sink has taken by then may already be on its way.
    ///
    /// # Errors
    /// The database cannot be visited.
    pub async fn stream<S: RowSink + 'static>(
        self,
        instance: &Instance,
        labels: Vec<usize>,
        mut sink: S,
    ) -> Result<(S, Option<Fault>), Fault> {
        let settings = &instance.config.settings;
        let limit = self
            .question
            .time_limit_ms
            .unwrap_or(settings.sql_time_limit_ms);
        let limit = Duration::from_millis(u64::from(limit));
        let handle = instance.handle(self.question.table.database())?;
        handle
            .export(move |reader| {
                self.scope.keep(reader);
                let done = if labels.is_empty() {
                    plain(reader, &self, limit, &mut sink)
                } else {
                    labelled(reader, self, &labels, limit, &mut sink)
                };
                Ok((sink, done.err()))
            })
            .await
    }
}

fn plain(
    reader: &mut Reader<'_>,
    request: &TableRequest,
    limit: Duration,
    sink: &mut dyn RowSink,
) -> Result<(), Fault> {
    let limits = Limits::between_rows(limit);
    match reader.query(
        &request.plan.unlimited_sql,
        &request.plan.params,
        &limits,
        sink,
    ) {
        Ok(_) | Err(SqlError::SinkClosed) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn labelled(
    reader: &mut Reader<'_>,
    request: TableRequest,
    labels: &[usize],
    limit: Duration,
    sink: &mut dyn RowSink,
) -> Result<(), Fault> {
    let expanded: Vec<Expandable> = labels
        .iter()
        .filter_map(|place| request.expandable.get(*place))
        .cloned()
        .collect();
    let mut question = request.question;
    question.page_size = LABELLED_ROWS;
    let mut announced = false;
    loop {
        let plan = plan_table(&question);
        let mut batch = RowBatch::new();
        let mut page = PageSink::new(
            &mut batch,
            question.page_size as usize,
            question.selected.len(),
        );
        reader.query(
            &plan.page_sql,
            &plan.params,
            &Limits::time(limit),
            &mut page,
        )?;
        let next = match page.last_before_more() {
            Some(last) => {
                let value = match plan.sort_lookup(&question, last) {
                    Some((sql, params)) => reader.single(&sql, &params, &Limits::time(limit))?,
                    None => None,
                };
                plan.next_token(&question, last, value.as_ref().map(|value| value.as_ref()))
            }
            None => None,
        };
        let found = expand::labels(reader, &expanded, &batch, limit)?;
        if !announced {
            sink.columns(batch.column_names());
            announced = true;
        }
        for row in batch.rows() {
            if sink.row(&found.on(row)) == Err(SinkClosed) {
                return Ok(());
            }
        }
        let Some(next) = advance(&question, next)? else {
            return Ok(());
        };
        question.next = Some(next);
    }
}

fn advance(question: &TableQuestion, token: Option<String>) -> Result<Option<NextToken>, Fault> {
    match token {
        Some(token) => NextToken::parse(&question.table, question.sort.as_ref(), &token),
        None => Ok(None),
    }
}
