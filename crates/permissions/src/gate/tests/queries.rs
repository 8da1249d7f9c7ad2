//! Stored queries and who owns them.

use std::sync::Arc;

use datasette_core::action::{DeleteQuery, QueryRef, UpdateQuery, ViewQuery};
use datasette_core::{Actor, StoredQuery};
use serde_json::json;

use super::fixture::{ROOT, actor, catalogue, gate, now, stored};

fn query(change: impl FnOnce(&mut StoredQuery)) -> QueryRef {
    let data = catalogue(&[("data", &[])]).database("data").unwrap();
    let mut query = stored("data", "q");
    change(&mut query);
    QueryRef::new(data, Arc::new(query))
}

// Proves: PERM-64, PERM-65
#[test]
fn a_private_query_is_its_owners() {
    let gate = gate(&json!({}), ROOT);
    let mine = query(|query| {
        query.owner_id = Some("ann".to_owned());
        query.source = "user".to_owned();
        query.is_private = true;
    });
    for (who, allowed) in [
        (Some("ann"), true),
        (Some("bob"), false),
        (Some("root"), false),
        (None, false),
    ] {
        let who = who.map(Actor::with_id);
        let who = who.as_ref();
        let view = now(gate.allows::<ViewQuery>(who, &mine)).unwrap();
        assert_eq!(view.is_some(), allowed, "{who:?}");
        let update = now(gate.allows::<UpdateQuery>(who, &mine)).unwrap();
        assert_eq!(update.is_some(), allowed, "{who:?}");
        let delete = now(gate.allows::<DeleteQuery>(who, &mine)).unwrap();
        assert_eq!(delete.is_some(), allowed, "{who:?}");
    }
    let ann = Actor::with_id("ann");
    assert!(now(gate.is_private::<ViewQuery>(Some(&ann), &mine)).unwrap());
}

// Proves: PERM-64
#[test]
fn owning_a_query_of_the_configuration_is_no_right_to_change_it() {
    let gate = gate(&json!({}), ROOT);
    let theirs = query(|query| query.owner_id = Some("ann".to_owned()));
    let ann = Actor::with_id("ann");
    assert!(
        now(gate.allows::<ViewQuery>(Some(&ann), &theirs))
            .unwrap()
            .is_some()
    );
    assert!(
        now(gate.allows::<UpdateQuery>(Some(&ann), &theirs))
            .unwrap()
            .is_none()
    );
    assert!(
        now(gate.allows::<DeleteQuery>(Some(&ann), &theirs))
            .unwrap()
            .is_none()
    );
    let numbered = query(|query| query.owner_id = Some("5".to_owned()));
    let five = actor(&json!({"id": 5}));
    let closed = super::fixture::gate(&json!({"allow": false}), ROOT);
    let view = now(closed.allows::<ViewQuery>(five.as_ref(), &numbered)).unwrap();
    assert!(view.is_some());
}

// Proves: PERM-67
#[test]
fn only_a_child_level_deny_keeps_an_owner_out() {
    let mine = query(|query| query.owner_id = Some("ann".to_owned()));
    let ann = Actor::with_id("ann");
    let may = |config| {
        let gate = gate(&config, ROOT);
        now(gate.allows::<ViewQuery>(Some(&ann), &mine))
            .unwrap()
            .is_some()
    };
    assert!(may(json!({"databases": {"data": {"allow": false}}})));
    assert!(!may(
        json!({"databases": {"data": {"queries": {"q": {"allow": false}}}}})
    ));
}

// Proves: PERM-25, PERM-63
#[test]
fn lists_of_queries_say_private_by_rules_alone() {
    let gate = gate(
        &json!({"databases": {"data": {"queries": {"Q": {"allow": false}}}}}),
        ROOT,
    );
    let mine = query(|query| {
        query.owner_id = Some("ann".to_owned());
        query.is_private = true;
    });
    let shared = query(|_| ());
    let ann = Actor::with_id("ann");
    let visible = now(gate.visible_queries(Some(&ann), [mine.clone(), shared.clone()])).unwrap();
    let flags: Vec<_> = visible.iter().map(|one| one.private).collect();
    assert_eq!(flags, [false, false]);
    let visible = now(gate.visible_queries(None, [mine, shared])).unwrap();
    assert_eq!(visible.len(), 1);
}

// A whole database in `d` opens no stored query: the original intersects it with the list of
// queries, entry by entry.
#[test]
fn a_stored_query_has_to_be_named_by_the_limits() {
    let gate = gate(&json!({}), ROOT);
    let shared = query(|_| ());
    let may = |limits| {
        let who = actor(&json!({"id": "u", "_r": limits}));
        now(gate.allows::<ViewQuery>(who.as_ref(), &shared))
            .unwrap()
            .is_some()
    };
    assert!(may(json!({"a": ["vq"]})));
    assert!(may(json!({"r": {"data": {"q": ["vq"]}}})));
    assert!(!may(json!({"r": {"data": {"Q": ["vq"]}}})));
    assert!(!may(json!({"d": {"data": ["vq"]}})));
}
