//! One row in every format.

use std::sync::Arc;

use datasette_core::action::ViewTable;
use datasette_core::{Fault, RowSink};
use datasette_engine::column_types::TypedColumn;
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::RowPage;
use datasette_engine::read::expand::label_column;
use datasette_engine::read::{RowRequest, RowWants};
use datasette_hooks::{
    ActionTarget, CellAnswers, Data, OutputRenderer, RenderScope, RendererInput, RendererWants,
    TemplateSlot,
};
use datasette_render::html::cells::Cells;
use datasette_render::html::context::row::{RowContext, templates};
use datasette_render::html::page::render;
use datasette_render::json::row::RowJson;
use datasette_render::json::{JsonOptions, JsonRows, wrap};
use serde_json::{Map, Value as Json, json};

use super::{csv, invalid_format};
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::unchanged::{Kind, Tag};
use crate::visit::Visit;
use crate::{about_table, alternate, caching, cells, debug_extra, formats, problem, row_tools};

/// `/{db}/{table}/{pks}` and `/{db}/{table}/{pks}.{format}`. The permission comes before the table
/// and the row are looked for (ROW-01), and the row before mistakes in the query string.
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    name: &str,
    identifier: &str,
    format: Option<&str>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let database = visit.database(route)?;
    let (gate, actor) = (&instance.gate, visit.actor());
    let Ok(table) = visit.table(&database, name) else {
        let (parent, catalogue) = (database.name(), &visit.catalogue);
        gate.refuse_unknown::<ViewTable>(actor, parent, Some(name), catalogue)
            .await?;
        return Err(visit.no_table());
    };
    let permit = gate.require::<ViewTable>(actor, &table).await?;
    let renderer = format.filter(|format| *format != "csv");
    let renderer = renderer.and_then(|format| formats::named(visit, format));
    let asked = renderer.map(|renderer| renderer.wants(visit.query().pairs()));
    let wanted = match (&asked, format) {
        (Some(asked), _) => formats::wanted(visit, Scope::Row, asked),
        (None, Some("json" | "csv")) => Wanted::parse(Scope::Row, visit.query()),
        _ => Ok(Wanted::default()),
    };
    let incoming = matches!(&wanted, Ok(wanted) if wanted.has("foreign_key_tables"));
    let wants = RowWants {
        labels: format.is_none() || asked.as_ref().is_some_and(|asked| asked.labels),
        incoming: format.is_none() || incoming,
    };
    let request = RowRequest::new(instance, &permit, identifier, wants).await?;
    let kind = format.map_or(Kind::Page, |_| Kind::Data);
    let tag = Tag::of_row(visit, kind, &request);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(match format {
            Some("csv") => unchanged,
            _ => dressed(visit, unchanged),
        });
    }
    let page = request.read(instance).await?;
    let wanted = wanted?;
    let whole = page.complete;
    let reply = match (renderer, format) {
        (Some(renderer), _) => {
            let reply = formatted(visit, &page, renderer, asked.as_ref(), &wanted).await?;
            dressed(visit, reply)
        }
        (None, None) => dressed(visit, html(visit, &page).await?),
        (None, Some("csv")) => csv::row(visit, page, name_segment(visit))?,
        (None, Some("json")) => dressed(visit, json(visit, &page, &wanted).await?),
        // Whether the row exists has decided before the format does.
        (None, Some(other)) => return Err(invalid_format(other)),
    };
    Ok(tag.on(reply, whole))
}

/// The row in a format of a plugin.
async fn formatted(
    visit: &Visit,
    page: &RowPage,
    renderer: &Arc<dyn OutputRenderer>,
    asked: Option<&RendererWants>,
    wanted: &Wanted,
) -> Result<Reply, Fault> {
    let mut data = Json::Null;
    if asked.is_some_and(|asked| asked.data) {
        let (before, after) = members(visit, page, wanted).await?;
        data = formats::data(before, &page.rows, after);
    }
    let input = RendererInput {
        scope: scope(page),
        labels: formats::labels(&page.rows, &page.labels),
        truncated: false,
        error: None,
        arguments: visit.query().pairs(),
        data,
    };
    formats::render(visit, renderer, &input).await
}

/// The page as formats see it.
fn scope(page: &RowPage) -> RenderScope<'_> {
    RenderScope {
        database: page.table.database().name(),
        table: Some(page.table.name()),
        query_name: None,
        // What reads a row is told to nobody.
        sql: None,
        view_name: "row",
        rows: &page.rows,
    }
}

/// The members of JSON before and after the row.
async fn members(
    visit: &Visit,
    page: &RowPage,
    wanted: &Wanted,
) -> Result<(Map<String, Json>, Map<String, Json>), Fault> {
    let types = match wanted.has("column_types") || wanted.has("render_cell") {
        true => cells::types(visit, &page.table).await?,
        false => Vec::new(),
    };
    let render_cell = match wanted.has("render_cell") {
        true => cells::extra(&page.rows, &answers(visit, page, &types).await?),
        false => Json::Null,
    };
    let document = RowJson {
        page,
        location: &visit.location,
        urls: &visit.app.urls,
        metadata: about_table::metadata(visit, &page.table),
        debug: debug_extra::row(visit, page),
        column_types: cells::types_json(&types),
        render_cell,
    };
    Ok((document.before(), document.after(wanted)))
}

/// What cells show in place of values.
async fn answers(
    visit: &Visit,
    page: &RowPage,
    types: &[TypedColumn],
) -> Result<CellAnswers, Fault> {
    if !cells::may_answer(visit, types) {
        return Ok(CellAnswers::default());
    }
    let shown = cells::Page {
        database: page.table.database().name(),
        table: Some(&page.table),
        rows: &page.rows,
        labels: Some(&page.labels),
        types,
        links: false,
    };
    cells::answers(visit, &shown).await
}

/// The headers of pages and their JSON (ROW-18).
fn dressed(visit: &Visit, reply: Reply) -> Reply {
    caching::without_referrer(caching::with_lifetime(visit, reply))
}

/// The table as the URL names it (CSV-03).
fn name_segment(visit: &Visit) -> &str {
    visit.location.path.rsplit('/').nth(1).unwrap_or_default()
}

/// Lets the row flow into a sink.
pub(crate) fn pour(page: &RowPage, sink: &mut dyn RowSink) {
    sink.columns(page.rows.column_names());
    for row in page.rows.rows() {
        if sink.row(&row).is_err() {
            return;
        }
    }
}

async fn json(visit: &Visit, page: &RowPage, wanted: &Wanted) -> Result<Reply, Fault> {
    let options = JsonOptions::parse(visit.query())?;
    let place = |name: &String| {
        page.rows
            .column_names()
            .iter()
            .position(|known| known == name)
    };
    let row_key = page.primary_keys.iter().filter_map(place).collect();
    let mut rows = JsonRows::new(&options, row_key);
    pour(page, &mut rows);
    let shape = match options.checked_shape() {
        Ok(shape) => shape,
        // The row was read, so its refusal is dressed like the page.
        Err(fault) => return Ok(problem::json(&fault)),
    };
    let body = if shape.is_bare() {
        rows.into_bare_body()
    } else {
        let (before, after) = members(visit, page, wanted).await?;
        wrap(&before, rows.items(), &after)
    };
    Ok(reply::with_type(options.content_type(), body))
}

async fn html(visit: &Visit, page: &RowPage) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let table = &page.table;
    let (database, name) = (table.database().name().to_owned(), table.name().to_owned());
    let row: Vec<(String, Data)> = page
        .rows
        .rows()
        .flat_map(|row| {
            page.rows
                .column_names()
                .iter()
                .cloned()
                .zip(row.to_values().into_iter().map(Data))
        })
        .collect();
    let slot = TemplateSlot::Row {
        database: database.clone(),
        table: name.clone(),
        row: row.clone(),
    };
    let target = ActionTarget::Row {
        database: database.clone(),
        table: name.clone(),
        row,
    };
    let types = cells::types(visit, table).await?;
    let answers = answers(visit, page, &types).await?;
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let linked = formats::linked(visit, &scope(page)).await;
    let url = |format: &str| json!(visit.location.in_format(&visit.location.path, format, &[]));
    let renderers = linked
        .iter()
        .map(|format| (format.clone(), url(format)))
        .collect();
    let variables = RowContext {
        page,
        location: &visit.location,
        urls: &visit.app.urls,
        cells: Cells {
            urls: &visit.app.urls,
            truncate: 0,
            answers: &answers,
            label: label_column(instance, table),
            tools: row_tools::of(visit, table).await?,
        },
        column_types: cells::types_json(&types),
        column_descriptions: about_table::metadata(visit, table)["columns"].take(),
        renderers: Json::Object(renderers),
        settings: about_table::settings(visit),
        top: frame::top(visit, &slot).await?,
        actions: frame::actions(visit, &target).await?,
    };
    let way = Way::table(table, "row", page.rows.column_names());
    let candidates = templates(&database, &name);
    let base = frame::base_of(visit, &way, &candidates, Some(twin.clone())).await?;
    let html = render(
        &visit.app.templates,
        &candidates,
        &base,
        variables.variables(),
    )
    .await?;
    Ok(alternate::announce(reply::html(html), &twin))
}
