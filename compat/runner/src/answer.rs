//! An answer in the form that goldens keep and comparisons read.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::client::Incoming;
use crate::facts;
use crate::json_text;
use crate::normalise::{Context, Normalisers};
use crate::scenario::Only;

/// Response headers that are part of the contract; all others are ignored.
const HEADERS: [&str; 19] = [
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "allow",
    "cache-control",
    "content-disposition",
    "content-security-policy",
    "content-type",
    "etag",
    "link",
    "location",
    "referrer-policy",
    "set-cookie",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
];
/// Binary bodies up to this many bytes are kept whole, as hex.
const SHORT_BINARY: usize = 64;

/// Facts of a page that are about its scripts.
const SCRIPTING: [&str; 2] = ["data", "scripts"];

/// The comparable form of one answer: an object with `status`, `headers` and, depending on the
/// content type, one of `json`, `page`, `text` or `bytes`.
pub(crate) type Answer = Value;

/// Facts of a page that are its wording, as opposed to its outline.
const WORDING: [&str; 7] = [
    "blocks", "buttons", "data", "facets", "links", "pre", "tables",
];

/// Leaves out what a request does not want compared, so that it does not enter a golden either.
pub(crate) fn keep_only(answer: &mut Answer, only: Option<Only>) {
    let Some(map) = answer.as_object_mut() else {
        return;
    };
    match only {
        None => {}
        Some(Only::Headers) => map.retain(|key, _| key == "status" || key == "headers"),
        Some(Only::Outline) => leave_out(map, &WORDING),
        Some(Only::Content) => leave_out(map, &SCRIPTING),
    }
}

fn leave_out(answer: &mut Map<String, Value>, facts: &[&str]) {
    if let Some(page) = answer.get_mut("page").and_then(Value::as_object_mut) {
        page.retain(|key, _| !facts.contains(&key.as_str()));
    }
}

/// Turns what came over the wire into its comparable form.
pub(crate) fn of(incoming: &Incoming, normalisers: &mut Normalisers, context: &Context) -> Answer {
    let mut answer = Map::new();
    answer.insert("status".to_owned(), json!(incoming.status));
    let kind = incoming
        .header("content-type")
        .unwrap_or_default()
        .to_owned();
    answer.insert(
        "headers".to_owned(),
        headers(incoming, normalisers, context),
    );
    if !incoming.body.is_empty() {
        for (key, value) in body(&kind, &incoming.body, normalisers, context) {
            answer.insert(key.to_owned(), value);
        }
    }
    Value::Object(answer)
}

fn headers(incoming: &Incoming, normalisers: &mut Normalisers, context: &Context) -> Value {
    let mut named = Map::new();
    for name in HEADERS {
        let mut values: Vec<Value> = incoming
            .headers
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| Value::from(normalisers.header(name, value, context)))
            .collect();
        match values.len() {
            0 => {}
            1 => drop(named.insert(name.to_owned(), values.remove(0))),
            _ => drop(named.insert(name.to_owned(), Value::Array(values))),
        }
    }
    Value::Object(named)
}

fn body(
    kind: &str,
    bytes: &[u8],
    normalisers: &mut Normalisers,
    context: &Context,
) -> Vec<(&'static str, Value)> {
    let textual = kind.starts_with("text/") || kind.starts_with("application/json");
    let Some(raw) = std::str::from_utf8(bytes).ok().filter(|_| textual) else {
        return vec![("bytes", binary(bytes))];
    };
    if kind.starts_with("application/json")
        && let Ok(value) = serde_json::from_str::<Value>(raw)
    {
        let regular = json_text::as_served(&value) == raw;
        let mut parts = vec![("json", normalisers.json(value, context))];
        if !regular {
            parts.insert(0, ("json_layout", json!("irregular")));
        }
        return parts;
    }
    let text = normalisers.text(raw, context);
    if kind.starts_with("text/html") && text.contains('<') {
        let mut page = facts::extract(&text);
        shown_json(&mut page, normalisers, context);
        return vec![("page", page)];
    }
    vec![(
        "text",
        text.split_inclusive('\n').map(Value::from).collect(),
    )]
}

/// Pages that show JSON in a `pre` (DEBUG rows): the data is normalised as the JSON twin is.
fn shown_json(page: &mut Value, normalisers: &mut Normalisers, context: &Context) {
    if page["body_class"] != "show-json" {
        return;
    }
    let Some(shown) = page.pointer_mut("/pre/0") else {
        return;
    };
    if let Some(Ok(value)) = shown.as_str().map(serde_json::from_str::<Value>) {
        let indented = serde_json::to_string_pretty(&value).unwrap_or_default();
        let regular = shown.as_str().is_some_and(|text| text == indented);
        *shown = json!({"indented": regular, "json": normalisers.json(value, context)});
    }
}

fn binary(bytes: &[u8]) -> Value {
    let hash = hex(&Sha256::digest(bytes));
    if bytes.len() <= SHORT_BINARY {
        return json!({"length": bytes.len(), "hex": hex(bytes)});
    }
    json!({"length": bytes.len(), "sha256": hash})
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(kind: &str, body: &[u8]) -> Value {
        let incoming = Incoming {
            status: 200,
            headers: vec![
                ("content-type".to_owned(), kind.to_owned()),
                ("link".to_owned(), "<a>".to_owned()),
                ("link".to_owned(), "<b>".to_owned()),
                ("server".to_owned(), "x".to_owned()),
            ],
            body: body.to_vec(),
        };
        of(&incoming, &mut Normalisers::default(), &Context::default())
    }

    #[test]
    fn each_content_type_has_its_form() {
        assert_eq!(
            answer("application/json", b"{\"a\": 1}")["json"],
            json!({"a": 1})
        );
        assert_eq!(
            answer("text/plain", b"a\r\nb\r\n")["text"],
            json!(["a\r\n", "b\r\n"])
        );
        assert_eq!(
            answer("image/png", b"\x01\x02")["bytes"]["hex"],
            json!("0102")
        );
        assert_eq!(
            answer("text/html", b"<title>x</title>")["page"]["title"],
            json!("x")
        );
    }

    #[test]
    fn repeated_headers_are_a_list_and_others_are_dropped() {
        let answer = answer("text/plain", b"");
        assert_eq!(answer["headers"]["link"], json!(["<a>", "<b>"]));
        assert_eq!(answer["headers"].get("server"), None);
        assert_eq!(answer.get("text"), None);
    }

    #[test]
    fn what_is_not_wanted_is_left_out() {
        let page = answer("text/html", b"<title>x</title><p>words</p>");
        let (mut outline, mut headers) = (page.clone(), page.clone());
        keep_only(&mut outline, Some(Only::Outline));
        keep_only(&mut headers, Some(Only::Headers));
        assert_eq!(page["page"]["blocks"], json!(["p: words"]));
        assert_eq!(outline["page"], json!({"title": "x"}));
        assert_eq!(headers.get("page"), None);
    }

    #[test]
    fn content_is_all_but_the_scripts() {
        let html = b"<script src=/own.js></script><script>window.x = {};</script><p>words</p>";
        let mut page = answer("text/html", html);
        assert_eq!(page["page"]["data"], json!({"window.x": {}}));
        keep_only(&mut page, Some(Only::Content));
        assert_eq!(page["page"]["blocks"], json!(["p: words"]));
        assert_eq!(page["page"].get("scripts"), None);
        assert_eq!(page["page"].get("data"), None);
    }

    #[test]
    fn the_layout_of_json_is_noticed() {
        assert_eq!(
            answer("application/json", b"{\"a\":1}")["json_layout"],
            json!("irregular")
        );
        assert_eq!(
            answer("application/json", b"{\"a\": 1.0}").get("json_layout"),
            None
        );
    }
}
