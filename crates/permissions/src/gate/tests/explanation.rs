//! Why a decision is what it is.

use datasette_core::Actor;
use serde_json::{Value, json};

use super::fixture::{ROOT, actor, catalogue, gate, now, stored};
use crate::explain::Explanation;
use crate::sources::Flags;

fn explained(config: Value, who: Value, action: &str, path: [Option<&str>; 2]) -> Explanation {
    let gate = gate(&config, ROOT);
    let who = actor(&who);
    now(gate.explain(who.as_ref(), action, path[0], path[1], None)).unwrap()
}

// Proves: PERM-73, PERM-74, PERM-76, DEBUG-40
#[test]
fn rules_are_listed_with_the_one_that_decides() {
    let config = json!({
        "allow": {"id": "*"},
        "databases": {"data": {
            "allow": true,
            "tables": {"T": {"allow": true, "permissions": {"view-table": {"id": "ann"}}}},
        }},
    });
    let found = explained(
        config,
        json!({"id": "root"}),
        "view-table",
        [Some("data"), Some("t")],
    );
    let expected = json!({
        "action": "view-table",
        "rule_allowed": false,
        "restriction_allowed": true,
        "winning_scope": "resource",
        "matched_rules": [
            {"scope": "resource", "effect": "deny", "source": "datasette.default_permissions",
             "reason": "config deny permissions for view-table on data/T", "decisive": true,
             "ignored_because": null},
            {"scope": "resource", "effect": "allow", "source": "datasette.default_permissions",
             "reason": "config allow allow for view-table on data/T", "decisive": false,
             "ignored_because": "A deny rule matched at the same scope"},
            {"scope": "parent", "effect": "allow", "source": "datasette.default_permissions",
             "reason": "config allow allow for view-table on data", "decisive": false,
             "ignored_because": "A more specific rule matched"},
            {"scope": "global", "effect": "allow", "source": "datasette.default_permissions",
             "reason": "config allow allow for view-table", "decisive": false,
             "ignored_because": "A more specific rule matched"},
            {"scope": "global", "effect": "allow", "source": "datasette.default_permissions",
             "reason": "default allow for view-table", "decisive": false,
             "ignored_because": "A more specific rule matched"},
            {"scope": "global", "effect": "allow", "source": "datasette.default_permissions",
             "reason": "root user", "decisive": false,
             "ignored_because": "A more specific rule matched"},
        ],
        "restrictions": [],
        "required_actions": [],
        "allowed": false,
        "summary": "Denied by a resource-level rule. Deny rules take precedence over allow rules \
                    at the same scope.",
    });
    let found = serde_json::to_value(&found).unwrap();
    assert_eq!(found, expected);
    assert_eq!(found.to_string(), expected.to_string());
}

// Proves: PERM-75, PERM-76
#[test]
fn restrictions_are_listed() {
    let path = [Some("data"), Some("t")];
    let limited = |limits: Value| json!({"id": "u", "_r": limits});
    let inside = limited(json!({"r": {"data": {"T": ["vt"]}}}));
    let inside = explained(json!({}), inside, "view-table", path);
    assert!(inside.allowed);
    assert_eq!(
        inside.restrictions[0].reason,
        "Resource is included in this restriction allowlist"
    );
    assert_eq!(inside.summary, "Allowed by the matching global-level rule.");
    let outside = limited(json!({"r": {"data": {"u": ["vt"]}}}));
    let outside = explained(json!({}), outside, "view-table", path);
    assert!(outside.rule_allowed && !outside.restriction_allowed && !outside.allowed);
    assert_eq!(
        outside.restrictions[0].reason,
        "Resource is not included in this restriction allowlist"
    );
    assert_eq!(
        outside.summary,
        "Denied because the resource is not included in the actor's restrictions."
    );
    let nothing = explained(json!({}), limited(json!({})), "view-table", path);
    assert_eq!(
        nothing.restrictions[0].reason,
        "actor restrictions: view-table not in allowlist"
    );
    let everywhere = limited(json!({"a": ["view-table"]}));
    let everywhere = explained(json!({}), everywhere, "view-table", path);
    assert!(everywhere.restrictions.is_empty() && everywhere.allowed);
}

// Proves: PERM-24, PERM-73, PERM-76
#[test]
fn what_is_required_is_explained_too() {
    let config = json!({"databases": {"data": {"permissions": {"view-database": false}}}});
    let found = explained(config, Value::Null, "execute-sql", [Some("data"), None]);
    assert!(found.rule_allowed && !found.allowed);
    assert_eq!(found.required_actions[0].action, "view-database");
    assert_eq!(
        found.summary,
        "Denied because execute-sql also requires view-database, which was denied."
    );
    let none = explained(json!({}), Value::Null, "debug-menu", [None, None]);
    assert_eq!(
        none.summary,
        "Denied because no permission rule matched this actor and resource."
    );
    assert_eq!(none.winning_scope, None);
}

// Proves: PERM-64, PERM-66, PERM-78
#[test]
fn queries_are_explained_with_their_owner() {
    let gate = gate(&json!({}), Flags::default());
    let mut query = stored("data", "q");
    query.owner_id = Some("ann".to_owned());
    query.is_private = true;
    let ann = Actor::with_id("ann");
    let path = (Some("data"), Some("q"));
    let own = now(gate.explain(Some(&ann), "view-query", path.0, path.1, Some(&query))).unwrap();
    assert_eq!(own.matched_rules[0].reason, "query owner");
    assert!(own.allowed);
    let other = now(gate.explain(None, "view-query", path.0, path.1, Some(&query))).unwrap();
    assert!(other.rule_allowed && !other.restriction_allowed);
    let missing = now(gate.explain(Some(&ann), "view-query", path.0, path.1, None)).unwrap();
    assert!(missing.rule_allowed && !missing.allowed);
}

// Proves: TOK-25
#[test]
fn a_closed_gate_is_explained() {
    let config = json!({"databases": {"data": {
        "allow": false, "tables": {"t": {"allow": true}}}}});
    let who = json!({"id": "u", "_r": {"r": {"data": {"t": ["vt"]}}}});
    let found = explained(config, who, "view-table", [Some("data"), Some("t")]);
    assert!(!found.allowed);
    assert_eq!(
        found.matched_rules[0].reason,
        "config deny allow for view-table on data (restriction gate)"
    );
}

// Proves: PERM-79
#[test]
fn built_in_reasons_have_their_words() {
    let config = json!({
        "allow_sql": {"id": "ann"},
        "permissions": {"execute-sql": true},
        "settings": {"default_allow_sql": false},
        "databases": {"D": {
            "allow_sql": false,
            "permissions": {"execute-sql": true},
            "tables": {"T": {"allow": true}},
            "queries": {"Q": {"allow": {"id": "ann"}}},
        }},
    });
    let gate = gate(&config, ROOT);
    let reasons = |action: &str| {
        let root = Actor::with_id("root");
        let catalogue = catalogue(&[("D", &[])]);
        let rules = now(gate.rules(Some(&root), action, &catalogue, &[])).unwrap();
        let mut reasons: Vec<_> = rules.into_iter().map(|rule| rule.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    };
    assert_eq!(
        reasons("execute-sql"),
        [
            "config allow permissions for execute-sql",
            "config allow permissions for execute-sql on D",
            "config deny allow_sql",
            "config deny allow_sql for D",
            "default allow for execute-sql",
            "default_allow_sql is false",
            "root user",
        ]
    );
    assert_eq!(
        reasons("view-table"),
        [
            "SQLite statistics tables are denied by default",
            "config allow allow for view-table on D/T",
            "default allow for view-table",
            "root user",
        ]
    );
    assert_eq!(
        reasons("view-query"),
        [
            "config deny allow for view-query on D/Q",
            "default allow for view-query",
            "root user"
        ]
    );
}
