//! One row in every format.

use datasette_core::action::ViewTable;
use datasette_core::{Fault, RowSink};
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::RowPage;
use datasette_engine::read::{RowRequest, RowWants};
use datasette_hooks::{ActionTarget, CellAnswers, Data, TemplateSlot};
use datasette_permissions::Permit;
use datasette_render::blob::{BlobOptions, BlobSink};
use datasette_render::html::cells::Cells;
use datasette_render::html::context::row::{RowContext, templates};
use datasette_render::html::page::render;
use datasette_render::json::row::RowJson;
use datasette_render::json::{JsonOptions, JsonRows, wrap};
use serde_json::json;

use super::{csv, invalid_format};
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{about_table, alternate, caching, problem};

/// `/{db}/{table}/{pks}` and `/{db}/{table}/{pks}.{format}`. The permission comes before the row
/// is looked for (ROW-01).
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    name: &str,
    identifier: &str,
    format: Option<&str>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let database = visit.database(route)?;
    let table = visit.table(&database, name)?;
    let permit = instance
        .gate
        .require::<ViewTable>(visit.actor(), &table)
        .await?;
    let wanted = match format {
        Some("json" | "csv") => Wanted::parse(Scope::Row, visit.query())?,
        _ => Wanted::default(),
    };
    let wants = RowWants {
        labels: format.is_none(),
        incoming: format.is_none() || wanted.has("foreign_key_tables"),
    };
    if !matches!(format, None | Some("json" | "csv" | "blob")) {
        // Whether the row exists decides before the format does.
        read(visit, &permit, identifier, wants).await?;
        return Err(invalid_format(format.unwrap_or_default()));
    }
    let page = read(visit, &permit, identifier, wants).await?;
    match format {
        None => Ok(dressed(visit, html(visit, &page).await?)),
        Some("csv") => csv::row(visit, page, name_segment(visit)),
        Some("blob") => {
            let options = BlobOptions::parse(visit.query())?;
            let mut sink = BlobSink::new(options.clone());
            pour(&page, &mut sink);
            let file = options.file_name(Some(table.name()), Some(identifier));
            Ok(dressed(visit, reply::blob(sink.into_bytes()?, &file)))
        }
        Some(_) => Ok(dressed(visit, json(visit, &page, &wanted)?)),
    }
}

/// The headers of pages and their JSON (ROW-18).
fn dressed(visit: &Visit, reply: Reply) -> Reply {
    caching::without_referrer(caching::with_lifetime(visit, reply))
}

/// The table as the URL names it (CSV-03).
fn name_segment(visit: &Visit) -> &str {
    visit.location.path.rsplit('/').nth(1).unwrap_or_default()
}

async fn read(
    visit: &Visit,
    permit: &Permit<ViewTable>,
    identifier: &str,
    wants: RowWants,
) -> Result<RowPage, Fault> {
    let instance = &visit.app.instance;
    RowRequest::new(instance, permit, identifier, wants)
        .await?
        .read(instance)
        .await
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

fn json(visit: &Visit, page: &RowPage, wanted: &Wanted) -> Result<Reply, Fault> {
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
        let document = RowJson {
            page,
            location: &visit.location,
            urls: &visit.app.urls,
            metadata: about_table::metadata(visit, &page.table),
            debug: json!({}),
            render_cell: json!([{}]),
        };
        wrap(&document.before(), rows.items(), &document.after(wanted))
    };
    Ok(reply::with_type(options.content_type(), body))
}

async fn html(visit: &Visit, page: &RowPage) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let table = &page.table;
    let (database, name) = (table.database().name().to_owned(), table.name().to_owned());
    let context = visit.hooks();
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
    let answers = CellAnswers::default();
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let renderers = json!({"json": visit.location.in_format(&visit.location.path, "json", &[])});
    let variables = RowContext {
        page,
        location: &visit.location,
        urls: &visit.app.urls,
        cells: Cells {
            urls: &visit.app.urls,
            truncate: 0,
            answers: &answers,
        },
        renderers,
        settings: about_table::settings(visit),
        top: instance.bus.top(&context, &slot).await?,
        actions: instance.bus.actions(&context, &target).await?,
    };
    let way = Way::table(table, "row", page.rows.column_names());
    let base = frame::base(visit, &way, "row.html", Some(twin.clone())).await?;
    let candidates = templates(&database, &name);
    let html = render(
        &visit.app.templates,
        &candidates,
        &base,
        variables.variables(),
    )?;
    Ok(alternate::announce(reply::html(html), &twin))
}
