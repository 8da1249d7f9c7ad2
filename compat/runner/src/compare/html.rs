//! Pages by their facts. The order of facts carries no meaning, the order within lists does.

use serde_json::Value;

use super::{Difference, json};

/// Reports facts at `/page/{fact}`.
pub(super) fn compare(original: &Value, ours: &Value, found: &mut Vec<Difference>) {
    json::values("/page", original, ours, false, found);
}
