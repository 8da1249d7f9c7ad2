//! Headers: exactly the named ones, exactly their values.

use serde_json::Value;

use super::{Difference, below};

/// Headers that ours may send where the original sends none.
const OURS_MAY_ADD: [&str; 2] = ["etag", "x-content-type-options"];

/// Directives of the policy that our pages carry, and those of the original do not.
const OWN_DIRECTIVES: [&str; 4] = ["script-src", "worker-src", "object-src", "base-uri"];

/// The value of a header of ours without what every page of ours adds to it: its policy against
/// foreign scripts. `None` when nothing else is left of it.
fn without_own_policy(name: &str, value: &Value) -> Option<Value> {
    let Some(policy) = value.as_str().filter(|_| name == "content-security-policy") else {
        return Some(value.clone());
    };
    let is_own = |directive: &&str| {
        let name = directive.split(' ').next().unwrap_or_default();
        OWN_DIRECTIVES.contains(&name)
    };
    let kept: Vec<&str> = policy
        .split("; ")
        .filter(|directive| !is_own(directive))
        .collect();
    (!kept.is_empty()).then(|| Value::from(kept.join("; ")))
}

/// Reports every header that differs, at `/headers/{name}`.
pub(super) fn compare(original: &Value, ours: &Value, found: &mut Vec<Difference>) {
    let empty = serde_json::Map::new();
    let original = original.as_object().unwrap_or(&empty);
    let ours = ours.as_object().unwrap_or(&empty);
    let ours: &serde_json::Map<String, Value> = &ours
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), without_own_policy(name, value)?)))
        .collect();
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
