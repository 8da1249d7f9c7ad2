use serde_json::{Value, json};

use super::{What, answers, mask};
use crate::scenario::Request;

fn differences(path: &str, original: Value, ours: Value) -> Vec<(String, What)> {
    let wrap = |body: Value| json!({"status": 200, "headers": {}, "json": body});
    let found = answers(&wrap(original), &wrap(ours), &Request::get(path));
    found
        .into_iter()
        .map(|difference| (difference.at, difference.what))
        .collect()
}

#[test]
fn numbers_are_compared_by_their_text() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(
        differences(
            "/",
            parse("[1, 1.0, 1e+16]"),
            parse("[1, 1, 10000000000000000.0]")
        ),
        [
            ("/json/1".to_owned(), What::Changed),
            ("/json/2".to_owned(), What::Changed)
        ]
    );
}

#[test]
fn an_inserted_item_is_one_difference() {
    let found = differences("/", json!(["a", "b", "c"]), json!(["a", "x", "b", "c"]));
    assert_eq!(found, [("/json/1".to_owned(), What::Extra)]);
    let found = differences("/", json!(["a", "b", "c"]), json!(["a", "c"]));
    assert_eq!(found, [("/json/1".to_owned(), What::Missing)]);
}

#[test]
fn the_order_of_keys_counts_at_every_depth() {
    let found = differences(
        "/",
        json!({"a": {"x": 1, "y": 2}}),
        json!({"a": {"y": 2, "x": 1}}),
    );
    assert_eq!(found, [("/json/a#order".to_owned(), What::Order)]);
}

#[test]
fn requested_extras_have_no_order_but_the_fixed_keys_have() {
    let original = json!({"ok": true, "count": 1, "columns": [], "rows": []});
    let shuffled = json!({"ok": true, "columns": [], "count": 1, "rows": []});
    assert!(
        differences(
            "/t.json?_extra=count,columns",
            original.clone(),
            shuffled.clone()
        )
        .is_empty()
    );
    assert_eq!(differences("/t.json", original.clone(), shuffled).len(), 1);
    let moved = json!({"rows": [], "ok": true, "count": 1, "columns": []});
    assert_eq!(
        differences("/t.json?_extra=count,columns", original, moved).len(),
        1
    );
}

#[test]
fn headers_are_exact_but_ours_may_add_an_etag() {
    let answer = |headers: Value| json!({"status": 200, "headers": headers});
    let request = Request::get("/");
    let original = answer(json!({"vary": "Cookie", "link": ["<a>", "<b>"]}));
    let ours = answer(json!({"vary": "cookie", "etag": "x", "allow": "GET", "link": ["<a>"]}));
    let found = answers(&original, &ours, &request);
    let places: Vec<&str> = found
        .iter()
        .map(|difference| difference.at.as_str())
        .collect();
    assert_eq!(places, ["/headers/vary", "/headers/link", "/headers/allow"]);
}

#[test]
fn ours_may_add_a_policy_against_foreign_scripts() {
    let answer = |policy: Option<&str>| {
        let headers = policy.map(|policy| ("content-security-policy".to_owned(), json!(policy)));
        json!({"status": 200, "headers": headers.into_iter().collect::<serde_json::Map<_, _>>()})
    };
    let request = Request::get("/");
    let own = "script-src 'nonce-x' 'self'; object-src 'none'; base-uri 'self'";
    let count = |original: Option<&str>, ours: Option<&str>| {
        answers(&answer(original), &answer(ours), &request).len()
    };
    let frames = "frame-ancestors 'none'";
    let both = format!("{frames}; {own}");
    assert_eq!(count(None, Some(own)), 0);
    assert_eq!(count(Some(frames), Some(&both)), 0);
    assert_eq!(count(Some(frames), Some(own)), 1);
    assert_eq!(count(None, Some(&both)), 1);
    assert_eq!(count(None, Some("img-src 'self'")), 1);
}

#[test]
fn another_kind_of_body_is_one_difference() {
    let original = json!({"status": 400, "headers": {}, "json": {"ok": false}});
    let ours = json!({"status": 500, "headers": {}, "text": ["oops"]});
    let found = answers(&original, &ours, &Request::get("/"));
    let places: Vec<&str> = found
        .iter()
        .map(|difference| difference.at.as_str())
        .collect();
    assert_eq!(places, ["/status", "/body"]);
}

#[test]
fn masked_places_accept_any_value() {
    let mut answer = json!({"json": {"rows": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}});
    mask(&mut answer, &["/json/rows/*/a".to_owned()]);
    assert_eq!(
        answer["json"]["rows"],
        json!([{"a": "ANY", "b": 2}, {"a": "ANY", "b": 4}])
    );
}
