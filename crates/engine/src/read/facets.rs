//! Counting the values of facets.

use std::sync::Arc;
use std::time::Duration;

use datasette_core::{Fault, Value, ValueRef};
use datasette_hooks::{FacetKind as Kind, FacetSql, settle_now};
use datasette_query::facet::{FacetKind, FacetRequest, FacetScope};
use datasette_sqlite::{Limits, Reader, SqlError};
use serde_json::Value as Json;

use super::deadline::Deadline;
use super::expand::column_labels;
use super::together::{Counted, Together};
use crate::page::{Expandable, FacetResult, FacetResults, FacetValue};

/// A facet and the statement that counts it.
pub(crate) struct Planned<'a> {
    /// What is asked.
    pub(crate) request: &'a FacetRequest,
    /// What SQLite would be asked.
    pub(crate) statement: FacetSql,
}

/// What facets of a page are counted with.
pub(crate) struct Counting<'a> {
    /// All kinds in the order of evaluation.
    pub(crate) kinds: &'a [Arc<dyn Kind>],
    /// The rows.
    pub(crate) scope: &'a FacetScope,
    /// The rows as kinds see them.
    pub(crate) outer: &'a datasette_hooks::FacetScope,
    /// What configuration and visitor ask for.
    pub(crate) requests: &'a [FacetRequest],
}

impl Counting<'_> {
    /// Computes the facets of all kinds that give SQL, in their order, each within `limit`
    /// (FACET-35) and all before the deadline.
    pub(crate) fn results(
        &self,
        reader: &mut Reader<'_>,
        expandable: &[Expandable],
        (limit, deadline): (Duration, Deadline),
    ) -> Result<FacetResults, Fault> {
        for request in self.requests {
            self.scope.check(request)?;
        }
        let planned = self.planned();
        let mut together = Together::plan(self.scope, &planned);
        together.count(reader, self.scope, limit, deadline)?;
        let mut facets = FacetResults::default();
        for (place, planned) in planned.iter().enumerate() {
            let request = planned.request;
            let counted = match together.take(place) {
                Counted::Not => match deadline.limits(limit) {
                    Some(limits) => self.alone(reader, planned, &limits)?,
                    None => Counted::TimedOut,
                },
                counted => counted,
            };
            match counted {
                Counted::Values(values) => {
                    let labels = (expandable, limit);
                    facets
                        .results
                        .push(self.result(reader, request, values, labels)?);
                }
                Counted::TimedOut => facets.timed_out.push(request.column.clone()),
                Counted::Failed | Counted::Not => {}
            }
        }
        Ok(facets)
    }

    /// The facets that give SQL, in the order of their kinds.
    fn planned(&self) -> Vec<Planned<'_>> {
        let mut planned = Vec::new();
        for kind in self.kinds {
            for request in self.of_kind(kind.name()) {
                let asked = asked(request);
                let statement = settle_now(|| Ok(kind.results_sql(self.outer, &asked)));
                let statement = statement.unwrap_or_else(|error| {
                    tracing::error!(kind = kind.name(), "facet kind failed: {error}");
                    None
                });
                planned.extend(statement.map(|statement| Planned { request, statement }));
            }
        }
        planned
    }

    fn of_kind(&self, name: &str) -> impl Iterator<Item = &FacetRequest> {
        let requests = self.requests.iter();
        requests.filter(move |request| request.kind.name() == name)
    }

    /// Lets SQLite count.
    fn alone(
        &self,
        reader: &mut Reader<'_>,
        planned: &Planned<'_>,
        limits: &Limits,
    ) -> Result<Counted, Fault> {
        let Planned { request, statement } = planned;
        let mut params = self.scope.params.clone();
        params.extend(statement.params.iter().cloned());
        let rows = match reader.batch(&statement.sql, &params, limits) {
            Ok((rows, _)) => rows,
            Err(SqlError::Interrupted { .. }) => return Ok(Counted::TimedOut),
            Err(SqlError::Statement { message, .. })
                if matches!(request.kind, FacetKind::Other(_)) =>
            {
                // A plugin's statement is not the visitor's to mend.
                tracing::error!(kind = request.kind.name(), "facet kind failed: {message}");
                return Ok(Counted::Failed);
            }
            Err(error) => return Err(error.into()),
        };
        let values = rows.rows().map(|row| match row.get(1) {
            ValueRef::Integer(count) => (row.get(0).to_value(), count),
            _ => (row.get(0).to_value(), 0),
        });
        Ok(Counted::Values(values.collect()))
    }

    fn result(
        &self,
        reader: &mut Reader<'_>,
        request: &FacetRequest,
        mut counted: Vec<(Value, i64)>,
        (expandable, limit): (&[Expandable], Duration),
    ) -> Result<FacetResult, Fault> {
        let size = self.scope.facet_size as usize;
        let truncated = counted.len() > size;
        counted.truncate(size);
        let values = counted.into_iter().map(|(value, count)| FacetValue {
            label: value.clone(),
            value,
            count,
        });
        let mut values: Vec<FacetValue> = values.collect();
        if request.kind == FacetKind::Column {
            label(reader, request, expandable, &mut values, limit)?;
        }
        Ok(FacetResult {
            column: request.column.clone(),
            kind: request.kind.name().to_owned(),
            configured: request.configured,
            place: request.place,
            values,
            truncated,
        })
    }
}

/// A request as kinds see it.
fn asked(request: &FacetRequest) -> datasette_hooks::FacetRequest {
    datasette_hooks::FacetRequest {
        column: request.column.clone(),
        config: request
            .config
            .clone()
            .unwrap_or_else(|| Json::from(request.column.as_str())),
        from_metadata: request.configured,
    }
}

/// Values of a foreign key are shown by their labels (FACET-26).
fn label(
    reader: &mut Reader<'_>,
    request: &FacetRequest,
    expandable: &[Expandable],
    values: &mut [FacetValue],
    limit: Duration,
) -> Result<(), Fault> {
    let Some(key) = expandable
        .iter()
        .find(|key| key.column.name() == request.column)
    else {
        return Ok(());
    };
    let keys: Vec<Value> = values.iter().map(|value| value.value.clone()).collect();
    if let Some(labels) = column_labels(reader, key, &keys, limit)? {
        for value in values {
            if let Some(label) = labels.get(value.value.as_ref()) {
                value.label = label.to_value();
            }
        }
    }
    Ok(())
}
