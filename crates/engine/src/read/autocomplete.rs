//! Completing a key from a few typed characters.

use std::time::Duration;

use datasette_core::action::ViewTable;
use datasette_core::{Fault, QueryString, RowBatch};
use datasette_permissions::Permit;
use datasette_query::{AutocompletePlan, AutocompleteQuestion, plan_autocomplete};
use datasette_sqlite::{Limits, Reader, SqlError};

use super::expand::label_column;
use crate::Instance;
use crate::page::AutocompletePage;

/// Longer than this nobody waits for a suggestion (DEBUG-56).
const LIMIT: Duration = Duration::from_millis(500);

/// Finds the rows of a table that `q` may mean, on one visit to a lane (DEBUG-52 to DEBUG-56).
///
/// # Errors
/// 400 as [`AutocompleteQuestion::parse`].
pub async fn autocomplete(
    instance: &Instance,
    permit: &Permit<ViewTable>,
    arguments: &QueryString,
) -> Result<AutocompletePage, Fault> {
    let table = permit.resource();
    let label = label_column(instance, table);
    let question = AutocompleteQuestion::parse(table, label, arguments)?;
    let names = question.key_names().into_iter();
    let primary_keys = names.map(str::to_owned).collect();
    let rows = match plan_autocomplete(&question) {
        None => RowBatch::new(),
        Some(plan) => {
            let longest = instance.config.settings.sql_time_limit_ms;
            let limit = LIMIT.min(Duration::from_millis(u64::from(longest)));
            let handle = instance.handle(table.database())?;
            handle
                .read(move |reader| search(reader, &plan, limit))
                .await?
        }
    };
    Ok(AutocompletePage {
        primary_keys,
        label: question.label_place(),
        rows,
    })
}

/// The search, when it takes too long the quicker one, else nothing (DEBUG-56).
fn search(
    reader: &mut Reader<'_>,
    plan: &AutocompletePlan,
    limit: Duration,
) -> Result<RowBatch, Fault> {
    for sql in [&plan.sql, &plan.fallback_sql] {
        match reader.batch(sql, &plan.params, &Limits::time(limit)) {
            Ok((rows, _)) => return Ok(rows),
            Err(SqlError::Interrupted { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(RowBatch::new())
}
