//! Tables and views in every format; names that no table has may be stored queries.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, header};
use datasette_core::action::{ExecuteSql, ViewTable};
use datasette_core::{Fault, QueryString, RowBatch};
use datasette_engine::ask;
use datasette_engine::column_types::TypedColumn;
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::TablePage;
use datasette_engine::read::expand::label_column;
use datasette_engine::read::{TableRequest, TableWants, find_stored};
use datasette_hooks::{
    ActionTarget, CellAnswers, FilterArguments, OutputRenderer, RenderScope, RendererInput,
    TemplateSlot,
};
use datasette_permissions::Permit;
use datasette_render::html::cells::Cells;
use datasette_render::html::context::table::{TableContext, templates};
use datasette_render::html::page::render;
use datasette_render::json::table::{TableJson, custom_table_templates, next_url};
use datasette_render::json::{JsonOptions, JsonRows, Shape, wrap};
use datasette_render::labels;
use datasette_render::location::append;
use serde_json::{Map, Value as Json, json};

use super::{csv, invalid_format, query};
use crate::frame::{self, Way};
use crate::kept_rows::KeptRows;
use crate::reply::{self, Reply};
use crate::unchanged::{Kind, Tag};
use crate::visit::Visit;
use crate::{
    about_table, alternate, caching, cells, debug_extra, filters, formats, problem, row_tools,
    table_tools, transformed,
};

/// `/{db}/{table}` and `/{db}/{table}.{format}`.
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    name: &str,
    format: Option<&str>,
    body: Body,
) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    let asks_for_options = visit.method == Method::OPTIONS;
    let database = match visit.database(route) {
        Err(_) if asks_for_options => return Ok(options(visit, false)),
        found => found?,
    };
    let table = database.table(name);
    let stored = match table {
        Some(_) => None,
        None => find_stored(&visit.app.instance, &database, name).await?,
    };
    if asks_for_options {
        return Ok(options(visit, stored.is_some()));
    }
    let posted = visit.method == Method::POST;
    if posted && table.is_some() {
        // Whatever the format, and whatever was sent (ROUTE-48).
        return Ok(caching::without_referrer(reply::method_not_allowed()));
    }
    if let Some(query) = stored {
        if posted {
            let ran = query::run(visit, &query, body).await?;
            let ran = caching::with_lifetime(visit, ran);
            return Ok(caching::without_referrer(ran));
        }
        return query::stored(visit, &query, format).await;
    }
    let table = table.ok_or_else(|| Fault::not_found("Table not found"))?;
    let permit = gate.require::<ViewTable>(visit.actor(), &table).await?;
    if let Some(query) = ask::form_redirect(visit.query()) {
        let path = visit.location.local(&visit.location.path);
        let reply = form_redirect(&append(&path, &query.encode()));
        return Ok(caching::without_referrer(reply));
    }
    let reply = match format {
        None => html(visit, &permit, Part::Whole).await?,
        Some("csv") => csv::table(visit, &permit).await?,
        Some(other) => match formats::named(visit, other) {
            Some(renderer) => formatted(visit, &permit, renderer).await?,
            None if other == "json" => json(visit, &permit).await?,
            None => return Err(invalid_format(other)),
        },
    };
    Ok(caching::without_referrer(caching::with_lifetime(
        visit, reply,
    )))
}

/// `OPTIONS`; stored queries say what they answer (CSRF-14).
fn options(visit: &Visit, is_query: bool) -> Reply {
    let mut ok = reply::text("ok");
    if is_query {
        reply::set(&mut ok, header::ALLOW, "HEAD, GET, POST");
        ok = caching::without_referrer(caching::with_lifetime(visit, ok));
    }
    ok
}

/// Where a submitted form leads (SORT-08).
pub(super) fn form_redirect(target: &str) -> Reply {
    let mut reply = reply::redirect(target, false);
    reply::add(
        &mut reply,
        header::LINK,
        &format!("<{target}>; rel=preload"),
    );
    reply
}

async fn request(
    visit: &Visit,
    permit: &Permit<ViewTable>,
    filters: FilterArguments,
) -> Result<TableRequest, Fault> {
    TableRequest::new(&visit.app.instance, permit, visit.query(), filters).await
}

/// What JSON of this page reads; looks up the foreign keys where it needs them.
async fn json_wants(
    visit: &Visit,
    wanted: &mut Wanted,
    request: &mut TableRequest,
    skips_counts: bool,
) -> Result<TableWants, Fault> {
    let query = visit.query();
    let is_facet = |key: &str| key == "_facet" || key.starts_with("_facet_");
    if query.pairs().iter().any(|(key, _)| is_facet(key)) {
        wanted.add("facet_results");
    }
    let any = |names: &[&str]| names.iter().any(|name| wanted.has(name));
    let facets = any(&["facet_results", "sorted_facet_results", "facets_timed_out"]);
    if facets || any(&["expandable_columns", "renderers"]) || labels::are_asked(query) {
        request
            .find_expandable(&visit.app.instance, visit.actor())
            .await?;
    }
    let facets = facets && !query.is_present("_nofacet") && !skips_counts;
    let suggestions = wanted.has("suggested_facets") && may_suggest(visit);
    // Kinds of facets of plugins are told how many rows there are (HOOK-91).
    let mut kinds = visit.app.instance.declared.facet_kinds.iter();
    let tells_count = (facets || suggestions) && kinds.any(|kind| kind.works_alone());
    let counts = wants_count(wanted) || tells_count;
    Ok(TableWants {
        arguments: match facets || suggestions {
            true => query.clone(),
            false => QueryString::default(),
        },
        count: counts && !query.is_present("_nocount") && !skips_counts,
        facets,
        suggestions,
        labels: labels::chosen(query, &request.expandable, false),
    })
}

async fn json(visit: &Visit, permit: &Permit<ViewTable>) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let asked = Wanted::parse(Scope::Table, visit.query())
        .and_then(|wanted| Ok((wanted, JsonOptions::parse(visit.query())?)));
    let filters = filters::added(visit, permit.resource()).await?;
    let mut request = request(visit, permit, filters).await?;
    let (mut wanted, options) = match asked {
        Ok(asked) => asked,
        Err(fault) => {
            // What is wrong with the rows is told before what is wrong with their form (SHAPE-10).
            let nothing = TableWants::default();
            request.read(instance, nothing, RowBatch::new()).await?;
            return Err(fault);
        }
    };
    let skips_counts = options.working_shape().skips_counts();
    let wants = json_wants(visit, &mut wanted, &mut request, skips_counts).await?;
    let tag = Tag::of_table(visit, Kind::Data, &request);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(unchanged);
    }
    let wants = only_for_headers(visit, &request, wants);
    let suggestions = wants.suggestions;
    let keep = wanted.has("render_cell") || (wanted.has("renderers") && formats::are_added(visit));
    let changing = transformed::types(visit, permit.resource()).await?;
    let row_key = request.plan.row_key.clone();
    let sink = KeptRows::new(
        JsonRows::new(&options, row_key.clone()),
        keep || !changing.is_empty(),
    );
    let (mut page, mut rows) = request.read(instance, wants, sink).await?;
    if let (false, Some(kept)) = (changing.is_empty(), &rows.rows) {
        let writing = (&options, row_key.as_slice());
        rows.json = transformed::json(visit, kept, &page.labels, &changing, writing).await;
    }
    let next = next_url(&page, &visit.location);
    let shape = match allowed_shape(&options, &page) {
        Ok(shape) => shape,
        // The page was read, so its refusal is dressed like the page (TABLE-37).
        Err(fault) => return Ok(with_next(problem::json(&fault), next)),
    };
    let body = if shape.is_bare() {
        rows.json.into_bare_body()
    } else {
        page.ask_facet_kinds(instance, &visit.hooks(), visit.query(), suggestions)
            .await?;
        let kept = rows.rows.unwrap_or_default();
        let before = members(visit, &page, &kept, &wanted).await?;
        wrap(&before, rows.json.items(), &TableJson::after())
    };
    let answer = reply::with_type(options.content_type(), body);
    Ok(with_next(tag.on(answer, page.complete), next))
}

/// What is read for `HEAD`: counts and suggestions are in no header, and where the statement is
/// the server's own they cannot fail (ROUTE-44).
fn only_for_headers(visit: &Visit, request: &TableRequest, wants: TableWants) -> TableWants {
    if visit.method != Method::HEAD || !request.is_steady() {
        return wants;
    }
    TableWants {
        count: false,
        suggestions: false,
        ..wants
    }
}

/// The members of JSON before the rows; `rows` are empty unless an extra looks at them.
async fn members(
    visit: &Visit,
    page: &TablePage,
    rows: &RowBatch,
    wanted: &Wanted,
) -> Result<Map<String, Json>, Fault> {
    let table = &page.question.table;
    let needs_types = [
        "column_types",
        "display_columns",
        "render_cell",
        "set_column_type_ui",
    ];
    let types = match needs_types.iter().any(|name| wanted.has(name)) {
        true => cells::types(visit, table).await?,
        false => Vec::new(),
    };
    let render_cell = match wanted.has("render_cell") {
        true => cells::extra(rows, &answers(visit, page, rows, &types, false).await?),
        false => Json::Null,
    };
    let renderers = match wanted.has("renderers") {
        true => renderers(visit, page, rows).await,
        false => Json::Null,
    };
    let column_types = cells::types_json(&types);
    let set_column_type_ui = match wanted.has("set_column_type_ui") {
        true => table_tools::set_column_type(visit, table, &column_types).await?,
        false => Json::Null,
    };
    let document = TableJson {
        page,
        location: &visit.location,
        metadata: about_table::metadata(visit, table),
        renderers,
        debug: debug_extra::table(visit, page),
        column_types,
        set_column_type_ui,
        render_cell,
    };
    Ok(document.before(wanted))
}

/// What cells show in place of values; `links` on the HTML page.
async fn answers(
    visit: &Visit,
    page: &TablePage,
    rows: &RowBatch,
    types: &[TypedColumn],
    links: bool,
) -> Result<CellAnswers, Fault> {
    if !cells::may_answer(visit, types) {
        return Ok(CellAnswers::default());
    }
    let table = &page.question.table;
    let shown = cells::Page {
        database: table.database().name(),
        table: Some(table),
        rows,
        labels: Some(&page.labels),
        types,
        links,
    };
    cells::answers(visit, &shown).await
}

/// The page in a format of a plugin.
async fn formatted(
    visit: &Visit,
    permit: &Permit<ViewTable>,
    renderer: &Arc<dyn OutputRenderer>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let asked = renderer.wants(visit.query().pairs());
    let mut wanted = formats::wanted(visit, Scope::Table, &asked)?;
    let filters = filters::added(visit, permit.resource()).await?;
    let mut request = request(visit, permit, filters).await?;
    let mut wants = json_wants(visit, &mut wanted, &mut request, !asked.data).await?;
    if asked.labels {
        request.find_expandable(instance, visit.actor()).await?;
        wants.labels = labels::chosen(visit.query(), &request.expandable, true);
    }
    let tag = Tag::of_table(visit, Kind::Data, &request);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(unchanged);
    }
    let suggestions = wants.suggestions;
    let (mut page, rows) = request.read(instance, wants, RowBatch::new()).await?;
    let mut data = Json::Null;
    if asked.data {
        page.ask_facet_kinds(instance, &visit.hooks(), visit.query(), suggestions)
            .await?;
        let before = members(visit, &page, &rows, &wanted).await?;
        data = formats::data(before, &rows, TableJson::after());
    }
    let input = RendererInput {
        scope: scope(&page, &rows),
        labels: formats::labels(&rows, &page.labels),
        truncated: false,
        error: None,
        arguments: visit.query().pairs(),
        data,
    };
    let reply = formats::render(visit, renderer, &input).await?;
    let reply = tag.on(reply, page.complete);
    Ok(with_next(reply, next_url(&page, &visit.location)))
}

/// The page as formats see it.
fn scope<'a>(page: &'a TablePage, rows: &'a RowBatch) -> RenderScope<'a> {
    let table = &page.question.table;
    RenderScope {
        database: table.database().name(),
        table: Some(table.name()),
        query_name: None,
        sql: Some(&page.plan.sql),
        view_name: "table",
        rows,
    }
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
        && !is_plain(visit)
}

/// Shapes without room for counts and facets go without them on pages, too (COUNT-04).
fn is_plain(visit: &Visit) -> bool {
    matches!(visit.query().get("_shape"), Some("array" | "object"))
}

/// How much of the page is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// The table of rows alone (DEBUG-59).
    Rows,
}

pub(super) async fn html(
    visit: &Visit,
    permit: &Permit<ViewTable>,
    part: Part,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let query = visit.query();
    let table = permit.resource().clone();
    let filters = filters::added(visit, &table).await?;
    let added = filters.extra_context.clone();
    let mut request = request(visit, permit, filters).await?;
    request.find_expandable(instance, visit.actor()).await?;
    let tag = Tag::of_table(visit, Kind::Page, &request);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(unchanged);
    }
    let suggestions = may_suggest(visit);
    let wants = TableWants {
        arguments: query.clone(),
        count: !query.is_present("_nocount") && !is_plain(visit),
        facets: !query.is_present("_nofacet") && !is_plain(visit),
        suggestions,
        labels: labels::chosen(query, &request.expandable, true),
    };
    let wants = only_for_headers(visit, &request, wants);
    let (mut page, batch) = request.read(instance, wants, RowBatch::new()).await?;
    let context = visit.hooks();
    page.ask_facet_kinds(instance, &context, query, suggestions)
        .await?;
    let types = cells::types(visit, &table).await?;
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
    let answers = answers(visit, &page, &batch, &types, true).await?;
    let column_types = cells::types_json(&types);
    let settings = &instance.config.settings;
    let variables = TableContext {
        page: &page,
        location: &visit.location,
        urls: &visit.app.urls,
        cells: Cells {
            urls: &visit.app.urls,
            truncate: settings.truncate_cells_html as usize,
            answers: &answers,
            label: label_column(instance, &table),
            tools: row_tools::of(visit, &table).await?,
        },
        metadata: about_table::metadata(visit, &table),
        set_column_type_ui: table_tools::set_column_type(visit, &table, &column_types).await?,
        alter_form: table_tools::alter(visit, &table, &page.expandable, &column_types).await?,
        column_types,
        renderers: renderers(visit, &page, &batch).await,
        settings: about_table::settings(visit),
        allow_execute_sql: instance
            .gate
            .allows::<ExecuteSql>(visit.actor(), table.database())
            .await?
            .is_some(),
        top: frame::top(visit, &slot).await?,
        actions: frame::actions(visit, &target).await?,
    };
    let way = Way::table(&table, "table", &page.columns);
    if part == Part::Rows {
        let candidates = custom_table_templates(&table, "table");
        let mut base = frame::base_of(visit, &way, &candidates, None).await?;
        base.add_below(&added);
        let rows = variables.variables(batch);
        let html = render(&visit.app.templates, &candidates, &base, rows).await?;
        return Ok(reply::html(html));
    }
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let candidates = templates(&database, &name);
    let mut base = frame::base_of(visit, &way, &candidates, Some(twin.clone())).await?;
    base.add_below(&added);
    let html = render(
        &visit.app.templates,
        &candidates,
        &base,
        variables.variables(batch),
    )
    .await?;
    let answer = alternate::announce(reply::html(html), &twin);
    let next = next_url(&page, &visit.location);
    Ok(with_next(tag.on(answer, page.complete), next))
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
async fn renderers(visit: &Visit, page: &TablePage, rows: &RowBatch) -> Json {
    let labels: &[(&str, &str)] = match page.expandable.is_empty() {
        true => &[],
        false => &[("_labels", "on")],
    };
    let location = &visit.location;
    let path = page_path(visit);
    let url = |format: &str| match location.path.contains('.') {
        true => {
            let mut added = vec![("_format", format)];
            added.extend(labels);
            location.with_format_argument(&added)
        }
        false => location.in_format(&path, format, labels),
    };
    let linked = formats::linked(visit, &scope(page, rows)).await;
    Json::Object(
        linked
            .into_iter()
            .map(|format| (format.clone(), json!(url(&format))))
            .collect(),
    )
}
