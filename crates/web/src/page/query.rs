//! Pages that run a statement, in every format: SQL that a visitor wrote, and stored queries
//! (QUERY rows).

mod definition;
mod html;
mod json;
mod parameters;
mod run;
mod stored;
mod subject;

pub(crate) use definition::definition;
pub(crate) use html::listing;
pub(crate) use parameters::parameters;
pub(crate) use run::run;
pub(crate) use stored::answer as stored;
pub(crate) use subject::Subject;

use datasette_core::Fault;
use datasette_core::action::ExecuteSql;

use super::{csv, invalid_format};
use crate::formats;
use crate::reply::Reply;
use crate::unchanged::{Kind, Tag};
use crate::visit::Visit;

/// `/{db}/-/query` and `/{db}/-/query.{format}`.
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    format: Option<&str>,
) -> Result<Reply, Fault> {
    let database = visit.database(route)?;
    let gate = &visit.app.instance.gate;
    let permit = gate.require::<ExecuteSql>(visit.actor(), &database).await?;
    let sql = visit.query().get("sql").unwrap_or_default().to_owned();
    if sql.is_empty() && format.is_some_and(|format| is_known(visit, format)) {
        return Err(Fault::bad_request("?sql= is required"));
    }
    in_format(visit, &Subject::Sql { permit, sql }, format).await
}

async fn in_format(visit: &Visit, subject: &Subject, format: Option<&str>) -> Result<Reply, Fault> {
    let kind = format.map_or(Kind::Page, |_| Kind::Data);
    let tag = Tag::of_statement(visit, kind, subject);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(unchanged);
    }
    let (answer, succeeded) = match format {
        None => html::page(visit, subject).await?,
        Some("csv") => (csv::query(visit, subject).await?, true),
        Some(other) => match formats::named(visit, other) {
            Some(renderer) => json::formatted(visit, subject, renderer).await?,
            None if other == "json" => (json::page(visit, subject).await?, true),
            None => return Err(invalid_format(other)),
        },
    };
    Ok(tag.on(answer, succeeded))
}

fn is_known(visit: &Visit, format: &str) -> bool {
    matches!(format, "csv" | "json") || formats::named(visit, format).is_some()
}

/// The most rows that a statement returns (QUERY-18).
pub(super) fn row_limit(visit: &Visit) -> Option<usize> {
    Some(visit.app.instance.config.settings.max_returned_rows as usize)
}
