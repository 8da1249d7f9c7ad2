//! Headers: exactly the named ones, exactly their values.

use serde_json::Value;

use super::{Difference, below};

/// Headers that ours may send where the original sends none.
const OURS_MAY_ADD: [&str; 1] = ["etag"];

/// Reports every header that differs, at `/headers/{name}`.
pub(super) fn compare(original: &Value, ours: &Value, found: &mut Vec<Difference>) {
    let empty = serde_json::Map::new();
    let original = original.as_object().unwrap_or(&empty);
    let ours = ours.as_object().unwrap_or(&empty);
    for (name, value) in original {
        match ours.get(name) {
            None => found.push(Difference::missing(below("/headers", name), value)),
            Some(other) if other != value => {
                found.push(Difference::changed(&below("/headers", name), value, other));
            }
            Some(_) => {}
        }
    }
    for (name, value) in ours {
        if !original.contains_key(name) && !OURS_MAY_ADD.contains(&name.as_str()) {
            found.push(Difference::extra(below("/headers", name), value));
        }
    }
}
