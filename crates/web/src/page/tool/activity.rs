//! `/-/permissions`: the latest checks, and a form that makes one up (DEBUG-43, PERM-87, PERM-88).

use axum::body::Body;
use datasette_core::{Fault, UtcTime, stored_json};
use datasette_permissions::RecentCheck;
use serde_json::{Value as Json, json};

use super::check::{explained, simulated};
use super::shown::{for_debuggers, for_viewers, id_of, page};
use crate::form::Form;
use crate::problem;
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The page.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    for_debuggers(visit).await?;
    let gate = &visit.app.instance.gate;
    let filter = visit.query().get("filter").filter(|text| !text.is_empty());
    let filter = filter.unwrap_or("all");
    let own = id_of(visit.actor());
    let wanted = |check: &RecentCheck| {
        let is_own = || id_of(check.actor.as_ref()) == own;
        match filter {
            "exclude-yours" => !is_own(),
            "only-yours" => is_own(),
            _ => true,
        }
    };
    let recent = gate.recent_checks();
    let checks: Vec<Json> = recent
        .iter()
        .filter(|check| wanted(check))
        .map(shown)
        .collect();
    let permissions: Vec<Json> = gate
        .actions()
        .iter()
        .map(|action| {
            json!({
                "name": action.name,
                "abbr": action.abbreviation,
                "description": action.description,
                "takes_parent": action.takes_parent,
                "takes_child": action.takes_child,
            })
        })
        .collect();
    let variables = json!({
        "permission_checks": checks,
        "filter": filter,
        "has_debug_permission": true,
        "permissions": permissions,
    });
    let template = "debug_permissions_playground.html";
    page(visit, template, "permissions_debug", &variables).await
}

fn shown(check: &RecentCheck) -> Json {
    let actor = check.actor.as_ref();
    let actor = actor.map(|actor| Json::from(actor.properties().clone()));
    json!({
        "when": UtcTime::of(check.when).iso_microseconds(),
        "actor_json": actor.as_ref().map(stored_json::text),
        "actor": actor,
        "action": check.action,
        "parent": check.parent,
        "child": check.child,
        "result": check.allowed,
    })
}

/// What the form asks, answered as `/-/check.json` does.
pub(super) async fn simulate(visit: &Visit, body: Body) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    for_debuggers(visit).await?;
    let form = Form::read(visit, body).await?;
    // The script of the page reads mistakes too.
    let answered = answered(visit, &form).await;
    Ok(answered.map_or_else(
        |mistake| problem::json(&mistake),
        |answer| reply::json(&answer),
    ))
}

async fn answered(visit: &Visit, form: &Form) -> Result<Json, Fault> {
    let actor = simulated(form.required("actor")?)?;
    let action = form.required("permission")?;
    let (parent, child) = (form.filled("resource_1"), form.filled("resource_2"));
    explained(visit, actor.as_ref(), action, parent, child).await
}
