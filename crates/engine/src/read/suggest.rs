//! Which columns would make useful facets: found in one pass over the first rows instead of
//! several statements per column.

use std::collections::HashMap;
use std::time::Duration;

use datasette_core::{ColumnRef, Fault, RowBatch, Value, ValueRef};
use datasette_hooks::{FacetKind as Kind, settle_now};
use datasette_query::facet::tally::may_collate;
use datasette_query::facet::{FacetKind, FacetScope, array, column};
use datasette_sqlite::{Limits, Reader, SqlError};
use serde_json::Value as Json;

use super::deadline::Deadline;
use super::facets::Counting;
use crate::page::SuggestedFacet;

/// Rows that are looked at (FACET-39, FACET-41).
const SAMPLE: usize = 1000;
/// Rows that are looked at for dates (FACET-40).
const DATE_SAMPLE: usize = 100;

/// What was suggested.
#[derive(Debug, Default)]
pub(crate) struct Suggestions {
    pub(crate) facets: Vec<SuggestedFacet>,
    /// Whether a column had too little time, so that there may be more.
    pub(crate) cut_short: bool,
}

/// Suggests facets for columns that have none (FACET-37 to FACET-44). Whatever runs out of time is
/// not suggested (FACET-43).
pub(crate) fn suggestions(
    reader: &mut Reader<'_>,
    counting: &Counting<'_>,
    (limit, deadline): (Duration, Deadline),
) -> Result<Suggestions, Fault> {
    let scope = counting.scope;
    let mut suggested = Suggestions::default();
    let cut = &mut suggested.cut_short;
    let sql = format!("select * from ({}) limit {SAMPLE}", scope.filtered_sql);
    let Some(limits) = deadline.limits(limit).map(Limits::tentative) else {
        *cut = true;
        return Ok(suggested);
    };
    let sample = match reader.batch(&sql, &scope.params, &limits) {
        Ok((rows, _)) => rows,
        Err(error) => {
            no_use(error, cut)?;
            return Ok(suggested);
        }
    };
    let collated = may_collate(&scope.table);
    let matching_rows = counting.outer.row_count.unwrap_or(sample.len() as u64);
    for added in counting.kinds {
        let kind = FacetKind::named(added.name());
        for candidate in scope.candidates(&kind, counting.requests) {
            let place = sample
                .column_names()
                .iter()
                .position(|name| name == candidate.name());
            let Some(place) = place else { continue };
            let Some(limits) = deadline.limits(limit).map(Limits::tentative) else {
                *cut = true;
                return Ok(suggested);
            };
            let useful = match kind {
                FacetKind::Column if collated => {
                    groups(reader, scope, &candidate, matching_rows, (&limits, cut))?
                }
                FacetKind::Column => repeats(&sample, place, matching_rows, scope.facet_size),
                FacetKind::Date => has_date(reader, &sample, place, (&limits, cut))?,
                FacetKind::Array => {
                    let column = (&candidate, place);
                    has_arrays(reader, scope, column, &sample, (&limits, cut))?
                }
                FacetKind::Other(_) => {
                    says_so(reader, counting, added.as_ref(), &candidate, (&limits, cut))?
                }
            };
            if useful {
                suggested.facets.push(SuggestedFacet {
                    column: candidate.name().to_owned(),
                    kind: kind.name().to_owned(),
                });
            }
        }
    }
    Ok(suggested)
}

/// A statement that fails suggests nothing; one that had too little time leaves its mark.
///
/// # Errors
/// The visitor has left.
fn no_use(error: SqlError, cut: &mut bool) -> Result<bool, Fault> {
    match error {
        SqlError::Cancelled => return Err(SqlError::Cancelled.into()),
        SqlError::Interrupted { .. } => *cut = true,
        other => tracing::debug!("no suggestion: {other:?}"),
    }
    Ok(false)
}

/// Whether a plugin's statement proposes the column.
fn says_so(
    reader: &mut Reader<'_>,
    counting: &Counting<'_>,
    kind: &dyn Kind,
    candidate: &ColumnRef,
    (limits, cut): (&Limits, &mut bool),
) -> Result<bool, Fault> {
    let statement = settle_now(|| Ok(kind.suggest_sql(counting.outer, candidate.name())));
    let statement = statement.unwrap_or_else(|error| {
        tracing::error!(kind = kind.name(), "facet kind failed: {error}");
        None
    });
    let Some(statement) = statement else {
        return Ok(false);
    };
    let mut params = counting.scope.params.clone();
    params.extend(statement.params);
    match reader.single(&statement.sql, &params, limits) {
        Ok(Some(value)) => Ok(value != Value::Null && value != Value::Integer(0)),
        Ok(None) => Ok(false),
        Err(error) => no_use(error, cut),
    }
}

/// What [`repeats`] tells, found by SQLite, which knows the order of the column.
fn groups(
    reader: &mut Reader<'_>,
    scope: &FacetScope,
    candidate: &ColumnRef,
    matching_rows: u64,
    (limits, cut): (&Limits, &mut bool),
) -> Result<bool, Fault> {
    let sql = column::suggest(scope, candidate);
    match reader.batch(&sql, &scope.params, limits) {
        Ok((rows, _)) => {
            let counts = rows.rows().map(|row| match row.get(1) {
                ValueRef::Integer(count) => count,
                _ => 0,
            });
            let counts: Vec<i64> = counts.collect();
            Ok(column::is_suggested(
                &counts,
                matching_rows,
                scope.facet_size,
            ))
        }
        Err(error) => no_use(error, cut),
    }
}

/// Equality as `group by` sees it.
#[derive(PartialEq, Eq, Hash)]
enum Group<'a> {
    Integer(i64),
    Real(u64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

fn repeats(sample: &RowBatch, place: usize, matching_rows: u64, facet_size: u32) -> bool {
    let mut counts: HashMap<Group<'_>, i64> = HashMap::new();
    for row in sample.rows() {
        let group = match row.get(place) {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => Group::Integer(number),
            // A whole number is one value, whether it is stored as an integer or not.
            ValueRef::Real(number) if number as i64 as f64 == number => {
                Group::Integer(number as i64)
            }
            ValueRef::Real(number) => Group::Real(number.to_bits()),
            ValueRef::Text(text) => Group::Text(text),
            ValueRef::Blob(bytes) => Group::Blob(bytes),
        };
        *counts.entry(group).or_default() += 1;
        if counts.len() > facet_size as usize {
            return false;
        }
    }
    let counts: Vec<i64> = counts.into_values().collect();
    column::is_suggested(&counts, matching_rows, facet_size)
}

/// Whether a value looks like a date and SQLite agrees.
fn has_date(
    reader: &mut Reader<'_>,
    sample: &RowBatch,
    place: usize,
    (limits, cut): (&Limits, &mut bool),
) -> Result<bool, Fault> {
    for row in sample.rows().take(DATE_SAMPLE) {
        let ValueRef::Text(text) = row.get(place) else {
            continue;
        };
        if !looks_like_date(text) {
            continue;
        }
        let params = [("value".to_owned(), row.get(place).to_value())];
        match reader.single("select date(:value) is not null", &params, limits) {
            Ok(Some(Value::Integer(1))) => return Ok(true),
            Ok(_) => {}
            Err(error) => return no_use(error, cut),
        }
    }
    Ok(false)
}

/// The glob `????-??-*`, by characters.
fn looks_like_date(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let mut characters = text.chars();
    "????-??-"
        .chars()
        .all(|wanted| match (wanted, characters.next()) {
            (_, None) => false,
            ('?', Some(_)) => true,
            (wanted, Some(found)) => wanted == found,
        })
}

fn has_arrays(
    reader: &mut Reader<'_>,
    scope: &FacetScope,
    (candidate, place): (&ColumnRef, usize),
    sample: &RowBatch,
    (limits, cut): (&Limits, &mut bool),
) -> Result<bool, Fault> {
    let mut any = false;
    let mut filled = Vec::new();
    for row in sample.rows() {
        let text = match row.get(place) {
            ValueRef::Null | ValueRef::Text(b"") => continue,
            ValueRef::Text(text) => text,
            _ => return Ok(false),
        };
        if text.trim_ascii_start().first() != Some(&b'[') {
            return Ok(false);
        }
        any = true;
        match serde_json::from_slice::<Json>(text) {
            Ok(Json::Array(items)) if items.is_empty() => {}
            Ok(Json::Array(_)) if filled.len() < DATE_SAMPLE => filled.push(text),
            Ok(Json::Array(_)) => {}
            _ => return Ok(false),
        }
    }
    if !any {
        return Ok(false);
    }
    if filled.is_empty() && sample.len() == SAMPLE {
        // Arrays with items may come later than the sample.
        let sql = array::suggest_samples(scope, candidate);
        return match reader.batch(&sql, &scope.params, limits) {
            Ok((rows, _)) => {
                let texts: Vec<_> = rows.rows().filter_map(|row| row.get(0).as_text()).collect();
                Ok(array::is_suggested(texts.iter().map(|text| text.as_ref())))
            }
            Err(error) => no_use(error, cut),
        };
    }
    Ok(array::is_suggested(
        filled
            .iter()
            .filter_map(|text| std::str::from_utf8(text).ok()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::RowSink;

    fn sample(values: &[Value]) -> RowBatch {
        let mut batch = RowBatch::new();
        batch.columns(&["c".to_owned()]);
        for value in values {
            batch.row(&vec![value.clone()]).unwrap();
        }
        batch
    }

    // Proves: FACET-39
    #[test]
    fn a_column_must_repeat_but_not_be_constant() {
        let text =
            |values: &[&str]| sample(&values.iter().map(|v| Value::from(*v)).collect::<Vec<_>>());
        assert!(repeats(&text(&["a", "a", "b"]), 0, 3, 30));
        assert!(!repeats(&text(&["a", "a", "a"]), 0, 3, 30));
        assert!(!repeats(&text(&["a", "b", "c"]), 0, 3, 30));
        assert!(!repeats(&text(&["a", "a", "b", "c"]), 0, 4, 2));
        let numbers = [Value::Integer(1), Value::Real(1.0), Value::Integer(2)];
        assert!(repeats(&sample(&numbers), 0, 3, 30));
        let nulls = sample(&[Value::Null, Value::Null, Value::Integer(1)]);
        assert!(!repeats(&nulls, 0, 3, 30));
    }

    // Proves: FACET-40
    #[test]
    fn dates_have_a_shape() {
        assert!(looks_like_date(b"2024-01-31"));
        assert!(looks_like_date("äbcd-12-".as_bytes()));
        assert!(!looks_like_date(b"2024-1-31"));
        assert!(!looks_like_date(b"2024-01"));
    }
}
