//! The HTML of a query page: the statement, its parameters and the result.

use std::collections::HashSet;

use datasette_core::action::{ExecuteSql, StoreQuery, ViewDatabase};
use datasette_core::query_string::encode_form;
use datasette_core::{DatabaseRef, Fault, RowBatch};
use datasette_engine::ask;
use datasette_engine::page::{DatabasePage, QueryPage};
use datasette_engine::read::database::{Counting, read_database};
use datasette_hooks::{ActionTarget, TemplateSlot};
use datasette_permissions::Permit;
use datasette_render::html::cells::Cells;
use datasette_render::html::context::query::{QueryContext, templates};
use datasette_render::html::page::render;
use datasette_render::html::row_tools::RowTools;
use datasette_render::json::database::table_columns;
use serde_json::{Map, Value as Json, json};

use super::json::{answers, scope};
use super::subject::Subject;
use crate::frame::{self, Way};
use crate::page::database::tables;
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{alternate, formats};

/// The page, and whether its statement succeeded.
pub(super) async fn page(visit: &Visit, subject: &Subject) -> Result<(Reply, bool), Fault> {
    let instance = &visit.app.instance;
    let database = subject.database();
    let (page, batch) = match subject {
        Subject::Sql { permit, sql } if sql.is_empty() => {
            (nothing_run(visit, permit).await?, RowBatch::new())
        }
        _ => subject.read(visit, RowBatch::new()).await?,
    };
    let allow_execute_sql = match subject {
        Subject::Sql { .. } => true,
        _ => {
            let permit = instance.gate.allows::<ExecuteSql>(visit.actor(), database);
            permit.await?.is_some()
        }
    };
    let listing = listing(visit, database).await?;
    let params = submitted(visit, subject, &page);
    let (slot, target) = hooked(&page, &params);
    let answers = answers(visit, &page, &batch).await?;
    let cells = Cells {
        urls: &visit.app.urls,
        truncate: instance.config.settings.truncate_cells_html as usize,
        answers: &answers,
        label: None,
        tools: RowTools::default(),
    };
    let blob_url = visit.location.in_format(&visit.location.path, "blob", &[]);
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let variables = QueryContext {
        page: &page,
        params,
        location: &visit.location,
        display_rows: cells.of_query(&page, &batch, &blob_url),
        metadata: subject.metadata(visit),
        edit_sql_url: edit_sql_url(visit, &page).filter(|_| allow_execute_sql),
        save_query_url: save_query_url(visit, &page, allow_execute_sql).await?,
        renderers: Json::Object(renderers(visit, &page, &batch).await),
        allow_execute_sql,
        tables: listing.as_ref().map(tables).unwrap_or_default(),
        table_columns: listing
            .as_ref()
            .map(table_columns)
            .unwrap_or_else(|| json!({})),
        top: frame::top(visit, &slot).await?,
        actions: frame::actions(visit, &target).await?,
    };
    // Hooks know query pages as pages of the database (HOOK-40).
    let mut way = Way::database(database, "database");
    way.columns = Some(page.columns.clone());
    let stored = subject.stored().map(|stored| stored.name.as_str());
    let candidates = templates(database.name(), stored);
    let base = frame::base_of(visit, &way, &candidates, Some(twin.clone())).await?;
    let html = render(
        &visit.app.templates,
        &candidates,
        &base,
        variables.variables(),
    )
    .await?;
    let answer = alternate::announce(reply::html(html), &twin);
    Ok((answer, page.error.is_none()))
}

/// The page before anything was run (QUERY-21).
async fn nothing_run(visit: &Visit, permit: &Permit<ExecuteSql>) -> Result<QueryPage, Fault> {
    let gate = &visit.app.instance.gate;
    Ok(QueryPage {
        database: permit.resource().clone(),
        stored: None,
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

/// What plugins are told about the page: the place above its form and its actions menu.
fn hooked(page: &QueryPage, params: &[(String, String)]) -> (TemplateSlot, ActionTarget) {
    let database = page.database.name().to_owned();
    let sql = (!page.sql.is_empty()).then(|| page.sql.clone());
    let query_name = page.stored.as_ref().map(|query| query.name().to_owned());
    let slot = match &query_name {
        Some(name) => TemplateSlot::StoredQuery {
            database: database.clone(),
            query_name: name.clone(),
        },
        None => TemplateSlot::Query {
            database: database.clone(),
            sql: sql.clone(),
        },
    };
    let target = ActionTarget::Query {
        database,
        query_name,
        sql,
        params: params.to_vec(),
    };
    (slot, target)
}

/// Everything that was submitted, the statement itself left out, and parameters that were not
/// (HOOK-178, CTX-34).
fn submitted(visit: &Visit, subject: &Subject, page: &QueryPage) -> Vec<(String, String)> {
    let is_statement = |name: &str| matches!(subject, Subject::Sql { .. }) && name == "sql";
    let mut known = HashSet::new();
    let pairs = visit.query().pairs().iter().cloned();
    pairs
        .chain(fields(page))
        .filter(|(name, _)| !is_statement(name) && known.insert(name.clone()))
        .collect()
}

/// Names and values of the parameter fields.
fn fields(page: &QueryPage) -> Vec<(String, String)> {
    let text = |value: &datasette_core::Value| {
        let text = value.as_ref().as_text().unwrap_or_default();
        text.into_owned()
    };
    page.params
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// Where the SQL can be changed: nowhere if it is none that a visitor may write, or has magic
/// parameters, which mean nothing there (QUERY-55).
fn edit_sql_url(visit: &Visit, page: &QueryPage) -> Option<String> {
    if page.sql.contains(":_") || !ask::is_select(&page.sql) {
        return None;
    }
    let mut url = format!("{}/-/query?sql=", visit.app.urls.database(&page.database));
    encode_form(&mut url, &page.sql);
    for (name, value) in fields(page).iter().filter(|(name, _)| name != "sql") {
        url.push('&');
        encode_form(&mut url, name);
        url.push('=');
        encode_form(&mut url, value);
    }
    Some(url)
}

/// Where the SQL of a visitor can be stored, by those who may (STORED-15).
async fn save_query_url(
    visit: &Visit,
    page: &QueryPage,
    allow_execute_sql: bool,
) -> Result<Option<String>, Fault> {
    let is_own = page.stored.is_none() && !page.sql.contains(":_") && ask::is_select(&page.sql);
    let (gate, actor) = (&visit.app.instance.gate, visit.actor());
    if !is_own || !allow_execute_sql {
        return Ok(None);
    }
    let may = gate.allows::<StoreQuery>(actor, &page.database).await?;
    Ok(may.map(|_| {
        let database = visit.app.urls.database(&page.database);
        let mut url = format!("{database}/-/queries/store?sql=");
        encode_form(&mut url, &page.sql);
        url
    }))
}

/// Other formats of the page and their URLs.
async fn renderers(visit: &Visit, page: &QueryPage, rows: &RowBatch) -> Map<String, Json> {
    let mut renderers = Map::new();
    for format in formats::linked(visit, &scope(page, rows, "database")).await {
        let url = visit.location.in_format(&visit.location.path, &format, &[]);
        renderers.insert(format, json!(url));
    }
    renderers
}

/// What the editor completes, for those who may see the database.
pub(crate) async fn listing(
    visit: &Visit,
    database: &DatabaseRef,
) -> Result<Option<DatabasePage>, Fault> {
    let gate = &visit.app.instance.gate;
    match gate.allows::<ViewDatabase>(visit.actor(), database).await? {
        Some(permit) => Ok(Some(
            read_database(&visit.app.instance, &permit, Counting::None).await?,
        )),
        None => Ok(None),
    }
}
