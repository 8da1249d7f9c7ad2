//! Every way to read, under every kind of rule, by every kind of visitor: the status is the one
//! that the plain model foretells, a refusal tells nothing, and lists hold what may be viewed.

use std::collections::{BTreeMap, BTreeSet};

use datasette_core::StoredQuery;
use datasette_testkit::TestSite;
use datasette_web::ROUTE_KINDS;
use datasette_web::in_process::Question;
use serde_json::{Value as Json, json};

use crate::cells::{self, Cell};
use crate::lists::check_list;
use crate::model::{Owned, Policy, Who};
use crate::visitors::Visitor;

/// What every value, column, statement and description of the site holds, and no page by itself.
const MARK: &str = "xq7kept";

const SQL: &str = r#"
    create table secret (id integer primary key, name text, xq7keptcolumn text);
    insert into secret values (1, 'xq7kept one', 'xq7kept'), (2, 'xq7kept two', 'xq7kept');
    create table t (id integer primary key, name text, xq7keptcolumn text,
        secret integer references secret (id));
    insert into t values (1, 'xq7kept t one', 'xq7kept', 1), (2, 'xq7kept t two', 'xq7kept', 2);
    create table links (id integer primary key, t integer references t (id), kind text);
    insert into links values (1, 1, 'a');
    create view v as select id, name, xq7keptcolumn from t;
    create virtual table secret_fts using fts5 (name, content="secret", content_rowid="id");
    insert into secret_fts (rowid, name) select id, name from secret;
    create virtual table secret_words using fts5vocab ('secret_fts', 'row');
    create virtual table own_fts using fts5 (xq7kepttext);
    insert into own_fts values ('xq7kept of its own');
    create index xq7keptindex on secret (name);
    analyze;
"#;

/// Tables and views of each database, all of them.
pub(crate) const TABLES: &[&str] = &[
    "secret",
    "t",
    "links",
    "v",
    "secret_fts",
    "secret_fts_data",
    "secret_fts_idx",
    "secret_fts_docsize",
    "secret_fts_config",
    "secret_words",
    "own_fts",
    "own_fts_data",
    "own_fts_idx",
    "own_fts_content",
    "own_fts_docsize",
    "own_fts_config",
    "sqlite_stat1",
];

pub(crate) const DATABASES: &[&str] = &["one", "two"];

/// The rules of one site.
struct Rules {
    config: Json,
    default_deny: bool,
}

/// Adds what is not about permissions to a configuration.
fn with_queries(mut config: Json) -> Json {
    let one = &mut config["databases"]["one"];
    for name in ["q", "secret_q"] {
        let mut query = one["queries"][name].take();
        if query.is_null() {
            query = json!({});
        }
        query["sql"] = json!("select 'xq7kept' as a");
        query["description"] = json!("xq7kept");
        one["queries"][name] = query;
    }
    config
}

fn rules() -> Vec<Rules> {
    let ann = || json!({"id": "ann"});
    let open = [
        json!({}),
        json!({"allow": ann()}),
        json!({"allow": {}}),
        json!({"permissions": {"view-instance": ann()}}),
        json!({"databases": {"one": {"allow": ann()}}}),
        json!({"databases": {"one": {"permissions": {"view-database": ann()}}}}),
        json!({"databases": {"one": {"permissions": {"view-table": ann(), "view-query": ann()}}}}),
        json!({"databases": {"one": {"tables": {"secret": {"allow": ann()}}}}}),
        json!({"databases": {"one": {"tables": {
            "SECRET": {"permissions": {"view-table": ann()}},
            "links": {"allow": false},
        }}}}),
        json!({"databases": {"one": {"tables": {
            "secret_fts": {"allow": ann()},
            "own_fts": {"allow": {"unauthenticated": true}},
            "sqlite_stat1": {"allow": true},
        }}}}),
        json!({"databases": {"one": {"queries": {"secret_q": {"allow": ann()}}}}}),
        json!({"databases": {"one": {"queries": {
            "secret_q": {"permissions": {"view-query": ann()}},
            "q": {"allow": false},
        }}}}),
        json!({"allow_sql": ann()}),
        json!({"databases": {"one": {"allow_sql": ann()}}}),
        json!({"databases": {"one": {"permissions": {"execute-sql": ann()}}, "two": {"allow_sql": false}}}),
        json!({"settings": {"default_allow_sql": false}, "databases": {"one": {"allow_sql": ann()}}}),
        json!({"databases": {"two": {"permissions": {"view-database-download": ann()}}}}),
        json!({"databases": {"two": {"allow": ann()}}}),
        json!({"permissions": {"permissions-debug": ann(), "view-table": {"id": ["ann", "cleo"]}}}),
        json!({"databases": {"one": {"allow": ann(), "tables": {"secret": {"allow": true}},
            "queries": {"q": {"allow": true}}}}}),
        json!({"allow": ann(), "databases": {"one": {"tables": {"t": {
            "allow": true, "permissions": {"view-table": {"id": "*"}}}}}}}),
        json!({"databases": {"one": {"tables": {"secret": {"allow": {"unauthenticated": true}}}}}}),
    ];
    let closed = [
        json!({}),
        json!({"allow": ann()}),
        json!({"permissions": {"view-instance": true}, "databases": {"one": {
            "permissions": {"view-database": {"id": "*"}},
            "tables": {"t": {"allow": ann()}, "secret_fts": {"allow": true}},
            "queries": {"secret_q": {"allow": ann()}}}}}),
        json!({"permissions": {"view-database": true, "view-table": ann(), "execute-sql": ann(),
            "permissions-debug": ann()}}),
    ];
    let rules = |default_deny| {
        move |config| Rules {
            config: with_queries(config),
            default_deny,
        }
    };
    let open = open.into_iter().map(rules(false));
    open.chain(closed.into_iter().map(rules(true))).collect()
}

fn policy(rules: &Rules) -> Policy {
    let query = |name: &str, owner: Option<&str>, trusted| Owned {
        database: "one".to_owned(),
        name: name.to_owned(),
        owner: owner.map(str::to_owned),
        private: owner.is_some(),
        trusted,
    };
    let mut derived = BTreeMap::new();
    for database in DATABASES {
        let mut from = |table: &str, source: &str| {
            let key = ((*database).to_owned(), table.to_owned());
            derived.insert(key, Some(source.to_owned()));
        };
        from("secret_fts", "secret");
        from("secret_words", "secret_fts");
        for table in TABLES {
            for fts in ["secret_fts", "own_fts"] {
                if table
                    .strip_prefix(fts)
                    .is_some_and(|rest| rest.starts_with('_'))
                {
                    from(table, fts);
                }
            }
        }
    }
    Policy {
        config: rules.config.clone(),
        root: true,
        default_deny: rules.default_deny,
        queries: vec![
            query("q", None, true),
            query("secret_q", None, true),
            query("own_q", Some("ann"), true),
            query("asking_q", None, false),
            query("written_q", None, false),
        ],
        derived,
    }
}

async fn site(rules: &Rules, policy: &Policy) -> TestSite {
    let metadata = |title: &str| {
        json!({"title": title, "tables": {"secret": {
        "description": "xq7kept", "columns": {"name": "xq7kept"}, "units": {"name": "xq7kept"}}}})
    };
    let mut builder = TestSite::build()
        .database("one", SQL)
        .immutable("two", SQL)
        .memory()
        .config(rules.config.clone())
        .metadata(
            json!({"databases": {"one": metadata("xq7kept one"), "two": metadata("xq7kept two")}}),
        )
        .static_file("own.txt", "free for all")
        // Who may is the question, not how busy the machine is.
        .setting("sql_time_limit_ms", "20000")
        .root();
    if rules.default_deny {
        builder = builder.default_deny();
    }
    let site = builder.start().await;
    for stored in policy.queries.iter().filter(|query| query.name.len() > 1) {
        if stored.name == "secret_q" {
            continue;
        }
        let query = StoredQuery {
            database: stored.database.clone(),
            name: stored.name.clone(),
            sql: match stored.name.as_str() {
                "written_q" => "insert into t (name) values ('xq7kept')".to_owned(),
                _ => "select 'xq7kept' as a".to_owned(),
            },
            is_write: stored.name == "written_q",
            is_private: stored.private,
            is_trusted: stored.trusted,
            owner_id: stored.owner.clone(),
            source: "user".to_owned(),
            ..StoredQuery::default()
        };
        site.instance().internal.save_query(query).await.unwrap();
    }
    site
}

fn expected(cell: &Cell, policy: &Policy, visitor: &Visitor, who: Who<'_>) -> u16 {
    if visitor.is_refused() {
        return 401;
    }
    let met = |need: &cells::Need| policy.allows(who, need.action, need.parent, need.child);
    if !cell.needs.iter().all(met) {
        return 403;
    }
    match cell.kind {
        // Who is nobody, or root already, is led home.
        "logout" if who.is_none() => 302,
        "create-token" if !may_make_tokens(who) => 403,
        "auth-token" if is_root(who) => 302,
        "download" if !policy.may_have_file(who, "two", TABLES) => 403,
        _ => cell.status,
    }
}

/// Tokens make no tokens, and who is limited makes none either (TOK-26).
fn may_make_tokens(who: Who<'_>) -> bool {
    who.is_some_and(|actor| !actor.contains_key("token") && !actor.contains_key("_r"))
}

fn is_root(who: Who<'_>) -> bool {
    who.is_some_and(|actor| actor.get("id") == Some(&json!("root")))
}

/// Asks every question of one site; gives how many.
async fn ask_all(number: usize, rules: &Rules, visitors: &[Visitor], cells: &[Cell]) -> usize {
    let policy = policy(rules);
    let site = site(rules, &policy).await;
    let mut asked = 0;
    for (row, visitor) in visitors.iter().enumerate() {
        let who = visitor.actor();
        let who = who.as_ref();
        for (column, cell) in cells.iter().enumerate() {
            // Pages cost more than data: each visitor gets some of them, all of them get all.
            let is_page = !cell.path.contains(".json") && cell.list.is_none();
            if is_page && !(number + row * 3 + column).is_multiple_of(5) {
                continue;
            }
            asked += 1;
            let mut question = Question::get(&cell.path);
            question.method = cell.method.parse().unwrap();
            let answer = site.ask(visitor.asks(&site, question)).await;
            let what = format!(
                "{} {} for {} under {} (default-deny: {})",
                cell.method, cell.path, visitor.name, rules.config, rules.default_deny
            );
            let body = String::from_utf8_lossy(&answer.body);
            assert_eq!(
                answer.status,
                expected(cell, &policy, visitor, who),
                "{what}\n{body}"
            );
            if matches!(answer.status, 401 | 403) {
                assert!(!body.contains(MARK), "{what} tells\n{body}");
                for (name, value) in &answer.headers {
                    assert!(!value.contains(MARK), "{what} tells {name}: {value}");
                    assert!(name != "etag" && name != "link", "{what} has {name}");
                }
            }
            if let (200, Some(list)) = (answer.status, cell.list) {
                check_list(&policy, who, list, &answer, &what);
            }
        }
    }
    asked
}

/// Parts of the sites; their tests run side by side.
const PARTS: usize = 4;

async fn part(number: usize) {
    let (visitors, cells) = (Visitor::all(), cells::all());
    let mut asked = 0;
    for (number, rules) in rules().iter().enumerate().skip(number).step_by(PARTS) {
        asked += ask_all(number, rules, &visitors, &cells).await;
    }
    assert!(asked > 4_000, "{asked} questions");
}

// Proves: PERM-01..PERM-02, PERM-20..PERM-31, PERM-34..PERM-40, PERM-42, PERM-45..PERM-50
// Proves: PERM-55..PERM-57, PERM-59, PERM-64..PERM-65, TOK-14..TOK-25, AUTH-13, HIDE-04..HIDE-06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_for_those_who_may_under_every_rule() {
    part(0).await;
}

// The same rows under other rules.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_for_those_who_may_under_further_rules() {
    part(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_for_those_who_may_under_still_other_rules() {
    part(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_for_those_who_may_under_the_rest_of_the_rules() {
    part(3).await;
}

/// A new route without a cell fails here.
#[tokio::test]
async fn every_kind_of_route_has_a_cell() {
    let site = TestSite::build().static_file("own.txt", "x").start().await;
    let mut missing: BTreeSet<&str> = ROUTE_KINDS.iter().copied().collect();
    for cell in cells::all() {
        let path = cell.path.split('?').next().unwrap_or_default();
        assert_eq!(site.app().route_kind(path), cell.kind, "{path}");
        missing.remove(cell.kind);
    }
    assert!(missing.is_empty(), "no cell for {missing:?}");
}
