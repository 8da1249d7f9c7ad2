//! Text (CSV, JSON lines, Markdown) line by line with its line ends, and binary bodies.

use serde_json::Value;

use super::{Difference, json};

/// Reports lines at `{at}/{number of the line in the original, from 0}`.
pub(super) fn compare(at: &str, original: &Value, ours: &Value, found: &mut Vec<Difference>) {
    json::values(at, original, ours, true, found);
}
