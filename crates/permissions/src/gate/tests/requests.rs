//! What handlers ask the gate, and the lists it fills.

use std::time::Instant;

use datasette_core::action::{
    ExecuteSql, Instance, PermissionsDebug, ViewDatabase, ViewInstance, ViewTable,
};
use datasette_core::{Actor, Catalogue};
use serde_json::json;

use super::fixture::{ROOT, actor, catalogue, entry, gate, now};
use crate::sources::Flags;

// Proves: PERM-53, PERM-54
#[test]
fn a_refusal_has_its_words() {
    let gate = gate(&json!({"allow": false}), Flags::default());
    let catalogue = catalogue(&[("data", &["t"])]);
    let data = catalogue.database("data").unwrap();
    let table = data.table("t").unwrap();
    let fault = now(gate.require::<ViewTable>(None, &table)).unwrap_err();
    assert_eq!(
        fault.message(),
        "You do not have permission to view this table"
    );
    assert_eq!(fault.status(), 403);
    let fault = now(gate.require::<ViewDatabase>(None, &data)).unwrap_err();
    assert_eq!(
        fault.message(),
        "You do not have permission to view this database"
    );
    let fault = now(gate.require::<ViewInstance>(None, &Instance)).unwrap_err();
    assert_eq!(fault.message(), "view-instance");
    let fault = now(gate.require::<PermissionsDebug>(None, &Instance)).unwrap_err();
    assert_eq!(fault.message(), "permissions-debug");
    let words = "_where= is not allowed";
    let fault = now(gate.require_or::<ExecuteSql>(None, &data, words)).unwrap_err();
    assert_eq!(fault.message(), words);
}

#[test]
fn a_permit_says_what_it_is_for() {
    let gate = gate(&json!({}), Flags::default());
    let catalogue = catalogue(&[("data", &["t"])]);
    let table = catalogue.database("data").unwrap().table("t").unwrap();
    let ann = Actor::with_id("ann");
    let permit = now(gate.require::<ViewTable>(Some(&ann), &table)).unwrap();
    assert_eq!(permit.resource().name(), "t");
    assert_eq!(permit.actor(), Some(&ann));
}

// Proves: PERM-26, PERM-28, AUTH-33
#[test]
fn default_deny_takes_the_defaults_away() {
    let strict = Flags {
        root_enabled: true,
        default_deny: true,
    };
    let gate = gate(&json!({}), strict);
    let root = Actor::with_id("root");
    let ann = Actor::with_id("ann");
    for nobody in [None, Some(&ann)] {
        let allowed = now(gate.allows::<ViewInstance>(nobody, &Instance)).unwrap();
        assert!(allowed.is_none());
    }
    let allowed = now(gate.allows::<ViewInstance>(Some(&root), &Instance)).unwrap();
    assert!(allowed.is_some());
    let plain = super::fixture::gate(&json!({}), Flags::default());
    let debug = now(plain.allows::<PermissionsDebug>(Some(&root), &Instance)).unwrap();
    assert!(debug.is_none());
}

// Proves: PERM-30
#[test]
fn default_allow_sql_off_denies_globally() {
    let catalogue = catalogue(&[("data", &[]), ("open", &[])]);
    let closed = json!({
        "settings": {"default_allow_sql": false},
        "allow_sql": true,
        "databases": {"open": {"allow_sql": {"id": "ann"}}},
    });
    let gate = gate(&closed, ROOT);
    let may = |name: &str, who: &str| {
        let database = catalogue.database(name).unwrap();
        let who = Actor::with_id(who);
        now(gate.allows::<ExecuteSql>(Some(&who), &database))
            .unwrap()
            .is_some()
    };
    assert!(!may("data", "ann"));
    assert!(!may("data", "root"));
    assert!(may("open", "ann"));
    assert!(!may("open", "root"));
}

// Proves: TOK-18, TOK-21, TOK-24
#[test]
fn limits_of_the_wrong_shape_allow_nothing() {
    let gate = gate(&json!({}), Flags::default());
    let catalogue = catalogue(&[("data", &["t"])]);
    let odd = [
        json!(null),
        json!([]),
        json!("vt"),
        json!({"a": "vt"}),
        json!({"a": {"vt": 1}}),
        json!({"d": ["data"]}),
        json!({"d": {"data": "vt"}}),
        json!({"r": {"data": ["t"]}}),
        json!({"r": {"data": {"t": "vt"}}}),
        json!({"a": [1, null]}),
    ];
    for limits in odd {
        let who = actor(&json!({"id": "u", "_r": limits}));
        let (who, child) = (who.as_ref(), Some("t"));
        let may = now(gate.allows_named(who, "view-table", Some("data"), child, &catalogue, None));
        assert!(!may.unwrap(), "{limits}");
    }
    let finer = actor(&json!({"id": "u", "_r": {"d": {"data": ["vi"]},
                              "r": {"data": {"t": ["vd", "vi"]}}}}));
    let finer = finer.as_ref();
    let instance = now(gate.allows_named(finer, "view-instance", None, None, &catalogue, None));
    assert!(!instance.unwrap());
    let data = Some("data");
    let database = now(gate.allows_named(finer, "view-database", data, None, &catalogue, None));
    assert!(!database.unwrap());
}

// Proves: TOK-25
#[test]
fn a_closed_gate_stays_closed_for_the_restricted() {
    let gate = gate(
        &json!({"databases": {"data": {"allow": false, "tables": {"t": {"allow": true}}}}}),
        Flags::default(),
    );
    let catalogue = catalogue(&[("data", &["t"])]);
    let may = |who| {
        let who = actor(&who);
        let (data, t) = (Some("data"), Some("t"));
        now(gate.allows_named(who.as_ref(), "view-table", data, t, &catalogue, None)).unwrap()
    };
    assert!(may(json!({"id": "u"})));
    assert!(may(json!({"id": "u", "_r": {"d": {"data": ["vt"]}}})));
    assert!(may(json!({"id": "u", "_r": {"a": ["vt"]}})));
    assert!(!may(
        json!({"id": "u", "_r": {"r": {"data": {"T": ["vt"]}}}})
    ));
}

// Proves: PERM-45, PERM-47, PERM-60
#[test]
fn lists_hold_what_may_be_seen() {
    let gate = gate(
        &json!({"databases": {
            "data": {"allow": {"id": "ann"}, "tables": {"open": {"allow": true}}},
            "closed": {"allow": false},
        }}),
        Flags::default(),
    );
    let catalogue = catalogue(&[
        ("data", &["open", "shut", "sqlite_stat1"]),
        ("closed", &["t"]),
        ("public", &[]),
    ]);
    let ann = Actor::with_id("ann");
    let databases = |who: Option<&Actor>| {
        let visible = now(gate.visible_databases(who, &catalogue)).unwrap();
        let flat = visible.iter();
        flat.map(|one| format!("{}:{}", one.item.name(), one.private))
            .collect::<Vec<_>>()
    };
    assert_eq!(databases(None), ["public:false"]);
    assert_eq!(databases(Some(&ann)), ["data:true", "public:false"]);
    let data = catalogue.database("data").unwrap();
    let tables = |who: Option<&Actor>| {
        let visible = now(gate.visible_tables(who, &data)).unwrap();
        let flat = visible.iter();
        flat.map(|one| format!("{}:{}", one.permit.resource().name(), one.private))
            .collect::<Vec<_>>()
    };
    assert_eq!(tables(None), ["open:false"]);
    assert_eq!(tables(Some(&ann)), ["open:false", "shut:true"]);
    let shut = data.table("shut").unwrap();
    assert!(now(gate.is_private::<ViewTable>(Some(&ann), &shut)).unwrap());
    assert!(!now(gate.is_private::<ViewTable>(None, &shut)).unwrap());
    let open = data.table("open").unwrap();
    assert!(!now(gate.is_private::<ViewTable>(Some(&ann), &open)).unwrap());
}

#[test]
fn a_hundred_thousand_tables_take_linear_time() {
    let gate = gate(
        &json!({"databases": {"data": {"tables": {"t7": {"allow": false}}}}}),
        Flags::default(),
    );
    let names = |count: usize| (0..count).map(|number| format!("t{number}"));
    let data = entry("data", names(100_000));
    let data = Catalogue::new([data]).database("data").unwrap();
    let ann = Actor::with_id("ann");
    let start = Instant::now();
    let visible = now(gate.visible_tables(Some(&ann), &data)).unwrap();
    assert_eq!(visible.len(), 99_999);
    // Unoptimised and on a busy machine; quadratic work would take minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// Handlers of a server may move between threads while they wait.
#[test]
fn whatever_is_awaited_may_change_threads() {
    fn moves<T: Send>(awaited: T) -> T {
        awaited
    }
    let gate = gate(&json!({}), Flags::default());
    let catalogue = catalogue(&[("data", &["t"])]);
    let data = catalogue.database("data").unwrap();
    let asked = moves(async {
        let bus = datasette_hooks::Bus::new(Vec::new());
        let context = bus.context(None, None);
        let page = datasette_hooks::PageInfo::default();
        let found = bus.extra_template_vars(&context, &page).await?;
        let cells = datasette_hooks::CellBatch::default();
        let answers = bus.render_cell(&context, &cells).await?;
        let actor = bus.actor_from_request(&context).await?;
        let rules = bus
            .permission_resources_sql(&context, "view-table", false)
            .await?;
        bus.startup(&context).await?;
        bus.shutdown(&context).await;
        let nothing = found.is_empty() && answers.is_empty() && actor.is_none() && rules.is_empty();
        gate.require::<ViewDatabase>(None, &data).await?;
        let visible = gate.visible_tables(None, &data).await?.len();
        let explained = gate
            .explain(None, "view-instance", None, None, None)
            .await?;
        Ok::<_, datasette_core::Fault>(nothing && visible == 1 && explained.allowed)
    });
    assert!(now(asked).unwrap());
}
