//! Rules, restrictions and actions of plugins.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datasette_core::action::{DropTable, ViewTable};
use datasette_core::{Actor, Fault};
use datasette_hooks::{
    Answer, Context, HookError, HookName, HookSet, PermissionAnswer, PermissionRule, PermissionSql,
    Plugin, PluginAction, Restriction, ready,
};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::fixture::{ROOT, catalogue, gate_with, now};
use crate::gate::RuleResolver;

/// Answers every question the same.
pub(super) struct Fixed {
    pub(super) answer: PermissionAnswer,
    pub(super) asked: AtomicUsize,
}

impl Fixed {
    pub(super) fn new(answer: PermissionAnswer) -> Arc<Self> {
        Arc::new(Self {
            answer,
            asked: AtomicUsize::new(0),
        })
    }
}

impl Plugin for Fixed {
    fn name(&self) -> &str {
        "fixed"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::PermissionResourcesSql, HookName::RegisterActions])
    }

    fn permission_resources_sql<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        ready(self.answer.clone())
    }

    fn register_actions(&self, _context: &Context<'_>) -> Answer<Vec<PluginAction>> {
        Ok(vec![PluginAction {
            name: "export".to_owned(),
            abbreviation: Some("ex".to_owned()),
            description: None,
            takes_parent: true,
            takes_child: true,
            resource_class: Some("TableResource".to_owned()),
            case_insensitive_child: true,
            also_requires: Some("view-table".to_owned()),
        }])
    }
}

pub(super) fn rule(parent: Option<&str>, child: Option<&str>, allow: bool) -> PermissionRule {
    PermissionRule {
        parent: parent.map(str::to_owned),
        child: child.map(str::to_owned),
        allow,
        reason: "because".to_owned(),
        source: String::new(),
    }
}

// Proves: PERM-32, HOOK-144, HOOK-150
#[test]
fn rules_of_plugins_compete_under_the_same_rules() {
    let plugin = Fixed::new(PermissionAnswer {
        rules: vec![
            rule(Some("data"), None, false),
            rule(Some("data"), Some("T"), true),
        ],
        ..PermissionAnswer::default()
    });
    let gate = gate_with(&json!({}), ROOT, vec![plugin]);
    let catalogue = catalogue(&[("data", &["t", "u"]), ("other", &["t"])]);
    let may = |database: &str, table: &str| {
        let table = catalogue.database(database).unwrap().table(table).unwrap();
        now(gate.allows::<ViewTable>(None, &table))
            .unwrap()
            .is_some()
    };
    assert!(may("data", "t"));
    assert!(!may("data", "u"));
    assert!(may("other", "t"));
    let explained = now(gate.explain(None, "view-table", Some("data"), Some("u"), None)).unwrap();
    assert_eq!(explained.matched_rules[0].source, "fixed");
    assert_eq!(explained.winning_scope, Some("parent"));
}

// Proves: PERM-23, PERM-32
#[test]
fn every_restriction_must_have_the_entry() {
    let list = |entries: &[(Option<&str>, Option<&str>)]| Restriction {
        source: String::new(),
        covers: entries
            .iter()
            .map(|(parent, child)| (parent.map(str::to_owned), child.map(str::to_owned)))
            .collect(),
    };
    let (data, other) = (Some("data"), Some("other"));
    let catalogue = catalogue(&[("data", &["t", "u", "v"]), ("other", &["t", "u"])]);
    let names = |restrictions: Vec<Restriction>| {
        let plugin = Fixed::new(PermissionAnswer {
            restrictions,
            ..PermissionAnswer::default()
        });
        let gate = gate_with(&json!({}), ROOT, vec![plugin]);
        let mut names = Vec::new();
        for database in catalogue.databases() {
            let visible = now(gate.visible_tables(None, &database)).unwrap();
            let own = visible
                .iter()
                .map(|one| format!("{}/{}", database.name(), one.item.name()));
            names.extend(own);
        }
        names
    };
    let one = list(&[(data, Some("T")), (other, None)]);
    assert_eq!(names(vec![one.clone()]), ["data/t", "other/t", "other/u"]);
    let anywhere = list(&[(None, Some("U")), (data, Some("t"))]);
    assert_eq!(
        names(vec![anywhere.clone()]),
        ["data/t", "data/u", "other/u"]
    );
    assert_eq!(names(vec![one.clone(), anywhere]), ["data/t"]);
    assert!(names(vec![one, list(&[(data, None)])]).is_empty());
    assert!(names(vec![list(&[])]).is_empty());
    assert_eq!(names(vec![list(&[(None, None)])]).len(), 5);
}

// Proves: PERM-33, HOOK-153
#[test]
fn a_request_asks_once() {
    let plugin = Fixed::new(PermissionAnswer::default());
    let gate = gate_with(&json!({}), ROOT, vec![plugin.clone()]);
    let catalogue = catalogue(&[("data", &["t", "u"])]);
    let data = catalogue.database("data").unwrap();
    let request = gate.for_request();
    for _ in 0..3 {
        for table in data.tables() {
            now(request.allows::<ViewTable>(None, &table)).unwrap();
        }
    }
    assert_eq!(plugin.asked.load(Ordering::Relaxed), 1);
    let ann = Actor::with_id("ann");
    let table = data.table("t").unwrap();
    now(request.allows::<ViewTable>(Some(&ann), &table)).unwrap();
    now(request.allows::<DropTable>(Some(&ann), &table)).unwrap();
    assert_eq!(plugin.asked.load(Ordering::Relaxed), 3);
    now(gate.for_request().allows::<ViewTable>(None, &table)).unwrap();
    assert_eq!(plugin.asked.load(Ordering::Relaxed), 4);
}

// Proves: HOOK-99
#[test]
fn an_action_of_a_plugin_is_like_the_servers() {
    let plugin = Fixed::new(PermissionAnswer::default());
    let config = json!({
        "permissions": {"export": {"id": "ann"}},
        "databases": {"data": {"tables": {"Shut": {"allow": false}}}},
    });
    let gate = gate_with(&config, ROOT, vec![plugin]);
    let catalogue = catalogue(&[("data", &["open", "shut"])]);
    let may = |who: &str, table: &str| {
        let who = Actor::with_id(who);
        let (data, table) = (Some("data"), Some(table));
        now(gate.allows_named(Some(&who), "export", data, table, &catalogue, None)).unwrap()
    };
    assert!(may("ann", "open"));
    assert!(!may("ann", "shut"));
    assert!(!may("root", "open"));
    assert!(!may("bob", "open"));
    let plain = gate_with(
        &json!({}),
        ROOT,
        vec![Fixed::new(PermissionAnswer::default())],
    );
    for (who, expected) in [("root", true), ("ann", false)] {
        let who = Actor::with_id(who);
        let (data, table) = (Some("data"), Some("open"));
        let asked = plain.allows_named(Some(&who), "export", data, table, &catalogue, None);
        assert_eq!(now(asked).unwrap(), expected);
    }
    let unknown = now(gate.allows_named(None, "fly", None, None, &catalogue, None));
    assert_eq!(unknown.unwrap_err().message(), "Unknown action: fly");
}

#[test]
fn sql_that_nobody_runs_makes_the_check_fail() {
    let plugin = Fixed::new(PermissionAnswer {
        sql: vec![PermissionSql {
            sql: Some("select null, null, 1, 'all'".to_owned()),
            ..PermissionSql::default()
        }],
        ..PermissionAnswer::default()
    });
    let gate = gate_with(&json!({}), ROOT, vec![plugin]);
    let catalogue = catalogue(&[("data", &["t"])]);
    let table = catalogue.database("data").unwrap().table("t").unwrap();
    let fault = now(gate.allows::<ViewTable>(None, &table)).unwrap_err();
    assert_eq!(fault.status(), 500);
    assert!(fault.cause().unwrap().to_string().contains("fixed"));
}

/// Finds one rule for whatever statements it is given.
struct Resolver;

impl RuleResolver for Resolver {
    fn resolve<'a>(
        &'a self,
        _actor: Option<&'a Actor>,
        action: &'a str,
        statements: &'a [PermissionSql],
    ) -> BoxFuture<'a, Result<PermissionAnswer, Fault>> {
        assert_eq!(statements[0].source, "fixed");
        let found = PermissionAnswer {
            rules: vec![rule(Some("data"), None, action != "view-table")],
            ..PermissionAnswer::default()
        };
        Box::pin(async { Ok(found) })
    }
}

#[test]
fn sql_of_plugins_is_run_by_the_resolver() {
    let plugin = Fixed::new(PermissionAnswer {
        sql: vec![PermissionSql::default()],
        ..PermissionAnswer::default()
    });
    let gate = gate_with(&json!({}), ROOT, vec![plugin]).with_resolver(Arc::new(Resolver));
    let catalogue = catalogue(&[("data", &["t"])]);
    let table = catalogue.database("data").unwrap().table("t").unwrap();
    assert!(
        now(gate.for_request().allows::<ViewTable>(None, &table))
            .unwrap()
            .is_none()
    );
    assert!(
        now(gate.for_request().allows::<DropTable>(None, &table))
            .unwrap()
            .is_some()
    );
}

struct Broken;

impl Plugin for Broken {
    fn name(&self) -> &str {
        "broken"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::PermissionResourcesSql])
    }

    fn permission_resources_sql<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        Box::pin(async { Err(HookError::failed("no")) })
    }
}

// Proves: PLUG-71
#[test]
fn a_plugin_that_cannot_say_allows_nothing() {
    let gate = gate_with(&json!({}), ROOT, vec![Arc::new(Broken)]);
    let catalogue = catalogue(&[("data", &["t"])]);
    let data = catalogue.database("data").unwrap();
    let table = data.table("t").unwrap();
    assert!(now(gate.allows::<ViewTable>(None, &table)).is_err());
    assert!(now(gate.visible_tables(None, &data)).is_err());
}
