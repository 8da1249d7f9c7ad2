//! What SQL may not read: as the rules say, and nothing else.

use datasette_core::{Actor, Catalogue};
use serde_json::{Value, json};

use super::fixture::{ROOT, actor, catalogue, gate, now};

fn tables() -> Catalogue {
    let names = [
        "posts",
        "posts_fts<Posts",
        "posts_fts_data<posts_fts",
        "words<posts_fts",
        "docs",
        "docs_data<docs",
        "lost<?",
        "round<about",
        "about<round",
        "orphan<gone",
        "sqlite_stat1",
    ];
    catalogue(&[("data", &names), ("other", &["posts"])])
}

fn hidden(configuration: &Value, who: &Value) -> Vec<String> {
    let gate = gate(configuration, ROOT);
    let who: Option<Actor> = actor(who);
    let data = tables().database("data").unwrap();
    let hidden = now(gate.hidden_tables(who.as_ref(), &data)).unwrap();
    hidden.iter().map(|table| table.name().to_owned()).collect()
}

const ALL: [&str; 10] = [
    "posts",
    "posts_fts",
    "posts_fts_data",
    "words",
    "docs",
    "docs_data",
    "lost",
    "round",
    "about",
    "orphan",
];

#[test]
fn nothing_is_hidden_where_no_rule_hides() {
    // A circle is nobody's data, but not understood either; without it nothing is hidden.
    let nothing = Vec::<String>::new();
    let elsewhere = json!({"databases": {"other": {"tables": {"posts": {"allow": false}}}}});
    for configuration in [json!({}), elsewhere] {
        for who in [json!(null), json!({"id": "root"}), json!({"id": "ann"})] {
            assert_eq!(
                hidden(&configuration, &who),
                nothing,
                "{configuration} {who}"
            );
        }
    }
    let everything = json!({"id": "ann", "_r": {"a": ["vt"]}});
    assert_eq!(hidden(&json!({}), &everything), nothing);
}

// Proves: PERM-92
#[test]
fn what_derives_from_the_hidden_is_hidden() {
    let posts = json!({"databases": {"data": {"tables": {"POSTS": {"allow": {"id": "ann"}}}}}});
    let from_posts = [
        "posts",
        "posts_fts",
        "posts_fts_data",
        "words",
        "lost",
        "round",
        "about",
    ];
    assert_eq!(hidden(&posts, &json!(null)), from_posts);
    assert_eq!(hidden(&posts, &json!({"id": "ben"})), from_posts);
    let search = json!({"databases": {"data": {"tables": {"posts_fts": {"allow": false}}}}});
    let from_search = [
        "posts_fts",
        "posts_fts_data",
        "words",
        "lost",
        "round",
        "about",
    ];
    assert_eq!(hidden(&search, &json!({"id": "root"})), from_search);
}

#[test]
fn restrictions_hide_all_else() {
    let one = json!({"id": "ann", "_r": {"r": {"data": {"docs": ["vt"], "docs_data": ["vt"]}}}});
    let seen = ["docs", "docs_data"];
    let rest: Vec<_> = ALL.iter().filter(|name| !seen.contains(name)).collect();
    assert_eq!(
        hidden(&json!({}), &one),
        rest.into_iter().copied().collect::<Vec<_>>()
    );
    let none = json!({"id": "ann", "_r": {"a": ["es", "vd"]}});
    assert_eq!(hidden(&json!({}), &none), ALL);
    let closed = json!({"databases": {"data": {"allow": false}}});
    assert_eq!(hidden(&closed, &json!(null)), ALL);
}
