//! Tables and views in every format.

use axum::http::header;
use datasette_core::action::{ExecuteSql, ViewTable};
use datasette_core::{Fault, RowBatch};
use datasette_engine::ask;
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::TablePage;
use datasette_engine::read::{TableRequest, TableWants};
use datasette_hooks::{ActionTarget, CellAnswers, TemplateSlot};
use datasette_permissions::Permit;
use datasette_render::blob::{BlobOptions, BlobSink};
use datasette_render::html::cells::Cells;
use datasette_render::html::context::table::{TableContext, templates};
use datasette_render::html::page::render;
use datasette_render::json::table::{TableJson, next_url};
use datasette_render::json::{JsonOptions, JsonRows, Shape, wrap};
use datasette_render::labels;
use datasette_render::location::append;
use serde_json::{Map, Value as Json, json};

use super::{csv, invalid_format};
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{about_table, alternate, caching, problem};

/// `/{db}/{table}` and `/{db}/{table}.{format}`.
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    name: &str,
    format: Option<&str>,
) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    let database = visit.database(route)?;
    let table = visit.table(&database, name)?;
    let permit = gate.require::<ViewTable>(visit.actor(), &table).await?;
    if let Some(query) = ask::form_redirect(visit.query()) {
        let path = visit.location.local(&visit.location.path);
        return Ok(form_redirect(&append(&path, &query.encode())));
    }
    let reply = match format {
        None => html(visit, &permit).await?,
        Some("json") => json(visit, &permit).await?,
        Some("csv") => csv::table(visit, &permit, last_segment(visit)).await?,
        Some("blob") => blob(visit, &permit).await?,
        Some(other) => return Err(invalid_format(other)),
    };
    Ok(caching::without_referrer(caching::with_lifetime(
        visit, reply,
    )))
}

/// Where a submitted form leads (SORT-08).
fn form_redirect(target: &str) -> Reply {
    let mut reply = reply::redirect(target, false);
    reply::add(
        &mut reply,
        header::LINK,
        &format!("<{target}>; rel=preload"),
    );
    caching::without_referrer(reply)
}

async fn request(visit: &Visit, permit: &Permit<ViewTable>) -> Result<TableRequest, Fault> {
    TableRequest::new(&visit.app.instance, permit, visit.query(), Vec::new()).await
}

async fn json(visit: &Visit, permit: &Permit<ViewTable>) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let query = visit.query();
    let mut wanted = Wanted::parse(Scope::Table, query)?;
    let options = JsonOptions::parse(query)?;
    let mut request = request(visit, permit).await?;
    if query
        .pairs()
        .iter()
        .any(|(key, _)| key == "_facet" || key.starts_with("_facet_"))
    {
        wanted.add("facet_results");
    }
    let shape = options.working_shape();
    let wants_facets = ["facet_results", "sorted_facet_results", "facets_timed_out"]
        .iter()
        .any(|name| wanted.has(name));
    let needs_keys = ["expandable_columns", "renderers"]
        .iter()
        .any(|name| wanted.has(name));
    if needs_keys || wants_facets || labels::are_asked(query) {
        request.find_expandable(instance, visit.actor()).await?;
    }
    let wants = TableWants {
        arguments: query.clone(),
        count: wants_count(&wanted) && !query.is_present("_nocount") && !shape.skips_counts(),
        facets: wants_facets && !query.is_present("_nofacet") && !shape.skips_counts(),
        suggestions: wanted.has("suggested_facets") && may_suggest(visit),
        labels: labels::chosen(query, &request.expandable, false),
    };
    let sink = JsonRows::new(&options, request.plan.row_key.clone());
    let (page, rows) = request.read(instance, wants, sink).await?;
    let next = next_url(&page, &visit.location);
    let shape = match allowed_shape(&options, &page) {
        Ok(shape) => shape,
        // The page was read, so its refusal is dressed like the page (TABLE-37).
        Err(fault) => return Ok(with_next(problem::json(&fault), next)),
    };
    let body = if shape.is_bare() {
        rows.into_bare_body()
    } else {
        let document = TableJson {
            page: &page,
            location: &visit.location,
            page_path: &page_path(visit),
            metadata: about_table::metadata(visit, permit.resource()),
            renderers: renderers(visit, &page),
            debug: about_table::debug(visit, &page),
            render_cell: json!(vec![json!({}); page.rows]),
        };
        wrap(&document.before(&wanted), rows.items(), &TableJson::after())
    };
    Ok(with_next(
        reply::with_type(options.content_type(), body),
        next,
    ))
}

/// The shape, unless there is none of that name or the table has no keys for it (SHAPE-06,
/// SHAPE-09).
fn allowed_shape(options: &JsonOptions, page: &TablePage) -> Result<Shape, Fault> {
    let shape = options.checked_shape()?;
    if shape == Shape::Object && page.question.table.primary_key.is_empty() {
        return Err(Fault::bad_request(
            "_shape=object not available for tables with no primary keys",
        ));
    }
    Ok(shape)
}

/// The table as the URL names it, without the format (CSV-03).
fn last_segment(visit: &Visit) -> &str {
    let segment = visit.location.path.rsplit('/').next().unwrap_or_default();
    segment.split('.').next().unwrap_or_default()
}

fn wants_count(wanted: &Wanted) -> bool {
    wanted.has("count") || wanted.has("count_truncated")
}

/// Facets are suggested only where a facet can be chosen (FACET-37).
fn may_suggest(visit: &Visit) -> bool {
    let settings = &visit.app.instance.config.settings;
    let query = visit.query();
    settings.suggest_facets
        && settings.allow_facet
        && !query.is_present("_next")
        && !query.is_present("_nofacet")
        && !query.is_present("_nosuggest")
}

async fn html(visit: &Visit, permit: &Permit<ViewTable>) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let query = visit.query();
    let table = permit.resource().clone();
    let mut request = request(visit, permit).await?;
    request.find_expandable(instance, visit.actor()).await?;
    let wants = TableWants {
        arguments: query.clone(),
        count: !query.is_present("_nocount"),
        facets: !query.is_present("_nofacet"),
        suggestions: may_suggest(visit),
        labels: labels::chosen(query, &request.expandable, true),
    };
    let (page, batch) = request.read(instance, wants, RowBatch::new()).await?;
    let context = visit.hooks();
    let (database, name) = (table.database().name().to_owned(), table.name().to_owned());
    let slot = TemplateSlot::Table {
        database: database.clone(),
        table: name.clone(),
    };
    let target = match table.is_view() {
        true => ActionTarget::View {
            database: database.clone(),
            view: name.clone(),
        },
        false => ActionTarget::Table {
            database: database.clone(),
            table: name.clone(),
        },
    };
    let answers = CellAnswers::default();
    let settings = &instance.config.settings;
    let variables = TableContext {
        page: &page,
        location: &visit.location,
        urls: &visit.app.urls,
        cells: Cells {
            urls: &visit.app.urls,
            truncate: settings.truncate_cells_html as usize,
            answers: &answers,
        },
        metadata: about_table::metadata(visit, &table),
        renderers: renderers(visit, &page),
        settings: about_table::settings(visit),
        allow_execute_sql: instance
            .gate
            .allows::<ExecuteSql>(visit.actor(), table.database())
            .await?
            .is_some(),
        top: instance.bus.top(&context, &slot).await?,
        actions: instance.bus.actions(&context, &target).await?,
    };
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let way = Way::table(&table, "table", &page.columns);
    let base = frame::base(visit, &way, "table.html", Some(twin.clone())).await?;
    let html = render(
        &visit.app.templates,
        &templates(&database, &name),
        &base,
        variables.variables(batch),
    )?;
    let next = next_url(&page, &visit.location);
    Ok(with_next(
        alternate::announce(reply::html(html), &twin),
        next,
    ))
}

async fn blob(visit: &Visit, permit: &Permit<ViewTable>) -> Result<Reply, Fault> {
    let request = request(visit, permit).await?;
    let options = BlobOptions::parse(visit.query())?;
    let sink = BlobSink::new(options.clone());
    let (page, sink) = request
        .read(&visit.app.instance, TableWants::default(), sink)
        .await?;
    let file = options.file_name(Some(permit.resource().name()), None);
    let next = next_url(&page, &visit.location);
    Ok(with_next(reply::blob(sink.into_bytes()?, &file), next))
}

/// The header that leads to the next page (TABLE-37).
pub(crate) fn with_next(mut reply: Reply, next: Option<String>) -> Reply {
    if let Some(next) = next {
        reply::add(&mut reply, header::LINK, &format!("<{next}>; rel=\"next\""));
    }
    reply
}

/// The path of the page without its format.
fn page_path(visit: &Visit) -> String {
    let path = &visit.location.path;
    path.strip_suffix(".json").unwrap_or(path).to_owned()
}

/// Other formats and their URLs (EXTRA-39, EXTRA-40).
fn renderers(visit: &Visit, page: &TablePage) -> Json {
    let labels: &[(&str, &str)] = match page.expandable.is_empty() {
        true => &[],
        false => &[("_labels", "on")],
    };
    let location = &visit.location;
    let path = page_path(visit);
    let url = match location.path.contains('.') {
        true => {
            let mut added = vec![("_format", "json")];
            added.extend(labels);
            location.with_format_argument(&added)
        }
        false => location.in_format(&path, "json", labels),
    };
    let mut renderers = Map::new();
    renderers.insert("json".to_owned(), json!(url));
    Json::Object(renderers)
}
