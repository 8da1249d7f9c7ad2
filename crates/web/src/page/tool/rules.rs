//! `/-/rules`: all rules about one action (DEBUG-38, PERM-86).

use datasette_core::Fault;
use datasette_engine::access_map::NumberedPage;
use serde_json::{Value as Json, json};

use super::listed::{action, envelope};
use super::shown::{for_debuggers, for_viewers, page, resource_path};
use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The form.
pub(super) async fn html(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    for_debuggers(visit).await?;
    let known = visit.app.instance.gate.actions();
    let mut actions: Vec<&str> = known.iter().map(|action| action.name.as_str()).collect();
    actions.sort_unstable();
    let variables = json!({"sorted_actions": actions, "has_debug_permission": true});
    page(visit, "debug_rules.html", "permission_rules", &variables).await
}

/// The list.
pub(super) async fn json(visit: &Visit) -> Result<Reply, Fault> {
    for_viewers(visit).await?;
    for_debuggers(visit).await?;
    let action = action(visit)?;
    let page = NumberedPage::parse(visit.query())?;
    let instance = &visit.app.instance;
    let rules = instance.rules_about(visit.actor(), &action.name).await?;
    let items: Vec<Json> = page
        .of(&rules)
        .iter()
        .map(|rule| {
            json!({
                "parent": rule.parent,
                "child": rule.child,
                "resource": resource_path(rule.parent.as_deref(), rule.child.as_deref()),
                "allow": u8::from(rule.allow),
                "reason": rule.reason,
                "source_plugin": rule.source,
            })
        })
        .collect();
    let answer = envelope(visit, action, page, rules.len(), items);
    Ok(reply::json(&answer))
}
