//! How many rows match a question.

use std::time::Duration;

use datasette_core::{Fault, Value};
use datasette_query::TablePlan;
use datasette_sqlite::{Limits, Reader, SqlError};

use crate::page::Count;

/// Counts the matching rows up to the limit of COUNT-01; `None` when that took too long
/// (COUNT-04).
pub(crate) fn capped(
    reader: &mut Reader<'_>,
    plan: &TablePlan,
    limit: Duration,
) -> Result<Option<Count>, Fault> {
    match reader.single(
        &plan.capped_count_sql,
        &plan.count_params,
        &Limits::time(limit),
    ) {
        Ok(Some(Value::Integer(rows))) => Ok(Some(Count::capped(rows.max(0) as u64))),
        Ok(_) | Err(SqlError::Interrupted { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
