//! The compiled engine, the statement in SQL and the naive cascade agree: on single checks and on
//! lists, with and without plugins, whatever the rules.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use datasette_core::action::BUILT_IN;
use datasette_core::schema::Derivation;
use datasette_core::{Actor, StoredQuery};
use datasette_engine::Instance;
use datasette_hooks::{PermissionAnswer, PermissionRule, PluginAction, Restriction};
use datasette_permissions::{Candidate, Flags};
use proptest::prelude::*;

use crate::naive;
use crate::statement::{self, Place};
use crate::{invent, world};

/// Names that nothing has, or that something has in another case.
fn strangers(action: &PluginAction) -> Vec<Place> {
    let place =
        |parent: &str, child: Option<&str>| (Some(parent.to_owned()), child.map(str::to_owned));
    match (action.takes_parent, action.takes_child) {
        (true, true) if action.case_insensitive_child => vec![
            place("data", Some("T")),
            place("data", Some("gone")),
            place("DATA", Some("t")),
            place("gone", Some("t")),
        ],
        (true, true) => vec![place("data", Some("Mine")), place("gone", Some("t"))],
        (true, false) => vec![place("DATA", None), place("gone", None)],
        _ => Vec::new(),
    }
}

/// The words of the contract on rows that are known.
struct Naive<'a> {
    instance: &'a Instance,
    actor: Option<&'a Actor>,
    plugins: &'a [PermissionAnswer],
    queries: &'a [Arc<StoredQuery>],
}

impl Naive<'_> {
    async fn rows(&self, action: &str) -> PermissionAnswer {
        let bus = &self.instance.bus;
        let context = bus.context(self.actor, None);
        let asked = bus.permission_resources_sql(&context, action, false);
        let mut rows = asked.await.unwrap();
        rows.sql.clear();
        for said in self.plugins {
            rows.merge(said.clone());
        }
        if !matches!(action, "view-query" | "update-query" | "delete-query") {
            return rows;
        }
        let id = self.actor.and_then(Actor::id);
        let place = |query: &StoredQuery| (Some(query.database.clone()), Some(query.name.clone()));
        let mut open = Restriction::default();
        for query in self.queries {
            let owns = id.is_some() && query.owner_id.as_deref() == id;
            let (parent, child) = place(query);
            if owns && (action == "view-query" || query.source == "user") {
                rows.rules.push(PermissionRule {
                    parent,
                    child,
                    allow: true,
                    reason: String::new(),
                    source: String::new(),
                });
            }
            if owns || !query.is_private {
                open.covers.push(place(query));
            }
        }
        rows.restrictions.push(open);
        rows
    }

    async fn allows(&self, action: &PluginAction, place: &Place) -> bool {
        let rows = self.rows(&action.name).await;
        let says = |child: Option<&str>| {
            let folds = action.case_insensitive_child;
            naive::allows(&rows, place.0.as_deref(), child, folds)
        };
        if !says(place.1.as_deref()) {
            return false;
        }
        let (Some(parent), Some(child), "view-table") = (&place.0, &place.1, &*action.name) else {
            return true;
        };
        let Some(database) = self.instance.registry.catalogue().database(parent) else {
            return true;
        };
        let find = |name: &str| {
            let mut tables = database.tables();
            tables.find(|table| table.name().eq_ignore_ascii_case(name))
        };
        let shown = |source: &str| {
            find(source).is_none_or(|table| table.derivation == Derivation::None)
                && says(Some(source))
        };
        match find(child).map(|table| table.derivation.clone()) {
            None | Some(Derivation::None) => true,
            Some(Derivation::Unresolvable) => false,
            Some(Derivation::From(source)) => shown(&source),
            Some(Derivation::FromEach(sources)) => sources.iter().all(|source| shown(source)),
        }
    }
}

/// The action and what it requires.
fn chain<'a>(instance: &'a Instance, action: &str) -> Vec<&'a PluginAction> {
    let mut chain = Vec::new();
    let mut next = Some(action.to_owned());
    while let Some(name) = next {
        let action = instance.gate.actions().find(&name).unwrap();
        next = action.also_requires.clone();
        chain.push(action);
    }
    chain
}

/// All resources of the action's level that exist.
async fn candidates(
    instance: &Instance,
    action: &PluginAction,
    queries: &[Arc<StoredQuery>],
) -> Vec<Candidate> {
    let catalogue = instance.registry.catalogue();
    let mut found = Vec::new();
    for database in catalogue.databases() {
        match action.resource_class.as_deref() {
            Some("DatabaseResource") => found.push(Candidate::Database(database)),
            Some("TableResource") => found.extend(database.tables().map(Candidate::Table)),
            Some("QueryResource") => {
                let own = queries
                    .iter()
                    .filter(|query| query.database == database.name());
                found.extend(own.map(|query| {
                    let query = Arc::clone(query);
                    Candidate::Query(datasette_core::action::QueryRef::new(
                        database.clone(),
                        query,
                    ))
                }));
            }
            _ => {}
        }
    }
    found
}

async fn agree(
    instance: &Instance,
    actor: Option<&Actor>,
    plugins: &[PermissionAnswer],
) -> Result<(), TestCaseError> {
    let mut queries = Vec::new();
    for database in instance.registry.catalogue().databases() {
        queries.extend(instance.internal.queries(database.name()).await.unwrap());
    }
    let naive = Naive {
        instance,
        actor,
        plugins,
        queries: &queries,
    };
    let mut in_sql: HashMap<(String, Vec<Place>), BTreeSet<Place>> = HashMap::new();
    for action in BUILT_IN {
        let chain = chain(instance, action.name);
        let further = strangers(chain[0]);
        let mut expected: Option<BTreeSet<Place>> = None;
        for action in &chain {
            let key = (action.name.clone(), further.clone());
            if !in_sql.contains_key(&key) {
                let found = statement::allowed(instance, actor, action, &further).await;
                in_sql.insert(key.clone(), found);
            }
            let found = &in_sql[&key];
            expected = Some(match expected {
                None => found.clone(),
                Some(all) => &all & found,
            });
        }
        let expected = expected.unwrap();
        let known = candidates(instance, chain[0], &queries).await;
        let mut places: Vec<Place> = known
            .iter()
            .map(|one| {
                (
                    Some(one.parent().to_owned()),
                    one.child().map(str::to_owned),
                )
            })
            .collect();
        if !chain[0].takes_parent {
            places.push((None, None));
        }
        places.extend(further);
        for place in &places {
            let (parent, child) = (place.0.as_deref(), place.1.as_deref());
            let single = instance
                .allowed(actor, action.name, parent, child)
                .await
                .unwrap();
            prop_assert_eq!(
                single,
                expected.contains(place),
                "{} {:?}",
                action.name,
                place
            );
            let mut naively = true;
            for action in &chain {
                naively &= naive.allows(action, place).await;
            }
            prop_assert_eq!(single, naively, "{} {:?}, naively", action.name, place);
        }
        let names = |list: &[Candidate]| -> BTreeSet<Place> {
            list.iter()
                .map(|one| {
                    (
                        Some(one.parent().to_owned()),
                        one.child().map(str::to_owned),
                    )
                })
                .collect()
        };
        let all = names(&known);
        let listed = instance
            .gate
            .allowed_among(actor, action.name, known)
            .await
            .unwrap();
        let expected: BTreeSet<Place> = expected.intersection(&all).cloned().collect();
        prop_assert_eq!(names(&listed), expected, "the list of {}", action.name);
    }
    Ok(())
}

/// An actor and what two plugins say about it, each row with the way in which it is said.
fn visits() -> impl Strategy<Value = Vec<(Option<Actor>, [PermissionAnswer; 2], Vec<u8>)>> {
    let says = || prop_oneof![2 => Just(PermissionAnswer::default()), 3 => invent::added()];
    let ways = prop::collection::vec(any::<u8>(), 1..8);
    let visit = (invent::who(), [says(), says()], ways);
    prop::collection::vec(visit, 3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // Proves: PERM-19, PERM-20, PERM-21, PERM-22, PERM-23, PERM-24, PERM-25, PERM-32, PERM-40
    // Proves: PERM-55, PERM-57, PERM-64, PERM-65, PERM-66, PERM-80, TOK-16, TOK-17, TOK-22
    // Proves: HOOK-144, HOOK-146, HOOK-149, HOOK-150
    #[test]
    fn compiled_sql_and_naive_agree(
        config in invent::configuration(),
        root_enabled in any::<bool>(),
        default_deny in any::<bool>(),
        visits in visits(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let flags = Flags { root_enabled, default_deny };
            let (site, plugins) = world::site(config, flags).await;
            for (actor, said, ways) in &visits {
                for (number, (plugin, said)) in plugins.iter().zip(said).enumerate() {
                    plugin.say(world::as_statements(said, ways, &format!("p{number}_")));
                }
                let instance = site.instance().for_request();
                agree(&instance, actor.as_ref(), said).await?;
            }
            Ok::<_, TestCaseError>(())
        })?;
    }
}
