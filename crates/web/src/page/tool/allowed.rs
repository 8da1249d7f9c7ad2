//! `/-/allowed`: what the visitor may do one action to (DEBUG-32 to DEBUG-37, PERM-80 to PERM-85).

use datasette_core::Fault;
use datasette_engine::access_map::{AccessQuestion, NumberedPage};
use serde_json::{Value as Json, json};

use super::listed::{action, envelope};
use super::shown::{for_viewers, is_debugger, page, resource_path};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// Actions that most people look for.
const FIRST: [&str; 8] = [
    "view-instance",
    "view-database",
    "view-table",
    "view-query",
    "execute-sql",
    "insert-row",
    "update-row",
    "delete-row",
];

/// The form.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    let known = visit.app.instance.gate.actions();
    let mut actions: Vec<&str> = known.iter().map(|action| action.name.as_str()).collect();
    let place = |name: &str| FIRST.iter().position(|first| *first == name);
    actions.sort_by_key(|name| (place(name).unwrap_or(FIRST.len()), *name));
    let variables = json!({
        "supported_actions": actions,
        "has_debug_permission": is_debugger(visit).await?,
    });
    page(visit, "debug_allowed.html", "allowed", &variables).await
}

/// The list. Why something is allowed is told only to those who may debug permissions.
pub(super) async fn json(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    let with_reasons = is_debugger(visit).await?;
    let action = action(visit)?;
    let (parent, child) = (visit.query().get("parent"), visit.query().get("child"));
    if visit.query().is_present("child") && !visit.query().is_present("parent") {
        return Err(Fault::bad_request(
            "parent must be provided when child is specified",
        ));
    }
    let page = NumberedPage::parse(visit.query())?;
    let question = AccessQuestion {
        action: &action.name,
        parent,
        child,
        page,
        with_reasons,
    };
    let found = visit
        .app
        .instance
        .access_map(visit.actor(), question)
        .await?;
    let items: Vec<Json> = found
        .items
        .into_iter()
        .map(|item| {
            let path = resource_path(Some(&item.parent), item.child.as_deref());
            let mut shown = json!({
                "parent": item.parent,
                "child": item.child,
                "resource": path,
            });
            if let Some(reasons) = item.reasons {
                shown["reason"] = json!(reasons);
            }
            shown
        })
        .collect();
    let mut answer = envelope(visit, action, page, found.total, items);
    if !action.takes_parent
        && let Some(keys) = answer.as_object_mut()
    {
        // Of the instance there is no list, and nothing beside it (PERM-84).
        keys.remove("previous_url");
    }
    Ok(reply::json(&answer))
}
