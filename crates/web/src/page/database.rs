//! The database page and the download of its file (DB rows).

use axum::body::Body;
use axum::http::{StatusCode, header};
use datasette_core::action::{ViewDatabase, ViewDatabaseDownload};
use datasette_core::{DatabaseRef, Fault};
use datasette_engine::read::database::{Counting, read_database};
use datasette_engine::read::{first_stored, hides_tables};
use datasette_hooks::{ActionTarget, TemplateSlot};
use datasette_render::html::context::database::{DatabaseContext, templates};
use datasette_render::html::page::render;
use datasette_render::json::database::page as page_json;
use datasette_render::json::stored;
use serde_json::Value as Json;

use super::invalid_format;
use crate::frame::{self, Way};
use crate::reply::{self, NoCors, Reply};
use crate::unchanged::{Kind, Tag};
use crate::visit::Visit;
use crate::{alternate, database_tools, etag};

/// `/{db}` and `/{db}.{format}`.
pub(crate) async fn answer(
    visit: &Visit,
    route: &str,
    format: Option<&str>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let database = visit.database(route)?;
    let permit = instance
        .gate
        .require::<ViewDatabase>(visit.actor(), &database)
        .await?;
    let sql = visit.query().get("sql").map(str::trim).unwrap_or_default();
    if !sql.is_empty() {
        return Ok(to_query_page(visit, route, format));
    }
    if let Some(format) = format.filter(|format| *format != "json") {
        return Err(invalid_format(format));
    }
    let kind = format.map_or(Kind::Page, |_| Kind::Data);
    let tag = Tag::of_listing(visit, kind, std::slice::from_ref(&database));
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(allowed(unchanged, kind));
    }
    let page = read_database(instance, &permit, Counting::Capped).await?;
    let whole = page.tables.iter().all(|table| table.count.is_some());
    let (queries, queries_count) = first_stored(instance, visit.actor(), &database).await?;
    let queries: Vec<Json> = queries.iter().map(stored::listed).collect();
    let metadata = instance
        .config
        .metadata
        .database(database.name())
        .cloned()
        .unwrap_or_default();
    let metadata = Json::Object(metadata);
    if format.is_some() {
        let json = page_json(&page, &visit.app.urls, &queries, queries_count, metadata);
        return Ok(tag.on(reply::json(&json), whole));
    }
    let name = database.name().to_owned();
    let target = ActionTarget::Database {
        database: name.clone(),
    };
    let slot = TemplateSlot::Database { database: name };
    let entry = database.entry();
    let variables = DatabaseContext {
        page: &page,
        urls: &visit.app.urls,
        queries,
        queries_count,
        metadata,
        show_hidden: visit.query().get("_show_hidden"),
        allow_download: instance.config.settings.allow_download
            && !entry.is_mutable
            && !entry.is_memory
            && !hides_tables(instance, visit.actor(), &database).await?,
        attached_databases: attached(visit, &database).await?,
        top: frame::top(visit, &slot).await?,
        actions: frame::actions(visit, &target).await?,
        create_form: database_tools::create(visit, &database).await?,
    };
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let way = Way::database(&database, "database");
    let candidates = templates(database.name());
    let base = frame::base_of(visit, &way, &candidates, Some(twin.clone())).await?;
    let html = render(
        &visit.app.templates,
        &candidates,
        &base,
        variables.variables(),
    )
    .await?;
    let answer = alternate::announce(reply::html(html), &twin);
    Ok(allowed(tag.on(answer, whole), kind))
}

/// Other sites may read the data, but not the page (CACHE-14).
fn allowed(mut answer: Reply, kind: Kind) -> Reply {
    if kind == Kind::Page {
        answer.extensions_mut().insert(NoCors);
    }
    answer
}

/// The other files that queries of this database can name, as far as the visitor may view them
/// (XDB-06).
async fn attached(visit: &Visit, database: &DatabaseRef) -> Result<Vec<String>, Fault> {
    let instance = &visit.app.instance;
    let handle = instance.handle(database)?;
    let attached = &handle.options().attached;
    if attached.is_empty() {
        return Ok(Vec::new());
    }
    let gate = &instance.gate;
    let visible = gate.visible_databases(visit.actor(), &visit.catalogue);
    let visible = visible.await?;
    let may = |name: &str| visible.iter().any(|entry| entry.item.name() == name);
    let names = attached.iter().map(|file| file.name.clone());
    Ok(names.filter(|name| may(name)).collect())
}

/// Old links with `?sql=` lead to the query page, arguments untouched (ROUTE-31).
fn to_query_page(visit: &Visit, route: &str, format: Option<&str>) -> Reply {
    let database = datasette_core::tilde::encode(route);
    let suffix = format
        .map(|format| format!(".{format}"))
        .unwrap_or_default();
    let path = visit.location.local(&format!("{database}/-/query{suffix}"));
    reply::redirect(&format!("{path}?{}", visit.location.raw_query), false)
}

/// `/{db}.db` (DB-20, DB-21).
pub(crate) async fn download(visit: &Visit, route: &str) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let (gate, actor) = (&instance.gate, visit.actor());
    let Ok(database) = visit.database(route) else {
        gate.refuse_unknown::<ViewDatabaseDownload>(actor, route, None, &visit.catalogue)
            .await?;
        return Err(Fault::not_found("Invalid database"));
    };
    gate.require::<ViewDatabaseDownload>(actor, &database)
        .await?;
    let entry = database.entry();
    let Some(path) = entry.path.as_ref().filter(|_| !entry.is_memory) else {
        return Err(Fault::not_found("Cannot download in-memory databases"));
    };
    if entry.is_mutable || !instance.config.settings.allow_download {
        return Err(Fault::forbidden("Database download is forbidden"));
    }
    if hides_tables(instance, actor, &database).await? {
        return Err(Fault::forbidden(
            "This database cannot be downloaded: you do not have permission to view all of its tables",
        ));
    }
    let etag = entry.hash.as_ref().map(|hash| format!("\"{hash}\""));
    let known = |etag: &String| etag::is_known(&visit.headers, etag);
    if etag.as_ref().is_some_and(known) {
        let mut unchanged = reply::with_type("text/plain", Body::empty());
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(unchanged);
    }
    let (body, size) = crate::file_body::open(path).await.map_err(|error| {
        Fault::unavailable("The database file cannot be read now").caused_by(error)
    })?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    let mut file = reply::with_type("application/octet-stream", body);
    reply::set(&mut file, header::CONTENT_LENGTH, &size.to_string());
    reply::set(
        &mut file,
        header::CONTENT_DISPOSITION,
        &format!(
            "attachment; filename=\"{}\"",
            name.replace(['"', '\\'], "_")
        ),
    );
    if let Some(etag) = etag {
        reply::set(&mut file, header::ETAG, &etag);
    }
    Ok(file)
}

/// The tables as templates expect them (CTX-44).
pub(crate) fn tables(page: &datasette_engine::page::DatabasePage) -> Vec<Json> {
    page.tables
        .iter()
        .map(datasette_render::json::database::table)
        .collect()
}
