//! Tables that show what other tables hold.

use datasette_core::action::ViewTable;
use datasette_core::{Actor, Catalogue};
use serde_json::json;

use super::fixture::{ROOT, catalogue, gate, now};
use crate::gate::Gate;

fn tables() -> Catalogue {
    catalogue(&[(
        "data",
        &[
            "Posts",
            "posts_fts<posts",
            "posts_fts_data<posts_fts",
            "docs",
            "docs_data<docs",
            "words<docs",
            "lost<?",
            "self<self",
            "orphan<gone",
        ],
    )])
}

fn seen(gate: &Gate, who: Option<&Actor>) -> Vec<String> {
    let catalogue = tables();
    let data = catalogue.database("data").unwrap();
    let listed: Vec<_> = now(gate.visible_tables(who, &data))
        .unwrap()
        .into_iter()
        .map(|one| one.item.name().to_owned())
        .collect();
    for table in data.tables() {
        let permit = now(gate.allows::<ViewTable>(who, &table)).unwrap();
        let is_listed = listed.iter().any(|name| name == table.name());
        assert_eq!(permit.is_some(), is_listed, "{}", table.name());
    }
    listed
}

// Proves: PERM-55, PERM-57, PERM-59
#[test]
fn a_derived_table_needs_its_source() {
    let open = gate(&json!({}), ROOT);
    let always = ["Posts", "posts_fts", "docs", "docs_data", "words", "orphan"];
    assert_eq!(seen(&open, None), always);
    let root = Actor::with_id("root");
    assert_eq!(seen(&open, Some(&root)), always);
    let closed = gate(
        &json!({"databases": {"data": {"tables": {
            "POSTS": {"allow": false},
            "docs": {"allow": {"id": "ann"}},
            "gone": {"allow": false},
            "posts_fts": {"allow": true},
        }}}}),
        ROOT,
    );
    assert!(seen(&closed, None).is_empty());
    let ann = Actor::with_id("ann");
    assert_eq!(seen(&closed, Some(&ann)), ["docs", "docs_data", "words"]);
}

// Proves: PERM-55, PERM-60
#[test]
fn a_derived_table_is_as_private_as_its_source() {
    let gate = gate(
        &json!({"databases": {"data": {"tables": {"docs": {"allow": {"id": "ann"}}}}}}),
        ROOT,
    );
    let catalogue = tables();
    let data = catalogue.database("data").unwrap();
    let ann = Actor::with_id("ann");
    let private: Vec<_> = now(gate.visible_tables(Some(&ann), &data))
        .unwrap()
        .into_iter()
        .filter(|one| one.private)
        .map(|one| one.item.name().to_owned())
        .collect();
    assert_eq!(private, ["docs", "docs_data", "words"]);
}

// Proves: PERM-59
#[test]
fn only_viewing_asks_for_the_source() {
    let gate = gate(
        &json!({
            "permissions": {"insert-row": true},
            "databases": {"data": {"tables": {"docs": {"permissions": {"insert-row": false}}}}},
        }),
        ROOT,
    );
    let catalogue = tables();
    let (data, child) = (Some("data"), Some("docs_data"));
    let may = now(gate.allows_named(None, "insert-row", data, child, &catalogue, None));
    assert!(may.unwrap());
}

// Proves: PERM-31
#[test]
fn a_configured_allow_does_not_open_statistics() {
    let gate = gate(
        &json!({"databases": {"data": {"tables": {"SQLITE_STAT1": {"allow": true}}}}}),
        ROOT,
    );
    let catalogue = catalogue(&[("data", &["sqlite_stat1", "Sqlite_Stat4", "sqlite_stat5"])]);
    let data = catalogue.database("data").unwrap();
    let root = Actor::with_id("root");
    let visible = now(gate.visible_tables(Some(&root), &data)).unwrap();
    let names: Vec<_> = visible.iter().map(|one| one.item.name()).collect();
    assert_eq!(names, ["sqlite_stat5"]);
}
