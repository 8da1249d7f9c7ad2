//! Lists of what an actor may do, rules in their order, and the latest checks.

use std::sync::Arc;
use std::time::Duration;

use datasette_core::clock::FixedClock;
use datasette_core::{Actor, Catalogue};
use datasette_hooks::PermissionAnswer;
use serde_json::{Value, json};

use super::fixture::{ROOT, actor, catalogue, gate, gate_with, now, stored};
use super::plugins::{Fixed, rule};
use crate::gate::{Candidate, Gate};
use crate::sources::Flags;

fn tables(catalogue: &Catalogue) -> Vec<Candidate> {
    let databases = catalogue.databases();
    databases
        .flat_map(|database| database.tables().collect::<Vec<_>>())
        .map(Candidate::Table)
        .collect()
}

fn allowed(gate: &Gate, who: Option<&Actor>, action: &str, catalogue: &Catalogue) -> Vec<String> {
    let found = now(gate.allowed_among(who, action, tables(catalogue))).unwrap();
    let name = |each: &Candidate| format!("{}/{}", each.parent(), each.child().unwrap_or("-"));
    found.iter().map(name).collect()
}

fn config() -> Value {
    json!({
        "permissions": {"insert-row": {"id": "ann"}},
        "databases": {"data": {
            "allow": {"id": ["ann", "ben"]},
            "tables": {"secret": {"allow": {"id": "ann"}}},
        }},
    })
}

// Proves: PERM-80, PERM-59, DEBUG-35
#[test]
fn a_list_has_what_each_check_allows() {
    let catalogue = catalogue(&[
        ("data", &["t", "secret", "fts<secret", "sqlite_stat1"]),
        ("open", &["t", "view"]),
    ]);
    let gate = gate(&config(), ROOT);
    let (ann, ben) = (Actor::with_id("ann"), Actor::with_id("ben"));
    for who in [None, Some(&ann), Some(&ben)] {
        for action in ["view-table", "insert-row", "drop-table"] {
            let expected: Vec<String> = tables(&catalogue)
                .iter()
                .filter(|each| {
                    let (parent, child) = (Some(each.parent()), each.child());
                    now(gate.allows_named(who, action, parent, child, &catalogue, None)).unwrap()
                })
                .map(|each| format!("{}/{}", each.parent(), each.child().unwrap_or("-")))
                .collect();
            assert_eq!(
                allowed(&gate, who, action, &catalogue),
                expected,
                "{action}"
            );
        }
    }
    assert_eq!(
        allowed(&gate, Some(&ben), "view-table", &catalogue),
        ["data/t", "open/t", "open/view"]
    );
    let unknown = now(gate.allowed_among(None, "fly", Vec::new())).unwrap_err();
    assert_eq!(unknown.message(), "Unknown action: fly");
}

// Proves: PERM-24, PERM-80
#[test]
fn a_list_leaves_out_what_lacks_a_required_action() {
    let catalogue = catalogue(&[("data", &[]), ("open", &[])]);
    let gate = gate(&config(), ROOT);
    let databases = catalogue.databases().map(Candidate::Database).collect();
    let found = now(gate.allowed_among(None, "execute-sql", databases)).unwrap();
    let names: Vec<&str> = found.iter().map(Candidate::parent).collect();
    assert_eq!(names, ["open"]);
}

// Proves: PERM-83, DEBUG-35
#[test]
fn reasons_are_those_of_the_level_that_decides() {
    let catalogue = catalogue(&[("data", &["t", "secret"]), ("open", &["t"])]);
    let plugin = Fixed::new(PermissionAnswer {
        rules: vec![rule(Some("open"), None, true)],
        ..PermissionAnswer::default()
    });
    let gate = gate_with(&config(), ROOT, vec![plugin]);
    let ann = Actor::with_id("ann");
    let reasons = now(gate.reasons(Some(&ann), "view-table", &tables(&catalogue))).unwrap();
    let own = "datasette.default_permissions: config allow allow for view-table on data";
    assert_eq!(reasons[0], [own]);
    assert_eq!(reasons[1], [format!("{own}/secret")]);
    assert_eq!(reasons[2], ["fixed: because"]);
    let root = Actor::with_id("root");
    let reasons = now(gate.reasons(Some(&root), "drop-table", &tables(&catalogue))).unwrap();
    assert_eq!(reasons[0], ["datasette.default_permissions: root user"]);
}

// Proves: PERM-86, DEBUG-38, PERM-31
#[test]
fn rules_stand_in_their_order() {
    let catalogue = catalogue(&[("data", &["t"]), ("open", &[])]);
    let gate = gate(&config(), ROOT);
    let ben = Actor::with_id("ben");
    let rules = now(gate.rules(Some(&ben), "view-table", &catalogue, &[])).unwrap();
    let shown: Vec<(bool, Option<&str>, Option<&str>)> = rules
        .iter()
        .map(|rule| (rule.allow, rule.parent.as_deref(), rule.child.as_deref()))
        .collect();
    let mut expected = vec![
        (true, None, None),
        (true, Some("data"), None),
        (false, Some("data"), Some("secret")),
    ];
    let statistics = [
        "sqlite_stat1",
        "sqlite_stat2",
        "sqlite_stat3",
        "sqlite_stat4",
    ];
    for database in ["data", "open"] {
        expected.extend(statistics.map(|name| (false, Some(database), Some(name))));
    }
    assert_eq!(shown, expected);

    let mut query = stored("data", "mine");
    query.owner_id = Some("ben".to_owned());
    let rules = now(gate.rules(Some(&ben), "view-query", &catalogue, [&query])).unwrap();
    let owned = rules.iter().find(|rule| rule.reason == "query owner");
    assert_eq!(owned.and_then(|rule| rule.child.as_deref()), Some("mine"));
    let rules = now(gate.rules(None, "view-query", &catalogue, [&query])).unwrap();
    assert!(rules.iter().all(|rule| rule.reason != "query owner"));
}

// Proves: DEBUG-43, PERM-87
#[test]
fn checks_are_noted_with_what_they_require_first() {
    let catalogue = catalogue(&[("data", &["t"]), ("open", &["t"])]);
    let clock = FixedClock(Duration::from_secs(7));
    let gate = gate(&config(), Flags::default()).with_clock(Arc::new(clock));
    let cid = actor(&json!({"id": "cid"}));
    let check = |action, database| {
        let who = cid.as_ref();
        now(gate.allows_named(who, action, Some(database), None, &catalogue, None)).unwrap()
    };
    assert!(check("execute-sql", "open"));
    assert!(!check("execute-sql", "data"));
    let noted: Vec<_> = gate
        .recent_checks()
        .into_iter()
        .map(|check| {
            (
                check.action,
                check.parent.unwrap_or_default(),
                check.allowed,
            )
        })
        .collect();
    let expected = [
        ("execute-sql", "data", false),
        ("view-database", "data", false),
        ("execute-sql", "open", true),
        ("view-database", "open", true),
    ];
    let expected = expected
        .map(|(action, database, allowed)| (action.to_owned(), database.to_owned(), allowed));
    assert_eq!(noted, expected);
    let newest = &gate.for_request().recent_checks()[0];
    assert_eq!(newest.when, Duration::from_secs(7));
    assert_eq!(newest.actor.as_ref(), cid.as_ref());

    // Lists are not noted, one by one or otherwise.
    allowed(&gate, None, "view-table", &catalogue);
    assert_eq!(gate.recent_checks().len(), 4);
}
