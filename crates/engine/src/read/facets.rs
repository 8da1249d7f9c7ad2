//! Counting the values of facets.

use std::time::Duration;

use datasette_core::{Fault, Value};
use datasette_query::facet::{FacetKind, FacetRequest, FacetScope};
use datasette_sqlite::{Limits, Reader, SqlError};

use super::expand::column_labels;
use crate::page::{Expandable, FacetResult, FacetResults, FacetValue};

/// Computes all facets of a page in their order, each within `limit` (FACET-35).
pub(crate) fn results(
    reader: &mut Reader<'_>,
    scope: &FacetScope,
    requests: &[FacetRequest],
    expandable: &[Expandable],
    limit: Duration,
) -> Result<FacetResults, Fault> {
    let mut facets = FacetResults::default();
    for request in requests {
        let Some((sql, params)) = scope.results(request)? else {
            continue;
        };
        match reader.batch(&sql, &params, &Limits::time(limit)) {
            Ok((rows, _)) => {
                let size = scope.facet_size as usize;
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
                    argument: request.argument.clone(),
                    values,
                    truncated: rows.len() > size,
                });
            }
            Err(SqlError::Interrupted { .. }) => facets.timed_out.push(request.column.clone()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(facets)
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
