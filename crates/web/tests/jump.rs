//! The jump menu: how much of it is told, and to whom.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_core::Actor;
use datasette_testkit::TestSite;
use serde_json::{Value, json};

fn names(answer: &Value) -> Vec<&str> {
    let matches = answer["matches"].as_array().unwrap().iter();
    matches.map(|item| item["name"].as_str().unwrap()).collect()
}

// Proves: DEBUG-19
#[tokio::test]
async fn at_most_a_hundred_matches_are_told() {
    let tables = |count: usize| {
        let statements = (0..count).map(|number| format!("create table t{number:03} (x);"));
        statements.collect::<String>()
    };
    let site = TestSite::build()
        .database("exact", &tables(99))
        .database("more", &tables(100))
        .start()
        .await;
    let exact = site.get("/-/jump?q=exact").await.json();
    assert_eq!(
        (names(&exact).len(), &exact["truncated"]),
        (100, &json!(false))
    );
    let more = site.get("/-/jump?q=more").await.json();
    assert_eq!(
        (names(&more).len(), &more["truncated"]),
        (100, &json!(true))
    );
    assert_eq!(names(&more)[..2], ["more", "more: t000"]);
    assert_eq!(names(&more)[99], "more: t098");
    let found = site.get("/-/jump?q=more+t099").await.json();
    assert_eq!(names(&found), ["more: t099"]);
}

// Proves: DEBUG-14, DEBUG-16, DEBUG-20
#[tokio::test]
async fn everybody_finds_what_they_may_see() {
    let site = TestSite::build()
        .database(
            "open",
            "create table t (x); create table hidden (x); create view v as select 1;",
        )
        .database("closed", "create table inside (x);")
        .config(json!({
            "databases": {
                "open": {
                    "tables": {"hidden": {"allow": {"id": "ann"}}},
                    "queries": {
                        "for_all": "select 1",
                        "for_ann": {"sql": "select 2", "allow": {"id": "ann"}},
                    },
                },
                "closed": {"allow": {"id": "ann"}},
            },
            "permissions": {"debug-menu": {"id": "ann"}},
        }))
        .start()
        .await;
    let anonymous = site.get("/-/jump").await.json();
    let types: Vec<&str> = anonymous["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        names(&anonymous),
        ["open", "open: t", "open: v", "open: for_all"]
    );
    assert_eq!(types, ["database", "table", "view", "query"]);
    assert_eq!(
        names(&site.get("/-/jump?q=debug").await.json()),
        Vec::<&str>::new()
    );

    let ann = Actor::with_id("ann");
    let seen = site.get_as(&ann, "/-/jump").await.json();
    for name in [
        "closed",
        "closed: inside",
        "open: hidden",
        "open: for_ann",
        "Debug threads",
    ] {
        assert!(names(&seen).contains(&name), "{name}");
    }
    let debug = site.get_as(&ann, "/-/jump?q=debug").await.json();
    let mut paths: Vec<&str> = Vec::new();
    for item in debug["matches"].as_array().unwrap() {
        assert_eq!(item["type"], "debug");
        assert!(item["description"].as_str().unwrap().ends_with('.'));
        paths.push(item["url"].as_str().unwrap());
    }
    paths.sort_unstable();
    let expected = [
        "/-/actor",
        "/-/allow-debug",
        "/-/databases",
        "/-/debug/autocomplete",
        "/-/messages",
        "/-/patterns",
        "/-/permissions",
        "/-/plugins",
        "/-/settings",
        "/-/threads",
        "/-/versions",
    ];
    assert_eq!(paths, expected);
}
