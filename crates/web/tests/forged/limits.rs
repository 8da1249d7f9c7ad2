//! `_r` of every wrong shape takes rights away and gives none.

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::{Value, json};

use super::seal::plain;
use super::{PATHS, site};

async fn statuses(site: &TestSite, name: &str, value: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for path in PATHS {
        let question = Question::get(path).header(name, value);
        statuses.push(site.ask(question).await.status);
    }
    statuses
}

/// With a token and with a cookie.
async fn as_ann(site: &TestSite, limits: &Value) -> Vec<u16> {
    let payload = json!({"a": "ann", "t": 1, "_r": limits});
    let bearer = format!("Bearer dstok_{}", plain("token", payload.to_string()));
    let by_token = statuses(site, "authorization", &bearer).await;
    let payload = json!({"a": {"id": "ann", "_r": limits}});
    let cookie = format!("ds_actor={}", plain("actor", payload.to_string()));
    assert_eq!(
        statuses(site, "cookie", &cookie).await,
        by_token,
        "{limits}"
    );
    by_token
}

// Proves: TOK-14, TOK-16, TOK-17, TOK-18, TOK-24
#[tokio::test]
async fn a_wrong_shape_denies() {
    let site = site().await;
    let all = json!({"a": ["vi", "vd", "vt", "vq", "es"]});
    assert_eq!(
        as_ann(&site, &all).await,
        [200, 200, 200, 200, 200, 200, 403, 200]
    );
    let nothing = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(""),
        json!("vt"),
        json!([]),
        json!(["vt"]),
        json!([["a", ["vt"]]]),
        json!({}),
        json!({"a": null, "d": null, "r": null}),
        json!({"a": "vt"}),
        json!({"a": {"vt": true}}),
        json!({"a": [["vt"]]}),
        json!({"a": [null, 1, true, {"vt": 1}]}),
        json!({"a": ["VT", "View-Table", " vt", "vt\u{0}", "*", ""]}),
        json!({"A": ["vt"], "_r": {"a": ["vt"]}}),
        json!({"d": "closed"}),
        json!({"d": ["closed"]}),
        json!({"d": {"closed": "vt"}}),
        json!({"d": {"closed": {"vt": 1}}}),
        json!({"d": {"CLOSED": ["vt", "vd"], "*": ["vt"], "": ["vt"]}}),
        json!({"d": [{"closed": ["vt"]}]}),
        json!({"r": "closed"}),
        json!({"r": ["closed", "t"]}),
        json!({"r": {"closed": ["vt"]}}),
        json!({"r": {"closed": "t"}}),
        json!({"r": {"closed": {"t": "vt"}}}),
        json!({"r": {"closed": {"t": {"vt": 1}}}}),
        json!({"r": {"closed": {"*": ["vt"], "": ["vt"], "t\u{0}": ["vt"]}}}),
        json!({"r": {"closed": [{"t": ["vt"]}]}}),
        json!({"d": {"open": ["vi", "es"]}, "r": {"open": {"t": ["vd", "vi"]}}}),
    ];
    for limits in nothing {
        let statuses = as_ann(&site, &limits).await;
        // The jump box answers everybody, with what they may see.
        assert_eq!(
            statuses,
            [403, 403, 403, 403, 403, 403, 403, 200],
            "{limits}"
        );
    }
    let table = json!({"r": {"closed": {"T": ["view-table", 1]}}, "d": 5, "a": 7});
    assert_eq!(
        as_ann(&site, &table).await,
        [403, 403, 403, 403, 200, 403, 403, 200]
    );
    let other = json!({"d": {"closed": ["vd", null]}, "r": {"closed": 1}});
    assert_eq!(
        as_ann(&site, &other).await,
        [403, 403, 403, 200, 403, 403, 403, 200]
    );
}

/// Limits never give what the actor would not have without them.
// Proves: TOK-16, TOK-24
#[tokio::test]
async fn limits_give_nothing() {
    let site = site().await;
    let everything = json!({
        "a": ["vi", "vd", "vt", "vq", "es", "pd", "ir", "dr", "dt", "view-table"],
        "d": {"closed": ["vd", "vt", "es"]},
        "r": {"closed": {"t": ["vt", "ir"]}},
    });
    for id in ["bob", "ANN", ""] {
        let payload = json!({"a": {"id": id, "_r": everything}});
        let cookie = format!("ds_actor={}", plain("actor", payload.to_string()));
        let expected = [200, 200, 200, 403, 403, 200, 403, 200];
        assert_eq!(statuses(&site, "cookie", &cookie).await, expected, "{id}");
    }
}

// Proves: TOK-22
#[tokio::test]
async fn ten_thousand_entries_are_as_good_as_one() {
    let site = site().await;
    let mut tables: serde_json::Map<String, Value> = (0..10_000)
        .map(|number| (format!("other{number}"), json!(["vt"])))
        .collect();
    let shut = json!({"a": ["vi"], "r": {"closed": tables}});
    assert_eq!(
        as_ann(&site, &shut).await,
        [200, 200, 403, 403, 403, 200, 403, 200]
    );
    tables.insert("T".to_owned(), json!(["vt"]));
    let open = json!({"a": ["vi"], "r": {"closed": tables}});
    assert_eq!(
        as_ann(&site, &open).await,
        [200, 200, 403, 403, 200, 200, 403, 200]
    );
}
