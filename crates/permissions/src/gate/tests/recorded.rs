//! Answers of the original 1.0a41 to random configurations and actors, one case per line of
//! `recorded.json`.

use datasette_core::StoredQuery;
use datasette_core::action::{BUILT_IN, Level};
use serde_json::Value;

use super::fixture::{actor, catalogue, gate, now, stored};
use crate::gate::is_about_queries;
use crate::sources::Flags;

const RECORDED: &str = include_str!("recorded.json");

/// The tables whose viewing was recorded: `docs` is a full-text table, `fts` one over `T2`, `voc`
/// the vocabulary of `docs`.
const TABLES: [&str; 9] = [
    "t",
    "T2",
    "docs",
    "docs_data<docs",
    "docs_content<docs",
    "fts<T2",
    "fts_data<fts",
    "voc<docs",
    "sqlite_stat1",
];

fn children(action: &str, level: Level) -> &'static [&'static str] {
    match level {
        Level::Query => &["q", "Q", "mine", "Q2"],
        Level::Table if action == "view-table" => &TABLES,
        Level::Table => &TABLES[..2],
        Level::Instance | Level::Database => &[],
    }
}

/// Everything that was asked, in the words of the record.
fn questions() -> Vec<(&'static str, Option<&'static str>, Option<&'static str>)> {
    let mut questions = Vec::new();
    for action in BUILT_IN {
        if action.level == Level::Instance {
            questions.push((action.name, None, None));
            continue;
        }
        for database in ["data", "other"] {
            if action.level == Level::Database {
                questions.push((action.name, Some(database), None));
            }
            for child in children(action.name, action.level) {
                let child = child.split('<').next();
                questions.push((action.name, Some(database), child));
            }
        }
    }
    questions
}

fn find(case: &Value, database: &str, name: &str) -> Option<StoredQuery> {
    let mut query = stored(database, name);
    if case["config"]["databases"][database]["queries"][name].is_object() {
        return Some(query);
    }
    let own = case["stored"][format!("{database}/{name}")].as_object()?;
    query.owner_id = own["owner"].as_str().map(str::to_owned);
    query.is_private = own["private"] == true;
    query.source = own["source"].as_str()?.to_owned();
    Some(query)
}

// Proves: PERM-19, PERM-20, PERM-21, PERM-22, PERM-23, PERM-24, PERM-25, PERM-26, PERM-28
// Proves: PERM-29, PERM-30, PERM-31, PERM-40, PERM-55, PERM-57, PERM-64, PERM-65, PERM-66
// Proves: TOK-14, TOK-15, TOK-21, TOK-22, TOK-25
#[test]
fn the_original_would_say_the_same() {
    let cases: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
    let catalogue = catalogue(&[("data", &TABLES), ("other", &TABLES)]);
    assert_eq!(cases.len(), 45);
    for (number, case) in cases.iter().enumerate() {
        let flags = Flags {
            root_enabled: case["root"] == true,
            default_deny: case["default_deny"] == true,
        };
        let gate = gate(&case["config"], flags);
        let who = actor(&case["actor"]);
        let questions = questions();
        assert_eq!(case["checked"], questions.len());
        let mut allowed = Vec::new();
        for (action, parent, child) in questions {
            let query = match (parent, child) {
                (Some(parent), Some(child)) if is_about_queries(action) => {
                    find(case, parent, child)
                }
                _ => None,
            };
            let who = who.as_ref();
            let asked = gate.allows_named(who, action, parent, child, &catalogue, query.as_ref());
            if now(asked).unwrap() {
                let parent = parent.map(|name| format!(" {name}")).unwrap_or_default();
                let child = child.map(|name| format!("/{name}")).unwrap_or_default();
                allowed.push(format!("{action}{parent}{child}"));
            }
        }
        let recorded = case["allowed"].as_array().unwrap().iter();
        let mut expected: Vec<_> = recorded.filter_map(Value::as_str).collect();
        expected.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(allowed, expected, "case {number}: {case}");
    }
}
