use serde_json::{Value, json};

use super::{Ledger, Status};
use crate::compare::{self, Difference};
use crate::scenario::Request;

const LEDGER: &str = r#"
[[deviation]]
id = "better-status"
scenario = "table/*"
request = "GET /t.json**"
row = "TABLE-29"
at = ["/status", "/json/error"]
ours = { "/status" = 400 }
reason = "the original fails"
status = "deliberate"
"#;

fn answer(status: u16, error: &str) -> Value {
    json!({"status": status, "headers": {}, "json": {"error": error}})
}

fn differences(ours: &Value) -> Vec<Difference> {
    compare::answers(&answer(500, "a"), ours, &Request::get("/t.json"))
}

#[test]
fn a_listed_difference_passes() {
    let mut ledger = Ledger::parse(LEDGER).unwrap();
    let ours = answer(400, "b");
    let judged = ledger.judge(
        "table/limit",
        "GET /t.json?x=1",
        differences(&ours),
        (&answer(500, "a"), &ours),
    );
    assert!(judged.unlisted.is_empty() && judged.broken.is_empty());
    assert_eq!(judged.covered_by, [Status::Deliberate]);
    assert!(ledger.stale().is_empty());
}

#[test]
fn an_unlisted_difference_fails() {
    let mut ledger = Ledger::parse(LEDGER).unwrap();
    let ours = answer(400, "b");
    let judged = ledger.judge(
        "row/limit",
        "GET /t.json",
        differences(&ours),
        (&answer(500, "a"), &ours),
    );
    assert_eq!(judged.unlisted.len(), 2);
}

#[test]
fn a_listed_difference_that_is_gone_fails() {
    let mut ledger = Ledger::parse(LEDGER).unwrap();
    let ours = answer(500, "a");
    let judged = ledger.judge(
        "table/limit",
        "GET /t.json",
        differences(&ours),
        (&answer(500, "a"), &ours),
    );
    assert!(judged.unlisted.is_empty());
    let stale = ledger.stale();
    assert_eq!(stale.len(), 1);
    assert!(stale[0].whole);
}

#[test]
fn a_place_that_is_gone_fails_alone() {
    let mut ledger = Ledger::parse(LEDGER).unwrap();
    let ours = answer(400, "a");
    ledger.judge(
        "table/limit",
        "GET /t.json",
        differences(&ours),
        (&answer(500, "a"), &ours),
    );
    let stale = ledger.stale();
    assert_eq!(stale[0].places, ["/json/error"]);
    assert!(!stale[0].whole);
}

#[test]
fn an_entry_out_of_scope_is_not_stale_in_a_partial_run() {
    let ledger = Ledger::parse(LEDGER).unwrap();
    assert!(ledger.stale().is_empty());
    assert_eq!(ledger.without_scope().len(), 1);
}

#[test]
fn what_ours_must_answer_is_checked() {
    let mut ledger = Ledger::parse(LEDGER).unwrap();
    let ours = answer(503, "b");
    let judged = ledger.judge(
        "table/limit",
        "GET /t.json",
        differences(&ours),
        (&answer(500, "a"), &ours),
    );
    assert_eq!(
        judged.broken,
        ["better-status: /status must be 400, but is 503"]
    );
}

#[test]
fn what_is_not_built_answers_nothing_yet() {
    let missing = r#"
[[deviation]]
id = "no-table"
scenario = "table/limit"
at = ["**"]
reason = "not built yet"
status = "missing"
"#;
    let mut ledger = Ledger::parse(&format!("{LEDGER}{missing}")).unwrap();
    let ours = answer(404, "b");
    let judged = ledger.judge(
        "table/limit",
        "GET /t.json",
        differences(&ours),
        (&answer(500, "a"), &ours),
    );
    assert!(judged.broken.is_empty());
    assert_eq!(judged.covered_by, [Status::Deliberate, Status::Missing]);
}

#[test]
fn ids_are_unique() {
    assert!(Ledger::parse(&format!("{LEDGER}{LEDGER}")).is_err());
}

#[test]
fn an_addition_is_allowed_by_its_text_only() {
    let entry = r#"
[[deviation]]
id = "start-link"
at = ["/json/list/*"]
adds = "p: Go to*"
reason = "helps"
status = "deliberate"
"#;
    let mut ledger = Ledger::parse(entry).unwrap();
    let answer = |list: Value| json!({"status": 200, "headers": {}, "json": {"list": list}});
    let ours = answer(json!(["a", "p: Go to the start", "p: other"]));
    let found = compare::answers(&answer(json!(["a"])), &ours, &Request::get("/"));
    let judged = ledger.judge("x", "GET /", found, (&json!({}), &ours));
    assert_eq!(judged.unlisted.len(), 1);
    assert_eq!(judged.unlisted[0].ours, json!("p: other"));
}

#[test]
fn a_lack_is_allowed_by_its_text_only() {
    let entry = r#"
[[deviation]]
id = "no-editor"
at = ["/json/list/*"]
lacks = "script: edit*"
reason = "later"
status = "missing"
"#;
    let mut ledger = Ledger::parse(entry).unwrap();
    let answer = |list: Value| json!({"status": 200, "headers": {}, "json": {"list": list}});
    let original = answer(json!(["script: edit.js", "a", "b"]));
    let ours = answer(json!(["a"]));
    let found = compare::answers(&original, &ours, &Request::get("/"));
    let judged = ledger.judge("x", "GET /", found, (&json!({}), &ours));
    assert!(
        judged
            .unlisted
            .iter()
            .all(|found| found.original != json!("script: edit.js"))
    );
    assert!(!judged.unlisted.is_empty());
    assert_eq!(judged.covered_by, [Status::Missing]);
}
