//! The index page (INDEX rows).

use datasette_core::Fault;
use datasette_core::action::{Instance as WholeInstance, ViewInstance};
use datasette_engine::read::index::read_index;
use datasette_hooks::{ActionTarget, TemplateSlot};
use datasette_render::html::context::index::IndexContext;
use datasette_render::html::page::render;
use datasette_render::json::database::{index, summary};
use serde_json::Value as Json;

use crate::alternate;
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::unchanged::{Kind, Tag};
use crate::visit::Visit;

/// `/`, `/.json` and their `/-/` twins, which use the built-in template only (INDEX-16).
pub(crate) async fn answer(visit: &Visit, json: bool, built_in: bool) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let permit = instance
        .gate
        .require::<ViewInstance>(visit.actor(), &WholeInstance)
        .await?;
    let kind = if json { Kind::Data } else { Kind::Page };
    // What is hidden is not in the answer, so its changes are not in the tag.
    let visible = instance
        .gate
        .visible_databases(visit.actor(), &visit.catalogue);
    let databases = visible.await?.into_iter().map(|visible| visible.item);
    let databases: Vec<_> = databases.collect();
    let tag = Tag::of_listing(visit, kind, &databases);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(unchanged);
    }
    let by_relationships = visit.query().get("_sort") == Some("relationships");
    let page = read_index(instance, &permit, &visit.catalogue, by_relationships).await?;
    let whole = page.databases.iter().all(|shown| shown.counts_known);
    let databases: Vec<Json> = page
        .databases
        .iter()
        .map(|database| summary(database, &visit.app.urls))
        .collect();
    let metadata = instance.config.metadata.instance().clone();
    if json {
        return Ok(tag.on(reply::json(&index(&databases, metadata)), whole));
    }
    let template = if built_in {
        "default:index.html"
    } else {
        "index.html"
    };
    let page_path = if built_in { "/-/" } else { "/" };
    let twin = alternate::url(visit, &format!("{page_path}.json"));
    let way = Way {
        view_name: Some("index"),
        ..Way::default()
    };
    let base = frame::base(visit, &way, "index.html", Some(twin.clone())).await?;
    let variables = IndexContext {
        databases: &databases,
        metadata: Json::Object(metadata),
        private: page.private,
        noindex: built_in,
        top: frame::top(visit, &TemplateSlot::Homepage).await?,
        actions: frame::actions(visit, &ActionTarget::Homepage).await?,
    };
    let html = render(
        &visit.app.templates,
        &[template.to_owned()],
        &base,
        variables.variables(),
    )
    .await?;
    let answer = alternate::announce(reply::html(html), &twin);
    Ok(tag.on(answer, whole))
}
