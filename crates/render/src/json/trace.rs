//! `_trace`: what a request took and which statements it ran (DEBUG-70, DEBUG-71).

use std::time::Duration;

use datasette_core::Value;
use datasette_engine::trace::{Traced, TracedParams};
use serde_json::{Map, Value as Json, json};

use super::writer::{self, json_of, real_number};
use crate::html::about::indented;
use crate::html::cell::escape;

/// What there is to say about a request that took `elapsed`.
#[derive(Debug)]
pub struct TraceJson(Json);

impl TraceJson {
    /// The statements in the order in which they ended.
    pub fn new(statements: &[Traced], elapsed: Duration) -> Self {
        let sum: f64 = statements
            .iter()
            .map(|one| milliseconds(one.end - one.start))
            .sum();
        Self(json!({
            "request_duration_ms": real_number(milliseconds(elapsed)),
            "sum_trace_duration_ms": real_number(sum),
            "num_traces": statements.len(),
            "traces": statements.iter().map(statement).collect::<Vec<Json>>(),
        }))
    }

    /// Adds it as the last key of a JSON object, unless there is a key of that name. `None` when
    /// the body is no object.
    pub fn in_object(&self, body: &[u8]) -> Option<Vec<u8>> {
        let body = body.trim_ascii_end();
        let inner = body.strip_prefix(b"{")?.strip_suffix(b"}")?;
        if has_trace(body) {
            return None;
        }
        let mut out = Vec::with_capacity(body.len() + 1024);
        out.extend_from_slice(&body[..body.len() - 1]);
        if !inner.trim_ascii().is_empty() {
            out.extend_from_slice(b", ");
        }
        out.extend_from_slice(b"\"_trace\": ");
        writer::document(&mut out, &self.0);
        out.push(b'}');
        Some(out)
    }

    /// Adds it to an HTML page, right before its body ends. `None` when that is nowhere.
    pub fn in_page(&self, page: &[u8]) -> Option<Vec<u8>> {
        const END: &[u8] = b"</body>";
        let place = page.windows(END.len()).rposition(|part| part == END)?;
        let mut shown = String::from("<pre>");
        escape(&mut shown, &indented(&self.0));
        shown.push_str("</pre>");
        Some([&page[..place], shown.as_bytes(), &page[place..]].concat())
    }
}

/// Whether the object has a key `_trace` of its own. What cannot be parsed (bare infinities,
/// SHAPE-23) but names such a key somewhere counts as if it had.
fn has_trace(body: &[u8]) -> bool {
    const KEY: &[u8] = b"\"_trace\":";
    if !body.windows(KEY.len()).any(|part| part == KEY) {
        return false;
    }
    serde_json::from_slice::<Map<String, Json>>(body)
        .map_or(true, |members| members.contains_key("_trace"))
}

fn statement(traced: &Traced) -> Json {
    json!({
        "type": "sql",
        "start": real_number(traced.start.as_secs_f64()),
        "end": real_number(traced.end.as_secs_f64()),
        "duration_ms": real_number(milliseconds(traced.end - traced.start)),
        // Lines of Python, of which there are none.
        "traceback": [],
        "error": traced.error,
        "database": &*traced.database,
        "sql": traced.sql,
        "params": params(&traced.params),
    })
}

fn params(params: &TracedParams) -> Json {
    let json = |value: &Value| json_of(value.as_ref());
    match params {
        TracedParams::None => Json::Null,
        TracedParams::Named(pairs) => {
            let members = pairs
                .iter()
                .map(|(name, value)| (name.clone(), json(value)));
            Json::Object(members.collect())
        }
        TracedParams::Positional(values) => values.iter().map(json).collect(),
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace() -> TraceJson {
        TraceJson(json!({"num_traces": 0}))
    }

    fn added(body: &str) -> Option<String> {
        let body = trace().in_object(body.as_bytes())?;
        Some(String::from_utf8(body).unwrap())
    }

    // Proves: DEBUG-70, DEBUG-72
    #[test]
    fn it_is_the_last_key_of_an_object() {
        assert_eq!(
            added("{\"a\": 1}").as_deref(),
            Some("{\"a\": 1, \"_trace\": {\"num_traces\": 0}}")
        );
        assert_eq!(
            added("{}").as_deref(),
            Some("{\"_trace\": {\"num_traces\": 0}}")
        );
        assert_eq!(added("[{\"a\": 1}]"), None);
        // A key of that name stays what it is; the words elsewhere are no such key.
        assert_eq!(added("{\"_trace\": 1}"), None);
        assert!(added("{\"a\": {\"_trace\": 1}}").is_some());
        assert!(added("{\"a\": \"\\\"_trace\\\":\"}").is_some());
        assert!(added("{\"a\": Infinity}").is_some());
    }

    // Proves: DEBUG-71
    #[test]
    fn it_stands_before_the_end_of_a_page() {
        let page = b"<body><p></body></p></body></html>";
        assert_eq!(
            String::from_utf8(trace().in_page(page).unwrap()).unwrap(),
            "<body><p></body></p><pre>{\n  &#34;num_traces&#34;: 0\n}</pre></body></html>"
        );
        assert_eq!(trace().in_page(b"no page"), None);
    }
}
