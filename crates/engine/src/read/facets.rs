//! Counting the values of facets.

use std::sync::Arc;
use std::time::Duration;

use datasette_core::{Fault, Value};
use datasette_hooks::{FacetKind as Kind, FacetSql, settle_now};
use datasette_query::facet::{FacetKind, FacetRequest, FacetScope};
use datasette_sqlite::{Limits, Reader, SqlError};
use serde_json::Value as Json;

use super::expand::column_labels;
use crate::page::{Expandable, FacetResult, FacetResults, FacetValue};

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
    /// (FACET-35).
    pub(crate) fn results(
        &self,
        reader: &mut Reader<'_>,
        expandable: &[Expandable],
        limit: Duration,
    ) -> Result<FacetResults, Fault> {
        for request in self.requests {
            self.scope.check(request)?;
        }
        let mut facets = FacetResults::default();
        for kind in self.kinds {
            for request in self.of_kind(kind.name()) {
                let asked = asked(request);
                let statement = settle_now(|| Ok(kind.results_sql(self.outer, &asked)));
                let statement = statement.unwrap_or_else(|error| {
                    tracing::error!(kind = kind.name(), "facet kind failed: {error}");
                    None
                });
                if let Some(statement) = statement {
                    self.count(reader, request, statement, expandable, limit, &mut facets)?;
                }
            }
        }
        Ok(facets)
    }

    fn of_kind(&self, name: &str) -> impl Iterator<Item = &FacetRequest> {
        let requests = self.requests.iter();
        requests.filter(move |request| request.kind.name() == name)
    }

    fn count(
        &self,
        reader: &mut Reader<'_>,
        request: &FacetRequest,
        statement: FacetSql,
        expandable: &[Expandable],
        limit: Duration,
        facets: &mut FacetResults,
    ) -> Result<(), Fault> {
        let mut params = self.scope.params.clone();
        params.extend(statement.params);
        let rows = match reader.batch(&statement.sql, &params, &Limits::time(limit)) {
            Ok((rows, _)) => rows,
            Err(SqlError::Interrupted { .. }) => {
                facets.timed_out.push(request.column.clone());
                return Ok(());
            }
            Err(SqlError::Statement { message, .. })
                if matches!(request.kind, FacetKind::Other(_)) =>
            {
                // A plugin's statement is not the visitor's to mend.
                tracing::error!(kind = request.kind.name(), "facet kind failed: {message}");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let size = self.scope.facet_size as usize;
        let mut values: Vec<FacetValue> = rows
            .rows()
            .take(size)
            .map(|row| FacetValue {
                value: row.get(0).to_value(),
                label: row.get(0).to_value(),
                count: match row.get(1).to_value() {
                    Value::Integer(count) => count,
                    _ => 0,
                },
            })
            .collect();
        if request.kind == FacetKind::Column {
            label(reader, request, expandable, &mut values, limit)?;
        }
        facets.results.push(FacetResult {
            column: request.column.clone(),
            kind: request.kind.name().to_owned(),
            configured: request.configured,
            place: request.place,
            values,
            truncated: rows.len() > size,
        });
        Ok(())
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
