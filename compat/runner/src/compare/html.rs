//! Pages by their facts. The order of facts carries no meaning, the order within lists does.

use serde_json::Value;

use super::{Difference, json};

/// Reports facts at `/page/{fact}`. A list that is absent is an empty one, so that what one side
/// adds to it is told item by item.
pub(super) fn compare(original: &Value, ours: &Value, found: &mut Vec<Difference>) {
    json::values(
        "/page",
        &with_lists(original, ours),
        &with_lists(ours, original),
        false,
        found,
    );
}

fn with_lists(page: &Value, other: &Value) -> Value {
    let mut page = page.clone();
    let lists = other
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, fact)| fact.is_array());
    for (name, _) in lists {
        if let Some(facts) = page.as_object_mut() {
            facts
                .entry(name.clone())
                .or_insert_with(|| Value::Array(Vec::new()));
        }
    }
    page
}
