//! Where the contract says so, what is hidden and what does not exist are answered alike, byte by
//! byte, and with the same work: no database is visited for either.

use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::{Value as Json, json};

use crate::same::without_chance;
use crate::visitors::Visitor;

const SQL: &str = "
    create table t (id integer primary key, name text);
    insert into t values (1, 'one');
    create table links (id integer primary key, t integer references t (id), name text);
    insert into links values (1, 1, 'one');
";

async fn site(config: Json) -> TestSite {
    let mut config = config;
    config["settings"] = json!({"trace_debug": true});
    TestSite::build()
        .immutable("data", SQL)
        .config(config)
        .start()
        .await
}

fn denied() -> [Visitor; 4] {
    let limits = json!({"a": ["vi"], "r": {"data": {"t": ["vt"]}}});
    [
        Visitor::anonymous(),
        Visitor::with_cookie("ben", json!({"id": "ben"})),
        Visitor::with_token("a limited token of ann", "ann", limits),
        Visitor::with_token("a token for nothing", "ann", json!({})),
    ]
}

async fn asked(site: &TestSite, visitor: &Visitor, path: &str) -> Answer {
    let answer = site.ask(visitor.asks(site, Question::get(path))).await;
    without_chance(&answer)
}

/// Whether both are refused in the same way, and without a statement.
async fn alike(site: &TestSite, visitor: &Visitor, hidden: &str, missing: &str) {
    let what = format!("{} for {hidden} and {missing}", visitor.name);
    let one = asked(site, visitor, hidden).await;
    let other = asked(site, visitor, missing).await;
    assert_eq!(one.status, 403, "{what}");
    assert_eq!(other.status, 403, "{what}");
    assert_eq!(one.headers, other.headers, "{what}");
    assert_eq!(
        String::from_utf8_lossy(&one.body),
        String::from_utf8_lossy(&other.body),
        "{what}"
    );
    for path in [hidden, missing] {
        let join = if path.contains('?') { '&' } else { '?' };
        let traced = asked(site, visitor, &format!("{path}{join}_trace=1")).await;
        let body = String::from_utf8_lossy(&traced.body).replace("&#34;", "\"");
        assert!(body.contains("\"num_traces\": 0"), "{what}: {body}");
    }
}

/// Paths below a database, of one kind each; `{}` is what exists or not.
async fn all_alike(site: &TestSite, paths: &[&str], hidden: &str, missing: &str) {
    assert_eq!(hidden.len(), missing.len());
    for visitor in denied() {
        for path in paths {
            let (one, other) = (path.replace("{}", hidden), path.replace("{}", missing));
            alike(site, &visitor, &one, &other).await;
        }
    }
}

const ROWS: &[&str] = &["", ".json", ".csv", ".blob?_blob_column=name", ".nope"];

// Proves: ROW-01
#[tokio::test]
async fn rows_of_a_hidden_table() {
    let config = json!({"databases": {"data": {"tables": {"links": {"allow": {"id": "ann"}}}}}});
    let site = site(config).await;
    for suffix in ROWS {
        let path = format!("/data/links/{{}}{suffix}");
        for missing in ["7", "x", "-", "'", ","] {
            all_alike(&site, &[&path], "1", missing).await;
        }
    }
    let ann = Visitor::with_cookie("ann", json!({"id": "ann"}));
    assert_eq!(asked(&site, &ann, "/data/links/1").await.status, 200);
    assert_eq!(asked(&site, &ann, "/data/links/7").await.status, 404);
}

// Proves: ROW-01, DEBUG-26, FILTER-50
#[tokio::test]
async fn tables_of_a_database_in_which_all_are_hidden() {
    let ann = json!({"id": "ann"});
    let rules = [
        json!({"databases": {"data": {"allow": ann}}}),
        json!({"databases": {"data": {"permissions": {"view-table": ann}}}}),
        json!({"permissions": {"view-table": ann}}),
        json!({"databases": {"data": {"permissions": {"view-table": false}}}}),
    ];
    for rules in rules {
        let site = site(rules).await;
        let rows: Vec<String> = ROWS
            .iter()
            .map(|suffix| format!("/data/{{}}/1{suffix}"))
            .collect();
        let mut paths: Vec<&str> = rows.iter().map(String::as_str).collect();
        paths.extend([
            "/data/{}/-/schema",
            "/data/{}/-/schema.json",
            "/data/{}/-/schema.md",
        ]);
        all_alike(&site, &paths, "links", "skinl").await;
    }
}

// Proves: FILTER-50
#[tokio::test]
async fn tables_that_conditions_go_through() {
    let site = site(json!({"databases": {"data": {
        "permissions": {"view-table": {"id": "cleo"}},
        "tables": {"t": {"allow": true}},
    }}}))
    .await;
    let through = "%7B%22table%22:%22{}%22,%22column%22:%22name%22,%22value%22:%22one%22%7D";
    let paths = [
        "/data/t.json?_through=",
        "/data/t?_through=",
        "/data/t.csv?_through=",
    ];
    let paths = paths.map(|path| format!("{path}{through}"));
    for visitor in &denied()[..3] {
        for path in &paths {
            let (one, other) = (path.replace("{}", "links"), path.replace("{}", "skinl"));
            alike(&site, visitor, &one, &other).await;
        }
    }
    let cleo = Visitor::with_cookie("cleo", json!({"id": "cleo"}));
    let told = asked(&site, &cleo, &paths[0].replace("{}", "skinl")).await;
    assert_eq!(told.status, 400);
    let told = asked(&site, &cleo, &paths[0].replace("{}", "links")).await;
    assert_eq!(told.status, 200);
}

// Proves: DB-20, DEBUG-26, PERM-105
#[tokio::test]
async fn databases_where_all_are_hidden() {
    let ann = json!({"id": "ann"});
    let all = [
        "view-database",
        "view-table",
        "view-database-download",
        "execute-sql",
    ];
    let rules: serde_json::Map<String, Json> = all
        .iter()
        .map(|action| ((*action).to_owned(), ann.clone()))
        .collect();
    let site = site(json!({"permissions": rules})).await;
    let paths = [
        "/{}.db",
        "/{}/-/schema",
        "/{}/-/schema.json",
        "/{}/-/schema.md",
        "/{}/t/-/schema.json",
        "/-/debug/autocomplete?database={}&table=t",
    ];
    for visitor in &denied()[..2] {
        for path in paths {
            let (one, other) = (path.replace("{}", "data"), path.replace("{}", "atad"));
            alike(&site, visitor, &one, &other).await;
        }
        for list in [
            "allowed.json?action=view-table",
            "allowed.json?action=view-database",
        ] {
            let one = asked(&site, visitor, &format!("/-/{list}&parent=data")).await;
            let other = asked(&site, visitor, &format!("/-/{list}&parent=atad")).await;
            assert_eq!(one.with_status(200).text(), other.with_status(200).text());
        }
    }
}
