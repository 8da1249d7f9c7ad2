//! The forms that store and change queries (UI-51, UI-52).

use datasette_core::{DatabaseRef, Fault, StoredQuery};
use datasette_engine::write::Preview;
use datasette_render::html::context::query_form::QueryFormContext;
use datasette_render::html::page::render;

use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// What a form is filled with.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub(super) sql: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) is_private: bool,
}

impl Filled {
    /// What is stored already.
    pub(super) fn of(query: &StoredQuery) -> Self {
        Self {
            sql: query.sql.clone(),
            name: query.name.clone(),
            title: query.title.clone().unwrap_or_default(),
            description: query.description.clone().unwrap_or_default(),
            is_private: query.is_private,
        }
    }
}

/// The form of a query that is not stored yet.
pub(super) async fn create(
    visit: &Visit,
    database: &DatabaseRef,
    filled: Filled,
) -> Result<Reply, Fault> {
    form(visit, database, filled, None).await
}

/// The form of a query that is stored.
pub(super) async fn edit(
    visit: &Visit,
    database: &DatabaseRef,
    filled: Filled,
) -> Result<Reply, Fault> {
    let url = visit.app.urls.child(database.route(), &filled.name);
    form(visit, database, filled, Some(url)).await
}

async fn form(
    visit: &Visit,
    database: &DatabaseRef,
    filled: Filled,
    query_url: Option<String>,
) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let preview = Preview::of_stored(instance, visit.actor(), database, &filled.sql).await?;
    let (template, view_name) = match query_url {
        Some(_) => ("query_edit.html", "query-edit"),
        None => ("query_create.html", "query-create"),
    };
    let shown = QueryFormContext {
        database,
        preview: &preview,
        name: filled.name,
        title: filled.title,
        description: filled.description,
        is_private: filled.is_private,
        query_url,
    };
    let way = Way::database(database, view_name);
    let base = frame::base(visit, &way, template, None).await?;
    let candidates = [template.to_owned()];
    let html = render(&visit.app.templates, &candidates, &base, shown.variables()).await?;
    Ok(reply::unframeable(reply::html(html)))
}
