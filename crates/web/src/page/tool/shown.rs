//! What the pages of the tools share: who may see them, and their making.

use datasette_core::action::{Instance as WholeInstance, PermissionsDebug, ViewInstance};
use datasette_core::{Actor, Fault};
use datasette_render::html::page::render;
use datasette_render::html::tools::plain;
use serde_json::Value as Json;

use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// A page of one template and variables that are plain JSON.
pub(super) async fn page(
    visit: &Visit,
    template: &str,
    view_name: &'static str,
    variables: &Json,
) -> Result<Reply, Fault> {
    let base = frame::base(visit, &way(view_name), template, None).await?;
    let candidates = [template.to_owned()];
    let html = render(&visit.app.templates, &candidates, &base, plain(variables)).await?;
    Ok(reply::html(html))
}

/// Where the page is: at the instance.
pub(super) fn way(view_name: &'static str) -> Way {
    Way {
        view_name: Some(view_name),
        ..Way::default()
    }
}

/// Refuses those who may not view the instance.
pub(super) async fn for_viewers(visit: &Visit) -> Result<(), Fault> {
    let gate = &visit.app.instance.gate;
    let permit = gate.require::<ViewInstance>(visit.actor(), &WholeInstance);
    permit.await.map(drop)
}

/// Refuses those who may not debug permissions.
pub(super) async fn for_debuggers(visit: &Visit) -> Result<(), Fault> {
    let gate = &visit.app.instance.gate;
    let permit = gate.require::<PermissionsDebug>(visit.actor(), &WholeInstance);
    permit.await.map(drop)
}

/// Whether the visitor may debug permissions.
pub(super) async fn is_debugger(visit: &Visit) -> Result<bool, Fault> {
    let gate = &visit.app.instance.gate;
    let permit = gate.allows::<PermissionsDebug>(visit.actor(), &WholeInstance);
    Ok(permit.await?.is_some())
}

/// The id of an actor, of whatever type; null for an anonymous visitor.
pub(super) fn id_of(actor: Option<&Actor>) -> Json {
    let id = actor.and_then(|actor| actor.properties().get("id"));
    id.cloned().unwrap_or_default()
}

/// The path of a resource by its names (PERM-72).
pub(super) fn resource_path(parent: Option<&str>, child: Option<&str>) -> String {
    match (parent, child) {
        (None, _) => "/".to_owned(),
        (Some(parent), None) => format!("/{parent}"),
        (Some(parent), Some(child)) => format!("/{parent}/{child}"),
    }
}
