//! The compiled way and the naive way agree, whatever the rules.

use datasette_core::action::BUILT_IN;
use datasette_core::{Actor, Catalogue, StoredQuery};
use datasette_hooks::Restriction;
use proptest::prelude::*;

use super::fixture::{catalogue, gate_with, now, stored};
use super::invent::{DATABASES, added, configuration, who};
use super::plugins::Fixed;
use crate::cascade::naive;
use crate::explain::Explanation;
use crate::gate::{Gate, is_about_queries};
use crate::sources::Flags;

const CHILDREN: [&str; 3] = ["t", "T2", "sqlite_stat1"];

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
