//! The permission matrix of the contract (auth-write.md, section 8.2).

use datasette_core::action::find;
use serde_json::{Value, json};

use super::fixture::{ROOT, actor, catalogue, gate, now, stored};

fn configuration() -> Value {
    json!({
        "allow_sql": {"id": ["ann", "sqluser"]},
        "permissions": {
            "permissions-debug": {"id": "dbg"},
            "insert-row": {"id": "writer"},
            "delete-row": {"role": ["admin", "editor"]},
        },
        "databases": {
            "data": {
                "allow": {"id": "*"},
                "allow_sql": {"id": "sqluser"},
                "permissions": {
                    "insert-row": {"id": "dbwriter"},
                    "create-table": {"id": ["writer", "root"]},
                },
                "tables": {
                    "dogs": {"allow": true},
                    "owners": {
                        "allow": {"role": "boss"},
                        "permissions": {"insert-row": false, "view-table": {"id": "vt"}},
                    },
                    "POSTS": {"allow": false},
                    "pets": {"permissions": {"insert-row": {"unauthenticated": true}}},
                },
                "queries": {"q1": {}, "q2": {"allow": true}, "q3": {"allow": {"id": "qq"}}},
            },
            "private": {"allow": false},
        },
    })
}

/// The matrix of the contract: actor, action, resource, result.
const MATRIX: &str = r#"
null | view-instance | - | allow
null | view-database | data | deny
null | view-database | fixed | allow
null | view-database | private | deny
null | view-table | data/dogs | allow
null | view-table | data/pets | deny
null | view-table | data/posts | deny
{"id": "u"} | view-database | data | allow
{"id": "u"} | view-table | data/pets | allow
{"id": "u"} | view-table | data/owners | deny
{"id": "u", "role": "boss"} | view-table | data/owners | deny
{"id": "vt"} | view-table | data/owners | deny
{"id": "vt", "role": ["boss"]} | view-table | data/owners | allow
{"id": "root"} | view-table | data/owners | deny
{"id": "root"} | view-table | data/posts | deny
{"id": "root"} | view-database | private | deny
{"id": "root"} | view-table | private/secret_t | deny
{"id": "writer"} | insert-row | fixed/dogs | allow
{"id": "writer"} | insert-row | data/dogs | deny
{"id": "dbwriter"} | insert-row | data/dogs | allow
{"id": "dbwriter"} | insert-row | data/owners | deny
{"id": "root"} | insert-row | fixed/dogs | deny
{"id": "root"} | insert-row | data/dogs | deny
null | insert-row | data/pets | allow
{"id": "dbwriter"} | insert-row | data/pets | deny
{"id": "x", "role": "editor"} | delete-row | data/dogs | allow
{"id": "x", "role": ["viewer"]} | delete-row | data/dogs | deny
{"id": "root"} | delete-row | data/dogs | deny
{"id": "root"} | drop-table | data/dogs | allow
{"id": "root"} | create-table | data | allow
{"id": "root"} | create-table | fixed | allow
{"id": "writer"} | create-table | data | allow
{"id": "sqluser"} | execute-sql | data | allow
{"id": "ann"} | execute-sql | data | deny
{"id": "ann"} | execute-sql | fixed | allow
{"id": "root"} | execute-sql | fixed | deny
null | view-query | data/q1 | deny
null | view-query | data/q2 | allow
{"id": "u"} | view-query | data/q1 | allow
{"id": "u"} | view-query | data/q3 | deny
{"id": "qq"} | view-query | data/q3 | allow
{"id": "root"} | view-query | data/nope | deny
{"id": "u"} | view-table | data/sqlite_stat1 | deny
{"id": "root"} | view-table | fixed/sqlite_stat4 | deny
{"id": "u"} | view-table | data/docs_data | allow
{"id": "u"} | view-table | data/posts_fts | deny
{"id": "u"} | view-table | data/posts_fts_data | deny
{"id": "u", "_r": {"a": ["vt"]}} | view-table | data/pets | allow
{"id": "u", "_r": {"d": {"data": ["vt"]}}} | view-table | data/pets | allow
{"id": "u", "_r": {"d": {"data": ["vt"]}}} | view-table | fixed/pets | deny
{"id": "u", "_r": {"r": {"data": {"PETS": ["view-table"]}}}} | view-table | data/pets | allow
{"id": "u", "_r": {"r": {"data": {"pets": ["vt"]}}}} | view-database | data | deny
{"id": "sqluser", "_r": {"a": ["es"]}} | execute-sql | data | deny
{"id": "sqluser", "_r": {"a": ["es", "vd"]}} | execute-sql | data | allow
{"id": "writer", "_r": {"a": ["ir"]}} | insert-row | fixed/dogs | allow
{"id": "writer", "_r": {"a": ["ur"]}} | insert-row | fixed/dogs | deny
{"id": "u", "_r": {}} | view-instance | - | deny
{"id": "u", "_r": {"a": ["vi"]}} | view-instance | - | allow
"#;

// Proves: PERM-19, PERM-20, PERM-21, PERM-22, PERM-23, PERM-24, PERM-25, PERM-26, PERM-28
// Proves: PERM-29, PERM-31, PERM-34, PERM-35, PERM-36, PERM-37, PERM-38, PERM-39, PERM-41
// Proves: PERM-42, PERM-45, PERM-66, TOK-14, TOK-15, TOK-16, TOK-17, TOK-19, TOK-20, TOK-22
#[test]
fn the_matrix_of_the_contract_holds() {
    let gate = gate(&configuration(), ROOT);
    let data = [
        "dogs",
        "owners",
        "pets",
        "posts",
        "docs",
        "docs_data<docs",
        "posts_fts<posts",
        "posts_fts_data<posts_fts",
        "sqlite_stat1",
    ];
    let catalogue = catalogue(&[
        ("data", &data),
        ("fixed", &["dogs", "pets", "sqlite_stat4"]),
        ("private", &["secret_t"]),
    ]);
    let mut checked = 0;
    for line in MATRIX.trim().lines() {
        let cells: Vec<_> = line.split(" | ").collect();
        let [who, action, resource, expected] = cells[..] else {
            panic!("{line}");
        };
        assert!(find(action).is_some(), "{line}");
        let who = actor(&serde_json::from_str(who).unwrap());
        let (parent, child) = match resource.split_once('/') {
            Some((parent, child)) => (Some(parent), Some(child)),
            None => (Some(resource).filter(|name| *name != "-"), None),
        };
        let query = child.filter(|name| ["q1", "q2", "q3"].contains(name));
        let query = query.map(|name| stored("data", name));
        let found = now(gate.allows_named(
            who.as_ref(),
            action,
            parent,
            child,
            &catalogue,
            query.as_ref(),
        ));
        assert_eq!(found.unwrap(), expected == "allow", "{line}");
        checked += 1;
    }
    assert_eq!(checked, 58);
}
