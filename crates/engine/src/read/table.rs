//! Reading a table or view.

use std::sync::Arc;
use std::time::Duration;

use datasette_core::action::ViewTable;
use datasette_core::clock::Stopwatch;
use datasette_core::{Actor, Fault, QueryString, Row, RowBatch, RowSink, Value};
use datasette_hooks::{FacetKind, FilterArguments};
use datasette_permissions::Permit;
use datasette_query::facet::FacetScope;
use datasette_query::{Contribution, Obligation, TablePlan, TableQuestion, plan_table};
use datasette_sqlite::{Limits, Reader, SqlError};

use super::deadline::Deadline;
use super::obligations::discharge;
use super::scope::Scope;
use super::{count, expand, facets, own_facets, suggest};
use crate::findings::{Finding, Findings, Place};
use crate::labels::Labels;
use crate::page::{Count, Expandable, TablePage};
use crate::page_sink::PageSink;
use crate::{Instance, defaults};

/// What a renderer wants beside the rows.
#[derive(Clone, Debug, Default)]
pub struct TableWants {
    /// The capped count.
    pub count: bool,
    /// Configured and requested facets.
    pub facets: bool,
    /// Suggested facets.
    pub suggestions: bool,
    /// The query string, for kinds of facets that look at it.
    pub arguments: QueryString,
    /// Foreign keys shown with labels: places in [`TableRequest::expandable`].
    pub labels: Vec<usize>,
}

/// A permitted, understood and planned request for a page of a table or view.
#[derive(Debug)]
pub struct TableRequest {
    /// What is asked.
    pub question: TableQuestion,
    /// The statements.
    pub plan: TablePlan,
    /// Foreign keys that may be expanded; empty unless asked for.
    pub expandable: Vec<Expandable>,
    private: bool,
    /// What raw conditions may read.
    pub(super) scope: Scope,
}

impl TableRequest {
    /// Reads the query string of a permitted request. Everything else that it needs is checked
    /// before its mistakes are told, because they may tell about other tables.
    pub async fn new(
        instance: &Instance,
        permit: &Permit<ViewTable>,
        arguments: &QueryString,
        filters: FilterArguments,
    ) -> Result<Self, Fault> {
        let table = permit.resource();
        let actor = permit.actor();
        let defaults = defaults::of(instance, table);
        let obligations = Obligation::demanded(table, arguments, &defaults);
        discharge(instance, actor, &obligations).await?;
        let mut question = TableQuestion::parse(table, arguments, &defaults, &instance.limits())?;
        question.contributions = contribution(filters).into_iter().collect();
        let plan = plan_table(&question);
        let private = instance.gate.is_private::<ViewTable>(actor, table).await?;
        let scope = match question.wheres.is_empty() {
            true => Scope::EVERYTHING,
            false => Scope::of(instance, actor, table.database()).await?,
        };
        Ok(Self {
            question,
            plan,
            expandable: Vec::new(),
            private,
            scope,
        })
    }

    /// Looks up which foreign keys may be expanded (LABEL-07).
    pub async fn find_expandable(
        &mut self,
        instance: &Instance,
        actor: Option<&Actor>,
    ) -> Result<(), Fault> {
        self.expandable = expand::expandable(instance, actor, &self.question.table).await?;
        Ok(())
    }

    /// Whether the same request is answered the same for as long as its database stays the same:
    /// nothing in it looks at a clock or out of the database.
    pub fn is_steady(&self) -> bool {
        let is_steady = |key: &Expandable| key.other_table.kind.is_steady();
        self.question.is_steady() && self.expandable.iter().all(is_steady)
    }

    /// Counts all matching rows, without the cap (COUNT-06).
    ///
    /// # Errors
    /// 400 when it took longer than the time limit (COUNT-07).
    pub async fn count_exactly(self, instance: &Instance) -> Result<i64, Fault> {
        let limit = Duration::from_millis(u64::from(instance.config.settings.sql_time_limit_ms));
        let handle = instance.handle(self.question.table.database())?;
        handle
            .read(move |reader| {
                self.scope.keep(reader);
                let (sql, params) = (&self.plan.count_sql, &self.plan.count_params);
                match reader.single(sql, params, &Limits::time(limit)) {
                    Ok(Some(Value::Integer(rows))) => Ok(rows),
                    Ok(_) => Ok(0),
                    Err(SqlError::Interrupted { .. }) => {
                        Err(Fault::bad_request("Count query timed out"))
                    }
                    Err(error) => Err(error.into()),
                }
            })
            .await
    }

    /// Visits one lane once: rows go into the sink, the rest into the page.
    pub async fn read<S: RowSink + 'static>(
        self,
        instance: &Instance,
        wants: TableWants,
        mut sink: S,
    ) -> Result<(TablePage, S), Fault> {
        let settings = &instance.config.settings;
        let milliseconds = |limit: u32| Duration::from_millis(u64::from(limit));
        // The time of a query bounds these limits, too; 0 leaves it to that.
        let within = |limit: u32| match limit {
            0 => milliseconds(settings.sql_time_limit_ms),
            limit => milliseconds(limit.min(settings.sql_time_limit_ms)),
        };
        let limits = Times {
            rows: milliseconds(
                self.question
                    .time_limit_ms
                    .unwrap_or(settings.sql_time_limit_ms),
            ),
            count: milliseconds(settings.sql_time_limit_ms),
            facet: within(settings.facet_time_limit_ms),
            suggest: within(settings.facet_suggest_time_limit_ms),
        };
        let handle = instance.handle(self.question.table.database())?;
        let inspected = match self.plan.matches_all {
            true => instance.counts.inspected(&self.question.table),
            false => None,
        };
        let kinds = Arc::clone(&instance.declared.facet_kinds);
        let findings = Arc::clone(&instance.findings);
        let sought = (wants.count, wants.facets, wants.suggestions);
        let place = match sought {
            (false, false, false) => None,
            _ => Place::of(
                &handle,
                &self.question,
                &self.plan,
                &self.expandable,
                sought,
            ),
        };
        handle
            .read(move |reader| {
                let visit = Visit {
                    wants: &wants,
                    kinds: &kinds,
                    times: &limits,
                    inspected,
                };
                let page = visit.read(reader, self, (&findings, place.as_ref()), &mut sink)?;
                Ok((page, sink))
            })
            .await
    }
}

/// What plugins add, in the words of the question (HOOK-139).
fn contribution(filters: FilterArguments) -> Option<Contribution> {
    if filters == FilterArguments::default() {
        return None;
    }
    let params = filters.params.into_iter();
    Some(Contribution {
        where_clauses: filters.where_clauses,
        params: params.map(|(name, value)| (name, value.0)).collect(),
        human_descriptions: filters.human_descriptions,
    })
}

struct Times {
    rows: Duration,
    count: Duration,
    facet: Duration,
    suggest: Duration,
}

/// What one visit to a lane is about.
struct Visit<'a> {
    wants: &'a TableWants,
    kinds: &'a [Arc<dyn FacetKind>],
    times: &'a Times,
    /// The number of all rows, where it was counted before and all rows match.
    inspected: Option<Count>,
}

impl Visit<'_> {
    fn read(
        &self,
        reader: &mut Reader<'_>,
        request: TableRequest,
        (findings, place): (&Findings, Option<&Place>),
        sink: &mut dyn RowSink,
    ) -> Result<TablePage, Fault> {
        let watch = Stopwatch::start();
        request.scope.keep(reader);
        let rows = if self.wants.labels.is_empty() {
            read_rows(reader, &request, self.times.rows, sink)?
        } else {
            read_labelled(reader, &request, self.wants, self.times, sink)?
        };
        let finding = match place.and_then(|place| findings.recall(place)) {
            Some(finding) => finding,
            None => {
                let finding = self.find(reader, &request, &rows)?;
                if let Some(place) = place {
                    findings.keep(place, &finding);
                }
                finding
            }
        };
        let complete = finding.is_complete(self.wants.count) && !reader.was_cut_short();
        Ok(TablePage {
            columns: rows.columns,
            rows: rows.rows,
            next: rows.next,
            count: finding.count,
            facets: finding.facets,
            suggested: finding.suggested,
            added_suggestions: Vec::new(),
            labels: rows.labels,
            expandable: request.expandable,
            private: request.private,
            complete,
            query_ms: watch.milliseconds(),
            question: request.question,
            plan: request.plan,
        })
    }

    /// Counts, facets and suggestions, as far as they are wanted.
    fn find(
        &self,
        reader: &mut Reader<'_>,
        request: &TableRequest,
        rows: &ReadRows,
    ) -> Result<Finding, Fault> {
        let question = &request.question;
        let whole = question.next.is_none() && rows.next.is_none() && question.page_size > 0;
        let mut finding = Finding {
            count: match (self.wants.count, self.inspected) {
                // Also for `_nocount`, which is there to save time (COUNT-03).
                (_, Some(count)) => Some(count),
                // A first page without a next one has shown all there is.
                (true, None) if whole => Some(Count::capped(rows.rows as u64)),
                (true, None) => count::capped(reader, &request.plan, self.times.count)?,
                (false, None) => None,
            },
            ..Finding::default()
        };
        if !self.wants.facets && !self.wants.suggestions {
            return Ok(finding);
        }
        let scope = FacetScope::new(question, &request.plan);
        let matching = finding.count.map(|count| count.rows);
        let counting = facets::Counting {
            kinds: self.kinds,
            outer: &own_facets::scope(&scope, &self.wants.arguments, matching),
            scope: &scope,
            requests: &question.facets,
        };
        let deadline = Deadline::after(self.times.count);
        if self.wants.facets {
            let times = (self.times.facet, deadline);
            finding.facets = Some(counting.results(reader, &request.expandable, times)?);
        }
        if self.wants.suggestions {
            let times = (self.times.suggest, deadline);
            let suggestions = suggest::suggestions(reader, &counting, times)?;
            finding.suggested = suggestions.facets;
            finding.cut_short = suggestions.cut_short;
        }
        finding.cut_short |= reader.was_cut_short();
        Ok(finding)
    }
}

struct ReadRows {
    columns: Vec<String>,
    rows: usize,
    next: Option<String>,
    labels: Labels,
}

fn read_rows(
    reader: &mut Reader<'_>,
    request: &TableRequest,
    limit: Duration,
    sink: &mut dyn RowSink,
) -> Result<ReadRows, Fault> {
    let question = &request.question;
    let mut page = PageSink::new(sink, question.page_size as usize, question.selected.len());
    // A condition of `_where` may end in a comment that hides the statement's own limit.
    let limits = Limits::time(limit).rows(question.page_size as usize + 1);
    reader.query(
        &request.plan.page_sql,
        &request.plan.params,
        &limits,
        &mut page,
    )?;
    let next = match page.last_before_more() {
        Some(last) => next_token(reader, request, last, limit)?,
        None => None,
    };
    let rows = page.rows();
    let columns = page.into_columns();
    let labels = Labels::none(columns.len());
    Ok(ReadRows {
        columns,
        rows,
        next,
        labels,
    })
}

fn next_token(
    reader: &mut Reader<'_>,
    request: &TableRequest,
    last: &dyn Row,
    limit: Duration,
) -> Result<Option<String>, Fault> {
    let sort_value = match request.plan.sort_lookup(&request.question, last) {
        Some((sql, params)) => reader.single(&sql, &params, &Limits::time(limit))?,
        None => None,
    };
    let sort_value = sort_value.as_ref().map(Value::as_ref);
    Ok(request.plan.next_token(&request.question, last, sort_value))
}

/// Labels are looked up for all rows of a page at once, so its rows are held until then.
fn read_labelled(
    reader: &mut Reader<'_>,
    request: &TableRequest,
    wants: &TableWants,
    times: &Times,
    sink: &mut dyn RowSink,
) -> Result<ReadRows, Fault> {
    let mut batch = RowBatch::new();
    let mut rows = read_rows(reader, request, times.rows, &mut batch)?;
    let wanted = wants
        .labels
        .iter()
        .filter_map(|place| request.expandable.get(*place));
    let expanded: Vec<Expandable> = wanted.cloned().collect();
    rows.labels = expand::labels(reader, &expanded, &batch, times.rows)?;
    sink.columns(&rows.columns);
    for row in batch.rows() {
        if sink.row(&rows.labels.on(row)).is_err() {
            break;
        }
    }
    Ok(rows)
}
