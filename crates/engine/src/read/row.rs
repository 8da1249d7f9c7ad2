//! Reading one row.

use std::time::Duration;

use datasette_core::action::ViewTable;
use datasette_core::clock::Stopwatch;
use datasette_core::{ColumnRef, Fault, Row, RowBatch, Value};
use datasette_permissions::Permit;
use datasette_query::row::{incoming, incoming_counts};
use datasette_query::{RowPlan, RowQuestion, plan_row};
use datasette_sqlite::{Limits, Reader, SqlError};

use super::expand;
use crate::Instance;
use crate::labels::Labels;
use crate::page::{Expandable, IncomingLink, RowPage};

/// What a renderer wants beside the row.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowWants {
    /// Foreign keys shown with labels.
    pub labels: bool,
    /// Tables that refer to the row, with counts.
    pub incoming: bool,
}

/// A permitted and understood request for one row.
#[derive(Debug)]
pub struct RowRequest {
    /// What is asked.
    pub question: RowQuestion,
    plan: RowPlan,
    expandable: Vec<Expandable>,
    references: Vec<(IncomingLink, ColumnRef)>,
    private: bool,
}

impl RowRequest {
    /// Reads the identifier of a permitted request, so a mistake in it tells nothing to those who
    /// may not view the table (ROW-01).
    pub async fn new(
        instance: &Instance,
        permit: &Permit<ViewTable>,
        identifier: &str,
        wants: RowWants,
    ) -> Result<Self, Fault> {
        let (table, actor) = (permit.resource(), permit.actor());
        let question = RowQuestion::parse(table, identifier)?;
        let plan = plan_row(&question);
        let expandable = match wants.labels {
            true => expand::expandable(instance, actor, table).await?,
            false => Vec::new(),
        };
        let mut references = Vec::new();
        // One value identifies the row: that of a single key column, or the rowid.
        if wants.incoming && question.key.len() == 1 {
            for (key, column) in incoming(table) {
                let other_table = column.table().clone();
                if instance
                    .gate
                    .allows::<ViewTable>(actor, &other_table)
                    .await?
                    .is_none()
                {
                    continue;
                }
                let link = IncomingLink {
                    other_table,
                    column: key.column,
                    other_column: key.other_column,
                    count: 0,
                };
                references.push((link, column));
            }
        }
        let private = instance.gate.is_private::<ViewTable>(actor, table).await?;
        Ok(Self {
            question,
            plan,
            expandable,
            references,
            private,
        })
    }

    /// Whether the same request is answered the same for as long as its database stays the same.
    pub fn is_steady(&self) -> bool {
        let is_steady = |key: &Expandable| key.other_table.kind.is_steady();
        self.question.table.kind.is_steady() && self.expandable.iter().all(is_steady)
    }

    /// Visits one lane once.
    ///
    /// # Errors
    /// 404 when there is no such row (ERR-15), 400 when looking for it took too long (ROW-20).
    pub async fn read(self, instance: &Instance) -> Result<RowPage, Fault> {
        let limit = Duration::from_millis(u64::from(instance.config.settings.sql_time_limit_ms));
        let handle = instance.handle(self.question.table.database())?;
        handle.read(move |reader| visit(reader, self, limit)).await
    }
}

fn visit(reader: &mut Reader<'_>, request: RowRequest, limit: Duration) -> Result<RowPage, Fault> {
    let watch = Stopwatch::start();
    let (rows, _) = reader.batch(
        &request.plan.sql,
        &request.plan.params,
        &Limits::time(limit).rows(1),
    )?;
    if rows.is_empty() {
        return Err(RowQuestion::missing());
    }
    let labels = match request.expandable.is_empty() {
        true => Labels::none(rows.column_names().len()),
        false => expand::labels(reader, &request.expandable, &rows, limit)?,
    };
    let key = request
        .question
        .key
        .first()
        .map(String::as_str)
        .unwrap_or_default();
    let incoming = count_incoming(reader, request.references, key, limit)?;
    Ok(RowPage {
        table: request.question.table.clone(),
        primary_keys: request
            .question
            .key_names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        primary_key_values: request.question.key,
        plan: request.plan,
        rows,
        labels,
        expandable: request.expandable,
        incoming,
        private: request.private,
        complete: !reader.was_cut_short(),
        query_ms: watch.milliseconds(),
    })
}

/// One statement counts all references; when it takes too long there is no list (ROW-15).
fn count_incoming(
    reader: &mut Reader<'_>,
    references: Vec<(IncomingLink, ColumnRef)>,
    key: &str,
    limit: Duration,
) -> Result<Vec<IncomingLink>, Fault> {
    let columns: Vec<ColumnRef> = references
        .iter()
        .map(|(_, column)| column.clone())
        .collect();
    let Some((sql, params)) = incoming_counts(&columns, key) else {
        return Ok(Vec::new());
    };
    let counts: RowBatch = match reader.batch(&sql, &params, &Limits::time(limit)) {
        Ok((rows, _)) => rows,
        Err(SqlError::Interrupted { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let Some(row) = counts.rows().next() else {
        return Ok(Vec::new());
    };
    let mut links = Vec::with_capacity(references.len());
    for (place, (mut link, _)) in references.into_iter().enumerate() {
        if let Value::Integer(count) = row.value(place).to_value() {
            link.count = count;
        }
        links.push(link);
    }
    Ok(links)
}
