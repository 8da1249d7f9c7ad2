//! SQL that a visitor wrote, in every format (QUERY rows).

use std::sync::Arc;

use datasette_core::action::ExecuteSql;
use datasette_core::action::ViewDatabase;
use datasette_core::{DatabaseRef, Fault, FaultKind, RowBatch};
use datasette_engine::ask::named_parameters;
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::{DatabasePage, QueryPage};
use datasette_engine::read::database::{Counting, read_database};
use datasette_engine::read::{QueryRequest, read_query};
use datasette_hooks::{
    ActionTarget, CellAnswers, OutputRenderer, RenderScope, RendererInput, TemplateSlot,
};
use datasette_permissions::Permit;
use datasette_render::html::cells::Cells;
use datasette_render::html::context::query::{QueryContext, templates};
use datasette_render::html::page::render;
use datasette_render::json::database::{UNSTABLE, table_columns};
use datasette_render::json::query::QueryJson;
use datasette_render::json::{JsonOptions, JsonRows, Shape, wrap};
use serde_json::{Map, Value as Json, json};

use super::database::table_names;
use super::{csv, invalid_format};
use crate::frame::{self, Way};
use crate::kept_rows::KeptRows;
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{alternate, cells, formats, problem};

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
    match format {
        None => html(visit, &permit, &sql).await,
        Some("csv") => csv::query(visit, &permit, &required(&sql)?).await,
        Some(other) => match formats::named(visit, other) {
            Some(renderer) => formatted(visit, &permit, &required(&sql)?, renderer).await,
            None if other == "json" => json(visit, &permit, &required(&sql)?).await,
            None => Err(invalid_format(other)),
        },
    }
}

fn required(sql: &str) -> Result<String, Fault> {
    match sql {
        "" => Err(Fault::bad_request("?sql= is required")),
        sql => Ok(sql.to_owned()),
    }
}

/// The most rows that a statement returns (QUERY-18).
pub(crate) fn row_limit(visit: &Visit) -> Option<usize> {
    Some(visit.app.instance.config.settings.max_returned_rows as usize)
}

fn status_of(mut reply: Reply, page: &QueryPage) -> Reply {
    if page.error.is_some() {
        *reply.status_mut() = axum::http::StatusCode::BAD_REQUEST;
    }
    reply
}

async fn json(visit: &Visit, permit: &Permit<ExecuteSql>, sql: &str) -> Result<Reply, Fault> {
    let wanted = Wanted::parse(Scope::Query, visit.query())?;
    let options = JsonOptions::parse(visit.query())?;
    let request = QueryRequest::parse(sql, visit.query())?;
    let rows = JsonRows::new(&options, Vec::new());
    let rows = KeptRows::new(rows, wanted.has("render_cell"));
    let (page, rows) =
        read_query(&visit.app.instance, permit, request, row_limit(visit), rows).await?;
    let failed = page.error.is_some();
    if !failed {
        let shape = options.checked_shape()?;
        if shape == Shape::Object {
            return Err(Fault::bad_request(
                "_shape=object is only available on tables",
            ));
        }
        if shape.is_bare() {
            return Ok(reply::with_type(
                options.content_type(),
                rows.json.into_bare_body(),
            ));
        }
    }
    let kept = rows.rows.unwrap_or_default();
    let (before, after) = members(visit, &page, &kept, &wanted).await?;
    let items: &[u8] = if failed { b"" } else { rows.json.items() };
    let body = wrap(&before, items, &after);
    Ok(status_of(
        reply::with_type("application/json; charset=utf-8", body),
        &page,
    ))
}

/// The result in a format of a plugin.
async fn formatted(
    visit: &Visit,
    permit: &Permit<ExecuteSql>,
    sql: &str,
    renderer: &Arc<dyn OutputRenderer>,
) -> Result<Reply, Fault> {
    let asked = renderer.wants(visit.query().pairs());
    let wanted = formats::wanted(visit, Scope::Query, &asked)?;
    let request = QueryRequest::parse(sql, visit.query())?;
    let limit = row_limit(visit);
    let (page, rows) =
        read_query(&visit.app.instance, permit, request, limit, RowBatch::new()).await?;
    let mut data = Json::Null;
    if asked.data {
        let (before, after) = members(visit, &page, &rows, &wanted).await?;
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
    formats::render(visit, renderer, &input).await
}

/// The result as formats see it. They are told `table` to render it and `database` to decide
/// (HOOK-81, HOOK-88).
fn scope<'a>(page: &'a QueryPage, rows: &'a RowBatch, view_name: &'a str) -> RenderScope<'a> {
    RenderScope {
        database: page.database.name(),
        table: None,
        query_name: None,
        sql: Some(&page.sql),
        view_name,
        rows,
    }
}

/// The members of JSON before and after the rows.
async fn members(
    visit: &Visit,
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
        metadata: metadata(visit, &page.database),
        debug: json!({}),
        render_cell,
    };
    Ok((document.before(), document.after(wanted)))
}

/// What cells show in place of values.
async fn answers(visit: &Visit, page: &QueryPage, rows: &RowBatch) -> Result<CellAnswers, Fault> {
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

fn metadata(visit: &Visit, database: &DatabaseRef) -> Json {
    let metadata = &visit.app.instance.config.metadata;
    Json::Object(
        metadata
            .database(database.name())
            .cloned()
            .unwrap_or_default(),
    )
}

async fn html(visit: &Visit, permit: &Permit<ExecuteSql>, sql: &str) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let database = permit.resource().clone();
    let (page, batch) = if sql.is_empty() {
        (nothing_run(visit, permit).await?, RowBatch::new())
    } else {
        let request = QueryRequest::parse(sql, visit.query())?;
        read_query(instance, permit, request, row_limit(visit), RowBatch::new()).await?
    };
    let listing = listing(visit, &database).await?;
    let context = visit.hooks();
    let name = database.name().to_owned();
    let given = (!page.sql.is_empty()).then(|| page.sql.clone());
    let slot = TemplateSlot::Query {
        database: name.clone(),
        sql: given.clone(),
    };
    let named: Vec<(String, String)> = named_parameters(&page.sql)
        .into_iter()
        .filter(|name| !name.starts_with('_'))
        .map(|name| {
            let value = visit.query().get(&name).unwrap_or_default().to_owned();
            (name, value)
        })
        .collect();
    let target = ActionTarget::Query {
        database: name.clone(),
        query_name: None,
        sql: given,
        params: named.clone(),
    };
    let answers = answers(visit, &page, &batch).await?;
    let cells = Cells {
        urls: &visit.app.urls,
        truncate: instance.config.settings.truncate_cells_html as usize,
        answers: &answers,
        label: None,
    };
    let blob_url = visit.location.in_format(&visit.location.path, "blob", &[]);
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let mut renderers = Map::new();
    if !page.sql.is_empty() {
        for format in formats::linked(visit, &scope(&page, &batch, "database")).await {
            let url = visit.location.in_format(&visit.location.path, &format, &[]);
            renderers.insert(format, json!(url));
        }
    }
    let variables = QueryContext {
        page: &page,
        location: &visit.location,
        display_rows: cells.of_query(&page, &batch, &blob_url),
        named_parameters: named,
        metadata: metadata(visit, &database),
        renderers: Json::Object(renderers),
        allow_execute_sql: true,
        tables: listing.as_ref().map(table_names).unwrap_or_default(),
        table_columns: listing
            .as_ref()
            .map(table_columns)
            .unwrap_or_else(|| json!({})),
        top: instance.bus.top(&context, &slot).await?,
        actions: instance.bus.actions(&context, &target).await?,
    };
    let mut way = Way::database(&database, "query");
    way.columns = Some(page.columns.clone());
    let base = frame::base(visit, &way, "query.html", Some(twin.clone())).await?;
    let html = render(
        &visit.app.templates,
        &templates(&name),
        &base,
        variables.variables(),
    )?;
    Ok(alternate::announce(reply::html(html), &twin))
}

/// The page before anything was run (QUERY-21).
async fn nothing_run(visit: &Visit, permit: &Permit<ExecuteSql>) -> Result<QueryPage, Fault> {
    let gate = &visit.app.instance.gate;
    Ok(QueryPage {
        database: permit.resource().clone(),
        sql: String::new(),
        params: Vec::new(),
        columns: Vec::new(),
        rows: 0,
        truncated: false,
        error: None,
        private: gate
            .is_private::<ExecuteSql>(visit.actor(), permit.resource())
            .await?,
        query_ms: 0.0,
    })
}

/// What the editor completes, for those who may see the database.
async fn listing(visit: &Visit, database: &DatabaseRef) -> Result<Option<DatabasePage>, Fault> {
    let gate = &visit.app.instance.gate;
    match gate.allows::<ViewDatabase>(visit.actor(), database).await? {
        Some(permit) => Ok(Some(
            read_database(&visit.app.instance, &permit, Counting::None).await?,
        )),
        None => Ok(None),
    }
}

/// `/{db}/-/query/parameters` (DEBUG-68).
pub(crate) async fn parameters(visit: &Visit, route: &str) -> Result<Reply, Fault> {
    let database = visit.database(route)?;
    // Refusals of a known database are as unframeable as the answer.
    let answer = match derived_parameters(visit, &database).await {
        Ok(names) => reply::json(&json!({"ok": true, "unstable": UNSTABLE, "parameters": names})),
        Err(fault) => problem::json(&fault),
    };
    Ok(reply::unframeable(answer))
}

async fn derived_parameters(visit: &Visit, database: &DatabaseRef) -> Result<Vec<String>, Fault> {
    let gate = &visit.app.instance.gate;
    let refused = || Fault::forbidden("Permission denied: need execute-sql");
    gate.allows::<ExecuteSql>(visit.actor(), database)
        .await?
        .ok_or_else(refused)?;
    let mut others: Vec<&str> = visit
        .query()
        .pairs()
        .iter()
        .map(|(key, _)| key.as_str())
        .filter(|key| *key != "sql")
        .collect();
    others.sort_unstable();
    others.dedup();
    if !others.is_empty() {
        return Err(Fault::bad_request(format!(
            "Invalid keys: {}",
            others.join(", ")
        )));
    }
    let names = named_parameters(visit.query().get("sql").unwrap_or_default());
    if names.iter().any(|name| name.starts_with('_')) {
        return Err(Fault::new(
            FaultKind::BadRequest,
            "Magic parameters are not allowed",
        ));
    }
    Ok(names)
}
