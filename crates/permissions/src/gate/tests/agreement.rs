//! The compiled way and the naive way agree, whatever the rules.

use datasette_core::action::BUILT_IN;
use datasette_core::{Actor, Catalogue, StoredQuery};
use datasette_hooks::{PermissionAnswer, Restriction};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::fixture::{actor, catalogue, gate_with, now, stored};
use super::plugins::{Fixed, rule};
use crate::cascade::naive;
use crate::explain::Explanation;
use crate::gate::{Gate, is_about_queries};
use crate::sources::Flags;

const DATABASES: [&str; 2] = ["data", "other"];
const CHILDREN: [&str; 3] = ["t", "T2", "sqlite_stat1"];

fn block() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({"id": "ann"})),
        Just(json!({"id": "*"})),
        Just(json!({"unauthenticated": true})),
        Just(json!({"role": ["boss", "root"]})),
        Just(json!({})),
    ]
}

fn maybe(block: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    prop_oneof![2 => Just(Value::Null), 1 => block]
}

fn permissions() -> impl Strategy<Value = Value> {
    let action = prop::sample::select(BUILT_IN).prop_map(|action| action.name);
    let entries = prop::collection::vec((action, block()), 0..3);
    entries.prop_map(|entries| {
        let entries = entries.into_iter();
        Value::Object(
            entries
                .map(|(name, block)| (name.to_owned(), block))
                .collect(),
        )
    })
}

fn child() -> impl Strategy<Value = Value> {
    (maybe(block()), permissions())
        .prop_map(|(allow, permissions)| json!({"allow": allow, "permissions": permissions}))
}

fn named<const N: usize>(
    names: [&'static str; N],
    value: impl Strategy<Value = Value>,
) -> impl Strategy<Value = Value> {
    prop::collection::vec(prop::option::of(value), N).prop_map(move |values| {
        let pairs = names.into_iter().zip(values);
        let pairs = pairs.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(pairs.collect::<Map<_, _>>())
    })
}

fn database() -> impl Strategy<Value = Value> {
    let tables = named(["T", "t2", "SQLITE_STAT1"], child());
    let queries = named(["t", "T"], child());
    (
        maybe(block()),
        maybe(block()),
        permissions(),
        tables,
        queries,
    )
        .prop_map(|(allow, allow_sql, permissions, tables, queries)| {
            json!({"allow": allow, "allow_sql": allow_sql, "permissions": permissions,
                   "tables": tables, "queries": queries})
        })
}

fn configuration() -> impl Strategy<Value = Value> {
    (
        maybe(block()),
        maybe(block()),
        permissions(),
        named(DATABASES, database()),
        any::<bool>(),
    )
        .prop_map(|(allow, allow_sql, permissions, databases, sql)| {
            json!({"allow": allow, "allow_sql": allow_sql, "permissions": permissions,
                   "databases": databases, "settings": {"default_allow_sql": sql}})
        })
}

fn action_names() -> impl Strategy<Value = Value> {
    let names = [
        "vi",
        "vd",
        "view-table",
        "vt",
        "vq",
        "es",
        "insert-row",
        "ct",
        "zz",
    ];
    prop::sample::subsequence(names.to_vec(), 0..5).prop_map(|names| json!(names))
}

fn limits() -> impl Strategy<Value = Value> {
    let children = named(["T", "t2"], action_names());
    (
        maybe(action_names()),
        maybe(named(DATABASES, action_names())),
        maybe(named(DATABASES, children)),
    )
        .prop_map(|(a, d, r)| json!({"a": a, "d": d, "r": r}))
}

fn who() -> impl Strategy<Value = Option<Actor>> {
    let id = prop::sample::select(vec!["ann", "bob", "root"]);
    let role = prop::option::of(Just("boss"));
    let known = (id, role, prop::option::of(limits())).prop_map(|(id, role, limits)| {
        let mut who = json!({"id": id});
        if let Some(role) = role {
            who["role"] = json!([role]);
        }
        if let Some(limits) = limits {
            who["_r"] = limits;
        }
        actor(&who)
    });
    prop_oneof![1 => Just(None), 4 => known]
}

fn place() -> impl Strategy<Value = (Option<&'static str>, Option<&'static str>)> {
    let parent = prop::option::of(prop::sample::select(DATABASES.to_vec()));
    let child = prop::option::of(prop::sample::select(vec!["t", "T2", "T"]));
    (parent, child)
}

fn added() -> impl Strategy<Value = PermissionAnswer> {
    let rules = prop::collection::vec((place(), any::<bool>()), 0..4);
    let restriction = prop::collection::vec(place(), 0..4);
    (rules, prop::option::of(restriction)).prop_map(|(rules, restriction)| PermissionAnswer {
        rules: rules
            .into_iter()
            .map(|((parent, child), allow)| rule(parent, child, allow))
            .collect(),
        restrictions: restriction
            .into_iter()
            .map(|covers| Restriction {
                source: String::new(),
                covers: covers
                    .into_iter()
                    .map(|(parent, child)| (parent.map(str::to_owned), child.map(str::to_owned)))
                    .collect(),
            })
            .collect(),
        sql: Vec::new(),
    })
}

/// The verdict of the contract's words on what the plugins on the bus say.
fn naively(gate: &Gate, who: Option<&Actor>, action: &str, place: [Option<&str>; 2]) -> bool {
    let context = gate.shared.bus.context(who, None);
    let action = gate.actions().find(action).unwrap();
    gate.actions().chain(action).unwrap().iter().all(|action| {
        let bus = &gate.shared.bus;
        let answer = now(bus.permission_resources_sql(&context, &action.name, false));
        let mut answer = answer.unwrap();
        if is_about_queries(&action.name) {
            // The stored queries that exist: this one.
            answer.restrictions.push(Restriction {
                source: String::new(),
                covers: vec![(place[0].map(str::to_owned), place[1].map(str::to_owned))],
            });
        }
        naive::allows(&answer, place[0], place[1], action.case_insensitive_child)
    })
}

fn targets(action: &str) -> Vec<(Option<&'static str>, Option<&'static str>)> {
    let level = datasette_core::action::find(action).map(|action| action.level);
    match level {
        Some(datasette_core::action::Level::Instance) | None => vec![(None, None)],
        Some(datasette_core::action::Level::Database) => {
            DATABASES.map(|name| (Some(name), None)).to_vec()
        }
        _ => DATABASES
            .iter()
            .flat_map(|name| CHILDREN.map(|child| (Some(*name), Some(child))))
            .collect(),
    }
}

/// The most restrictions that apply to one action of an explanation.
fn most_restrictions(explained: &Explanation) -> usize {
    let required = explained.required_actions.iter().map(most_restrictions);
    required.fold(explained.restrictions.len(), usize::max)
}

fn tables() -> Catalogue {
    catalogue(&[("data", &CHILDREN), ("other", &CHILDREN)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    // Proves: PERM-19, PERM-20, PERM-21, PERM-22, PERM-23, PERM-24, PERM-25, PERM-32, PERM-40
    #[test]
    fn compiled_equals_naive(
        config in configuration(),
        who in who(),
        added in prop::option::of(added()),
        root_enabled in any::<bool>(),
        default_deny in any::<bool>(),
    ) {
        let flags = Flags { root_enabled, default_deny };
        let plugins = added.map(|answer| Fixed::new(answer) as _).into_iter().collect();
        let gate = gate_with(&config, flags, plugins);
        let catalogue = tables();
        let who = who.as_ref();
        for action in BUILT_IN {
            for (parent, child) in targets(action.name) {
                let query: Option<StoredQuery> = is_about_queries(action.name)
                    .then(|| stored(parent.unwrap(), child.unwrap()));
                let query = query.as_ref();
                let compiled = now(gate.allows_named(who, action.name, parent, child, &catalogue, query));
                let compiled = compiled.unwrap();
                let naive = naively(&gate, who, action.name, [parent, child]);
                prop_assert_eq!(compiled, naive, "{} {:?} {:?}", action.name, parent, child);
                let explained = now(gate.explain(who, action.name, parent, child, query)).unwrap();
                // An explanation looks at each restriction by itself, and so does that of the action
                // that is required too.
                if most_restrictions(&explained) < 2 {
                    prop_assert_eq!(explained.allowed, naive, "{:#?}", explained);
                }
            }
        }
        let listed: Vec<_> = now(gate.visible_databases(who, &catalogue)).unwrap();
        let listed: Vec<_> = listed.iter().map(|one| (one.item.name(), one.private)).collect();
        let expected: Vec<_> = DATABASES
            .into_iter()
            .filter(|name| naively(&gate, who, "view-database", [Some(name), None]))
            .map(|name| {
                let public = naively(&gate, None, "view-database", [Some(name), None]);
                (name, who.is_some() && !public)
            })
            .collect();
        prop_assert_eq!(listed, expected);
    }
}
