//! The JSON of a query page, and formats of plugins.

use std::sync::Arc;

use axum::http::StatusCode;
use datasette_core::{Fault, RowBatch};
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::QueryPage;
use datasette_hooks::{CellAnswers, OutputRenderer, RenderScope, RendererInput};
use datasette_render::json::query::QueryJson;
use datasette_render::json::{JsonOptions, JsonRows, Shape, wrap};
use serde_json::{Map, Value as Json};

use super::subject::Subject;
use crate::kept_rows::KeptRows;
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{cells, debug_extra, formats, problem};

pub(super) async fn page(visit: &Visit, subject: &Subject) -> Result<Reply, Fault> {
    let asked = Wanted::parse(Scope::Query, visit.query())
        .and_then(|wanted| Ok((wanted, JsonOptions::parse(visit.query())?)));
    let (wanted, options) = match asked {
        Ok(asked) => asked,
        Err(fault) => {
            // What is wrong with the statement is told before what is wrong with its form.
            subject.read(visit, RowBatch::new()).await?;
            return Err(fault);
        }
    };
    let rows = JsonRows::new(&options, Vec::new());
    let rows = KeptRows::new(rows, wanted.has("render_cell"));
    let (page, rows) = subject.read(visit, rows).await?;
    let failed = page.error.is_some();
    if !failed {
        let shape = match allowed_shape(&options) {
            Ok(shape) => shape,
            // The statement was run, so its refusal is dressed like the page (SHAPE-10).
            Err(fault) => return Ok(problem::json(&fault)),
        };
        if shape.is_bare() {
            return Ok(reply::with_type(
                options.content_type(),
                rows.json.into_bare_body(),
            ));
        }
    }
    let kept = rows.rows.unwrap_or_default();
    let (before, after) = members(visit, subject, &page, &kept, &wanted).await?;
    let items: &[u8] = if failed { b"" } else { rows.json.items() };
    let body = wrap(&before, items, &after);
    let mut answer = reply::with_type("application/json; charset=utf-8", body);
    if failed {
        *answer.status_mut() = StatusCode::BAD_REQUEST;
    }
    Ok(answer)
}

fn allowed_shape(options: &JsonOptions) -> Result<Shape, Fault> {
    match options.checked_shape()? {
        Shape::Object => Err(Fault::bad_request(
            "_shape=object is only available on tables",
        )),
        shape => Ok(shape),
    }
}

/// The result in a format of a plugin, and whether the statement succeeded.
pub(super) async fn formatted(
    visit: &Visit,
    subject: &Subject,
    renderer: &Arc<dyn OutputRenderer>,
) -> Result<(Reply, bool), Fault> {
    let asked = renderer.wants(visit.query().pairs());
    let wanted = formats::wanted(visit, Scope::Query, &asked)?;
    let (page, rows) = subject.read(visit, RowBatch::new()).await?;
    let mut data = Json::Null;
    if asked.data {
        let (before, after) = members(visit, subject, &page, &rows, &wanted).await?;
        data = formats::data(before, &rows, after);
    }
    let input = RendererInput {
        scope: scope(&page, &rows, "table"),
        labels: Vec::new(),
        truncated: page.truncated,
        error: page.error.as_deref(),
        arguments: visit.query().pairs(),
        data,
    };
    let answer = formats::render(visit, renderer, &input).await?;
    Ok((answer, page.error.is_none()))
}

/// The result as formats see it. They are told `table` to render it and `database` to decide
/// (HOOK-81, HOOK-88).
pub(super) fn scope<'a>(
    page: &'a QueryPage,
    rows: &'a RowBatch,
    view_name: &'a str,
) -> RenderScope<'a> {
    RenderScope {
        database: page.database.name(),
        table: None,
        query_name: page.stored.as_ref().map(|query| query.name()),
        sql: Some(page.sql.as_str()).filter(|sql| !sql.is_empty()),
        view_name,
        rows,
    }
}

/// The members of JSON before and after the rows.
async fn members(
    visit: &Visit,
    subject: &Subject,
    page: &QueryPage,
    rows: &RowBatch,
    wanted: &Wanted,
) -> Result<(Map<String, Json>, Map<String, Json>), Fault> {
    let render_cell = match wanted.has("render_cell") {
        true => cells::extra(rows, &answers(visit, page, rows).await?),
        false => Json::Null,
    };
    let document = QueryJson {
        page,
        location: &visit.location,
        metadata: subject.metadata(visit),
        debug: debug_extra::query(visit),
        render_cell,
    };
    Ok((document.before(), document.after(wanted)))
}

/// What cells show in place of values.
pub(super) async fn answers(
    visit: &Visit,
    page: &QueryPage,
    rows: &RowBatch,
) -> Result<CellAnswers, Fault> {
    if !cells::may_answer(visit, &[]) {
        return Ok(CellAnswers::default());
    }
    let shown = cells::Page {
        database: page.database.name(),
        table: None,
        rows,
        labels: None,
        types: &[],
        links: false,
    };
    cells::answers(visit, &shown).await
}
