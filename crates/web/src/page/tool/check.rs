//! `/-/check`: one decision and its explanation (DEBUG-39 to DEBUG-41, PERM-69 to PERM-78).

use datasette_core::{Actor, Fault, json_text};
use datasette_render::html::about::indented;
use datasette_render::json::database::UNSTABLE;
use serde_json::{Value as Json, json};

use super::shown::{for_debuggers, id_of, page, resource_path};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The form.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    for_debuggers(visit).await?;
    let table = visit.app.instance.gate.actions();
    let mut known: Vec<_> = table.iter().collect();
    known.sort_by_key(|action| action.name.as_str());
    let actions: Vec<Json> = known
        .into_iter()
        .map(|action| {
            json!({
                "name": action.name,
                "description": action.description,
                "takes_parent": action.takes_parent,
                "takes_child": action.takes_child,
                "also_requires": action.also_requires,
            })
        })
        .collect();
    let own = || indented(&properties(visit.actor()));
    let typed = visit.query().get("actor").filter(|text| !text.is_empty());
    let variables = json!({
        "actions": actions,
        "actor_json": typed.map_or_else(own, str::to_owned),
        "has_debug_permission": true,
    });
    page(visit, "debug_check.html", "permission_check", &variables).await
}

/// The answer.
pub(super) async fn json(visit: &Visit) -> Result<Reply, Fault> {
    for_debuggers(visit).await?;
    let query = visit.query();
    let action = query
        .get("action")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Fault::bad_request("action parameter is required"))?;
    let simulated = query.get("actor").map(simulated).transpose()?;
    let actor = match &simulated {
        Some(actor) => actor.as_ref(),
        None => visit.actor(),
    };
    let answer = explained(
        visit,
        actor,
        action,
        query.get("parent"),
        query.get("child"),
    );
    Ok(reply::json(&answer.await?))
}

/// An actor that somebody typed: an object, or `null` for an anonymous one.
///
/// # Errors
/// 400 when it is something else.
pub(super) fn simulated(text: &str) -> Result<Option<Actor>, Fault> {
    match json_text::read(text) {
        Ok(Json::Null) => Ok(None),
        Ok(Json::Object(properties)) => Ok(Some(Actor::new(properties))),
        Ok(_) => Err(Fault::bad_request("actor must be a JSON object or null")),
        Err(mistake) => Err(Fault::bad_request(format!("Invalid actor JSON: {mistake}"))),
    }
}

/// The decision about this actor, action and resource in the form of the API.
///
/// # Errors
/// 404 for an unknown action, 400 for a child without a parent.
pub(super) async fn explained(
    visit: &Visit,
    actor: Option<&Actor>,
    action: &str,
    parent: Option<&str>,
    child: Option<&str>,
) -> Result<Json, Fault> {
    let instance = &visit.app.instance;
    instance.gate.actions().find(action)?;
    let blank = |name: Option<&str>| name.is_none_or(str::is_empty);
    if !blank(child) && blank(parent) {
        return Err(Fault::bad_request(
            "parent is required when child is provided",
        ));
    }
    let decision = instance.decision(actor, action, parent, child).await?;
    let mut answer = json!({
        "ok": true,
        "unstable": UNSTABLE,
        "action": action,
        "allowed": decision.allowed,
        "actor": properties(actor),
        "resource": {
            "parent": parent,
            "child": child,
            "path": resource_path(parent, child),
        },
        "explanation": decision.explanation,
    });
    if actor.is_some_and(|actor| actor.properties().contains_key("id")) {
        answer["actor_id"] = id_of(actor);
    }
    Ok(answer)
}

fn properties(actor: Option<&Actor>) -> Json {
    actor.map_or(Json::Null, |actor| Json::from(actor.properties().clone()))
}
