//! The facets of a page that are counted in one pass over its rows.

use std::time::Duration;

use datasette_core::{Fault, Value};
use datasette_query::facet::{FacetScope, Rows, tally as outside};
use datasette_sqlite::{Limits, Reader, SqlError};

use super::deadline::Deadline;
use super::facets::Planned;
use super::tally::Tally;

/// What came of a facet.
#[derive(Debug)]
pub(crate) enum Counted {
    /// Its most frequent values, one more than are shown if there are more.
    Values(Vec<(Value, i64)>),
    /// It ran out of time.
    TimedOut,
    /// It failed, and is left out.
    Failed,
    /// SQLite still has to count it.
    Not,
}

/// Facets that one pass counts, by their place in the plan.
#[derive(Debug)]
pub(crate) struct Together {
    places: Vec<usize>,
    expressions: Vec<String>,
    counted: Vec<Option<Counted>>,
}

impl Together {
    /// Picks the facets whose statement is the one this server would write itself.
    pub(crate) fn plan(scope: &FacetScope, planned: &[Planned<'_>]) -> Self {
        let columns = scope.columns();
        let rows = Rows {
            sql: &scope.filtered_sql,
            columns: &columns,
            facet_size: scope.facet_size,
        };
        let (places, expressions) = planned
            .iter()
            .enumerate()
            .filter_map(|(place, Planned { request, statement })| {
                let expression = outside::expression(scope, &request.kind, &request.column)?;
                let own = rows.results(&request.kind, &request.column)?;
                let is_own = (&statement.sql, &statement.params) == (&own.0, &own.1);
                is_own.then_some((place, expression))
            })
            .unzip();
        Self {
            places,
            expressions,
            counted: Vec::new(),
        }
    }

    /// Counts them, in the time that they would have had one by one.
    pub(crate) fn count(
        &mut self,
        reader: &mut Reader<'_>,
        scope: &FacetScope,
        limit: Duration,
        deadline: Deadline,
    ) -> Result<(), Fault> {
        if self.places.is_empty() {
            return Ok(());
        }
        let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let Some(limits) = deadline.limits(limit.saturating_mul(number)) else {
            return Ok(());
        };
        if !compares_utf8(reader)? {
            return Ok(());
        }
        let mut tally = Tally::default();
        let sql = outside::statement(scope, &self.expressions);
        let most = scope.facet_size as usize + 1;
        match reader.query(&sql, &scope.params, &limits, &mut tally) {
            Ok(_) if tally.is_within_bounds() => {
                let values = tally.into_values(most).into_iter();
                self.counted = values.map(|values| values.map(Counted::Values)).collect();
            }
            Err(SqlError::Interrupted { .. }) => {
                self.counted = self
                    .places
                    .iter()
                    .map(|_| Some(Counted::TimedOut))
                    .collect();
            }
            Err(SqlError::Cancelled) => return Err(SqlError::Cancelled.into()),
            // Too much to hold, or an error that the facet's own statement tells better.
            Ok(_) | Err(_) => {}
        }
        Ok(())
    }

    /// What came of the facet at this place of the plan.
    pub(crate) fn take(&mut self, place: usize) -> Counted {
        let at = self.places.iter().position(|known| *known == place);
        let counted = at.and_then(|at| self.counted.get_mut(at)?.take());
        counted.unwrap_or(Counted::Not)
    }
}

/// Whether equal and smaller mean the same for SQLite's texts and for ours: a database may hold
/// its texts in UTF-16, and compares those bytes.
fn compares_utf8(reader: &mut Reader<'_>) -> Result<bool, Fault> {
    let length = reader.single("select length(cast('a' as blob))", &[], &Limits::NONE)?;
    Ok(length == Some(Value::Integer(1)))
}
