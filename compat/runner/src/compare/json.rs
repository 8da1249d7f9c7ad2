//! JSON by value, numbers by their text (`1` is not `1.0`), and the order of keys.

use serde_json::{Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Difference, What, below};

/// Keys of a wrapper object whose order is defined even among requested extras.
const FIXED_KEYS: [&str; 10] = [
    "ok",
    "next",
    "next_url",
    "rows",
    "query_ms",
    "error",
    "errors",
    "status",
    "truncated",
    "_trace",
];
/// Keys that are fixed on row pages and extras elsewhere (ROW-04).
const ROW_KEYS: [&str; 4] = ["database", "table", "primary_keys", "primary_key_values"];

/// Reports differences at `/json/...`. With `extras` only the fixed keys of the outermost object
/// have an order.
pub(super) fn compare(original: &Value, ours: &Value, extras: bool, found: &mut Vec<Difference>) {
    match (original, ours) {
        (Value::Object(left), Value::Object(right)) if extras => {
            entries("/json", left, right, true, found);
            let on_row = left.contains_key("primary_key_values");
            let is_fixed =
                |key: &str| FIXED_KEYS.contains(&key) || (on_row && ROW_KEYS.contains(&key));
            let fixed = |map: &Map<String, Value>| -> Vec<String> {
                map.keys().filter(|key| is_fixed(key)).cloned().collect()
            };
            order("/json", &fixed(left), &fixed(right), found);
        }
        _ => values("/json", original, ours, true, found),
    }
}

/// Compares two values below a place; `ordered` says whether the order of keys counts.
pub(super) fn values(
    at: &str,
    original: &Value,
    ours: &Value,
    ordered: bool,
    found: &mut Vec<Difference>,
) {
    match (original, ours) {
        (Value::Object(left), Value::Object(right)) => {
            entries(at, left, right, ordered, found);
            if ordered {
                let keys = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
                order(at, &keys(left), &keys(right), found);
            }
        }
        (Value::Array(left), Value::Array(right)) => items(at, left, right, ordered, found),
        _ if original != ours => found.push(Difference::changed(at, original, ours)),
        _ => {}
    }
}

fn entries(
    at: &str,
    original: &Map<String, Value>,
    ours: &Map<String, Value>,
    ordered: bool,
    found: &mut Vec<Difference>,
) {
    for (key, value) in original {
        match ours.get(key) {
            Some(other) => values(&below(at, key), value, other, ordered, found),
            None => found.push(Difference::missing(below(at, key), value)),
        }
    }
    for (key, value) in ours.iter().filter(|(key, _)| !original.contains_key(*key)) {
        found.push(Difference::extra(below(at, key), value));
    }
}

/// Reports a different order of the keys that both have.
fn order(at: &str, original: &[String], ours: &[String], found: &mut Vec<Difference>) {
    let common = |left: &[String], right: &[String]| -> Vec<Value> {
        left.iter()
            .filter(|key| right.contains(key))
            .map(|key| Value::from(key.as_str()))
            .collect()
    };
    let (left, right) = (common(original, ours), common(ours, original));
    if left != right {
        found.push(Difference {
            at: format!("{at}#order"),
            what: What::Order,
            original: left.into(),
            ours: right.into(),
        });
    }
}

/// Items that both have are paired first, so that one inserted item is one difference.
fn items(at: &str, original: &[Value], ours: &[Value], ordered: bool, found: &mut Vec<Difference>) {
    let text = |items: &[Value]| items.iter().map(Value::to_string).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &text(original), &text(ours)) {
        if let DiffOp::Equal { .. } = op {
            // Equal text with other key order cannot happen: the text shows the order.
            continue;
        }
        let (left, right) = (op.old_range(), op.new_range());
        let paired = left.len().min(right.len());
        for offset in 0..paired {
            let index = left.start + offset;
            let place = format!("{at}/{index}");
            values(
                &place,
                &original[index],
                &ours[right.start + offset],
                ordered,
                found,
            );
        }
        for index in left.clone().skip(paired) {
            found.push(Difference::missing(
                format!("{at}/{index}"),
                &original[index],
            ));
        }
        for index in right.skip(paired) {
            found.push(Difference::extra(
                format!("{at}/{}", left.end),
                &ours[index],
            ));
        }
    }
}
