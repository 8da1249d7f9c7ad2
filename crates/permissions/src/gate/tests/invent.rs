//! Configurations, actors and rules of plugins that nobody would think of.

use datasette_core::Actor;
use datasette_core::action::BUILT_IN;
use datasette_hooks::{PermissionAnswer, PermissionRule, Restriction};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

pub(crate) const DATABASES: [&str; 2] = ["data", "other"];

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
    let tables = named(["T", "t2", "DOCS", "SQLITE_STAT1"], child());
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

pub(crate) fn configuration() -> impl Strategy<Value = Value> {
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
    let children = named(["T", "t2", "docs"], action_names());
    (
        maybe(action_names()),
        maybe(named(DATABASES, action_names())),
        maybe(named(DATABASES, children)),
    )
        .prop_map(|(a, d, r)| json!({"a": a, "d": d, "r": r}))
}

pub(crate) fn who() -> impl Strategy<Value = Option<Actor>> {
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
        who.as_object().cloned().map(Actor::new)
    });
    prop_oneof![1 => Just(None), 4 => known]
}

fn place() -> impl Strategy<Value = (Option<&'static str>, Option<&'static str>)> {
    let parent = prop::option::of(prop::sample::select(DATABASES.to_vec()));
    let child = prop::option::of(prop::sample::select(vec!["t", "T2", "T", "docs"]));
    (parent, child)
}

pub(crate) fn added() -> impl Strategy<Value = PermissionAnswer> {
    let rules = prop::collection::vec((place(), any::<bool>()), 0..4);
    let restriction = prop::collection::vec(place(), 0..4);
    (rules, prop::option::of(restriction)).prop_map(|(rules, restriction)| PermissionAnswer {
        rules: rules
            .into_iter()
            .map(|((parent, child), allow)| PermissionRule {
                parent: parent.map(str::to_owned),
                child: child.map(str::to_owned),
                allow,
                reason: "because".to_owned(),
                source: String::new(),
            })
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
