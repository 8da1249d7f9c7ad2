//! A page of a list about permissions as JSON (DEBUG-34, PERM-82).

use datasette_core::{Fault, QueryString};
use datasette_engine::access_map::NumberedPage;
use datasette_hooks::PluginAction;
use serde_json::{Value as Json, json};

use super::shown::id_of;
use crate::visit::Visit;

/// The action that the request names.
///
/// # Errors
/// 400 without one, 404 for an unknown one (DEBUG-32).
pub(super) fn action(visit: &Visit) -> Result<&PluginAction, Fault> {
    let name = visit
        .query()
        .get("action")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Fault::bad_request("action parameter is required"))?;
    visit.app.instance.gate.actions().find(name)
}

/// The page of `total` items, with links to those beside it.
pub(super) fn envelope(
    visit: &Visit,
    action: &PluginAction,
    page: NumberedPage,
    total: usize,
    items: Vec<Json>,
) -> Json {
    let mut answer = json!({
        "ok": true,
        "action": action.name,
        "actor_id": id_of(visit.actor()),
        "page": page.number,
        "page_size": page.size,
        "total": total,
        "items": items,
    });
    if page.has_next(total) {
        answer["next_url"] = json!(url(visit, page.number + 1, page.size));
    }
    if page.number > 1 {
        answer["previous_url"] = json!(url(visit, page.number - 1, page.size));
    }
    answer
}

/// This list at another page: arguments of one name stand together, the page last.
fn url(visit: &Visit, number: u64, size: usize) -> String {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (key, _) in visit.query().pairs() {
        let known = pairs.iter().any(|(known, _)| known == key);
        if !known && key != "_page" && key != "_size" {
            let values = visit.query().get_all(key);
            pairs.extend(values.map(|value| (key.clone(), value.to_owned())));
        }
    }
    pairs.push(("_page".to_owned(), number.to_string()));
    pairs.push(("_size".to_owned(), size.to_string()));
    let path = visit.location.local(&visit.location.path);
    format!("{path}?{}", QueryString::from_pairs(pairs).encode())
}
