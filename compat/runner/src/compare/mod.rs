//! Two answers in their comparable form, and every place where they differ.

mod csv;
mod headers;
mod html;
mod json;

use serde_json::Value;

use crate::answer::Answer;
use crate::pattern::Pattern;
use crate::scenario::Request;

/// What is wrong at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Both have a value there, and it is not the same.
    Changed,
    /// Only the original has something there.
    Missing,
    /// Only ours has something there.
    Extra,
    /// The same keys in another order.
    Order,
}

/// One difference. Places are JSON pointers into the answer; one of order ends in `#order`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) at: String,
    pub(crate) what: What,
    pub(crate) original: Value,
    pub(crate) ours: Value,
}

impl Difference {
    fn changed(at: &str, original: &Value, ours: &Value) -> Self {
        let (original, ours) = (original.clone(), ours.clone());
        Self {
            at: at.to_owned(),
            what: What::Changed,
            original,
            ours,
        }
    }

    fn missing(at: String, original: &Value) -> Self {
        Self {
            at,
            what: What::Missing,
            original: original.clone(),
            ours: Value::Null,
        }
    }

    fn extra(at: String, ours: &Value) -> Self {
        Self {
            at,
            what: What::Extra,
            original: Value::Null,
            ours: ours.clone(),
        }
    }
}

/// The forms a body can have.
const BODIES: [&str; 4] = ["json", "page", "text", "bytes"];

/// Compares the whole of both answers, body forms by their own rules.
pub(crate) fn answers(original: &Answer, ours: &Answer, request: &Request) -> Vec<Difference> {
    let mut found = Vec::new();
    let part = |answer: &Answer, key: &str| answer.get(key).cloned().unwrap_or(Value::Null);
    if original["status"] != ours["status"] {
        found.push(Difference::changed(
            "/status",
            &original["status"],
            &ours["status"],
        ));
    }
    headers::compare(&original["headers"], &ours["headers"], &mut found);
    let form = |answer: &Answer| BODIES.into_iter().find(|key| answer.get(*key).is_some());
    let (original_form, our_form) = (form(original), form(ours));
    if original_form != our_form {
        let name = |form: Option<&str>| Value::from(form.unwrap_or("no body"));
        found.push(Difference::changed(
            "/body",
            &name(original_form),
            &name(our_form),
        ));
        return found;
    }
    let layout = (part(original, "json_layout"), part(ours, "json_layout"));
    if layout.0 != layout.1 {
        found.push(Difference::changed("/json_layout", &layout.0, &layout.1));
    }
    let Some(key) = original_form else {
        return found;
    };
    let (left, right) = (part(original, key), part(ours, key));
    match key {
        "json" => json::compare(&left, &right, asks_for_extras(request), &mut found),
        "page" => html::compare(&left, &right, &mut found),
        _ => csv::compare(&format!("/{key}"), &left, &right, &mut found),
    }
    found
}

/// Whether the request has `_extra`, whose keys come in no defined order (specification, 0).
fn asks_for_extras(request: &Request) -> bool {
    request
        .line()
        .is_ok_and(|(_, path)| path.contains("_extra=") || path.contains("_facet"))
}

/// Replaces the values at masked places, so that any value is accepted there.
pub(crate) fn mask(answer: &mut Answer, patterns: &[String]) {
    let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::new(text)).collect();
    if !patterns.is_empty() {
        mask_at(answer, String::new(), &patterns);
    }
}

fn mask_at(value: &mut Value, at: String, patterns: &[Pattern]) {
    if patterns.iter().any(|pattern| pattern.matches(&at)) {
        *value = Value::from("ANY");
        return;
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                mask_at(item, format!("{at}/{index}"), patterns);
            }
        }
        Value::Object(map) => {
            for (key, item) in map.iter_mut() {
                mask_at(item, below(&at, key), patterns);
            }
        }
        _ => {}
    }
}

/// The pointer of a key below a place.
pub(crate) fn below(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
