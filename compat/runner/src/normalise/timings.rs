//! How long something took. The value goes, the place where it stands stays.

use serde_json::Value;

use super::{Context, replace_after};

/// Written instead of a duration.
const TIME: &str = "TIME";

/// `Queries took 1.234ms` in the footer (HTML-10), and `query_ms` of a body that is no JSON
/// because it holds bare infinities (SHAPE-23).
pub(super) fn in_text(text: &mut String, _: &Context) -> usize {
    let belongs = |char: char| char.is_ascii_digit() || ".e-".contains(char);
    replace_after(text, "Queries took ", belongs, TIME)
        + replace_after(text, "\"query_ms\": ", belongs, TIME)
}

/// `query_ms` of row pages (ROW-04); its value must be a float.
pub(super) fn in_json(value: &mut Value, _: &Context) -> usize {
    match value.get_mut("query_ms") {
        Some(found) if is_float(found) => {
            *found = Value::from(TIME);
            1
        }
        _ => 0,
    }
}

/// Times of traces, and what depends on how a server works (DEBUG-70). What is known of each
/// statement stays: the keys of the first stand for all.
pub(super) fn in_trace(value: &mut Value, _: &Context) -> usize {
    let Some(trace) = value.get_mut("_trace").and_then(Value::as_object_mut) else {
        return 0;
    };
    let mut fired = 0;
    for key in ["request_duration_ms", "sum_trace_duration_ms", "num_traces"] {
        if let Some(found) = trace.get_mut(key) {
            *found = Value::from(TIME);
            fired += 1;
        }
    }
    if let Some(traces) = trace.get_mut("traces") {
        let first = traces.get(0).and_then(Value::as_object);
        let keys: Vec<Value> = first
            .into_iter()
            .flat_map(|first| first.keys().map(|key| Value::from(key.as_str())))
            .collect();
        *traces = Value::from(keys);
        fired += 1;
    }
    fired
}

/// The same at the end of a page (DEBUG-71): the whole block becomes a mark.
pub(super) fn in_trace_text(text: &mut String, context: &Context) -> usize {
    if !context.path.contains("_trace=1") {
        return 0;
    }
    let Some(start) = text.rfind("<pre>{\n  &#34;request_duration_ms&#34;") else {
        return 0;
    };
    let end = text[start..]
        .find("</pre>")
        .map_or(text.len(), |length| start + length);
    text.replace_range(start + "<pre>".len()..end, "TRACE");
    1
}

fn is_float(value: &Value) -> bool {
    value.is_number() && value.to_string().contains(['.', 'e'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_duration_must_be_a_float_to_be_forgiven() {
        let mut value = json!({"query_ms": 1.5});
        assert_eq!(in_json(&mut value, &Context::default()), 1);
        let mut value = json!({"query_ms": 2});
        assert_eq!(in_json(&mut value, &Context::default()), 0);
    }

    #[test]
    fn the_footer_keeps_its_words() {
        let mut text = "Queries took 3.052ms".to_owned();
        assert_eq!(in_text(&mut text, &Context::default()), 1);
        assert_eq!(text, "Queries took TIMEms");
    }
}
