//! What statements of plugins mean, one by one.

use datasette_core::Actor;
use datasette_hooks::PermissionSql;
use datasette_testkit::TestSite;
use serde_json::{Value, json};

use crate::says::{Says, limits, rules, with};

const SQL: &str = "create table t (id integer primary key);
     create table \"2024\" (id integer primary key);
     create table Secret (id integer primary key);
     create view v as select id from t;";

/// Statuses of the tables of `data` and `other` for this actor, where a plugin says this and
/// nothing is allowed by default.
async fn opened(sql: Vec<PermissionSql>, who: &Value) -> Vec<String> {
    let site = TestSite::build()
        .database("data", SQL)
        .database("other", SQL)
        .default_deny()
        .plugin(Says::these("says", sql))
        .start()
        .await;
    names(&site, who).await
}

/// What is open, checked one by one; the list must say the same.
async fn names(site: &TestSite, who: &Value) -> Vec<String> {
    let who = who.as_object().cloned().map(Actor::new);
    let instance = site.instance();
    let catalogue = instance.registry.catalogue();
    let mut open = Vec::new();
    for database in catalogue.databases() {
        let listed = instance.gate.visible_tables(who.as_ref(), &database).await;
        let listed = listed.unwrap();
        for table in database.tables() {
            let path = format!("/{}/{}.json?_size=0", database.name(), table.name());
            let answer = match &who {
                Some(who) => site.get_as(who, &path).await,
                None => site.get(&path).await,
            };
            let is_open = answer.status == 200;
            assert!(is_open || answer.status == 403, "{path}: {}", answer.text());
            let is_listed = listed.iter().any(|one| one.item.name() == table.name());
            assert_eq!(is_open, is_listed, "{path}");
            if is_open {
                open.push(format!("{}/{}", database.name(), table.name()));
            }
        }
    }
    open
}

const EVERYTHING: [&str; 8] = [
    "data/2024",
    "data/Secret",
    "data/t",
    "data/v",
    "other/2024",
    "other/Secret",
    "other/t",
    "other/v",
];

fn all() -> PermissionSql {
    rules("select null as parent, null as child, 1 as allow, 'all' as reason")
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

// Proves: HOOK-146, HOOK-150
#[tokio::test]
async fn levels_and_names_decide() {
    let nobody = json!(null);
    assert_eq!(sorted(opened(vec![all()], &nobody).await), EVERYTHING);
    // A deny of the same level beats the allow of another statement.
    let denies = rules("select null as parent, null as child, 0 as allow, 'no' as reason");
    assert!(opened(vec![all(), denies], &nobody).await.is_empty());
    // A child in every database, in whatever case.
    let secret = "select null as parent, 'SECRET' as child, 0 as allow, 'shut' as reason";
    let found = opened(vec![all(), rules(secret)], &nobody).await;
    assert_eq!(found.len(), 6);
    assert!(found.iter().all(|name| !name.ends_with("Secret")));
    // A finer allow beats a coarser deny; columns are found by name, in any case and order.
    let finer = rules(
        "select 'x' as more, 1 as Allow, 'T' as CHILD, 'data' as Parent, 'open' as reason
         union all select 'y', 0, null, 'data', 'shut' -- the last line",
    );
    assert_eq!(
        opened(vec![all(), finer], &nobody).await,
        ["data/t", "other/t", "other/2024", "other/Secret", "other/v"]
    );
    // Statements read the catalogue and may be long.
    let tables = rules(
        "with named(d, n) as (
             select database_name, table_name from catalog_tables
             union all select database_name, view_name from catalog_views)
         select d as parent, n as child, n in ('t', 'v') as allow, null as reason
         from named where d = 'data'",
    );
    assert_eq!(opened(vec![tables], &nobody).await, ["data/t", "data/v"]);
}

// Proves: HOOK-147
#[tokio::test]
async fn who_asks_and_what_for_are_parameters() {
    let by_id = || {
        rules(
            "select 'data' as parent, 't' as child, 1 as allow, 'id' as reason
             where :actor_id = 5 and typeof(:actor_id) = 'integer' and :action = 'view-table'",
        )
    };
    assert_eq!(opened(vec![by_id()], &json!({"id": 5})).await, ["data/t"]);
    assert!(opened(vec![by_id()], &json!({"id": "5"})).await.is_empty());
    assert!(opened(vec![by_id()], &json!({"id": [5]})).await.is_empty());
    assert!(opened(vec![by_id()], &json!(null)).await.is_empty());
    let by_role = || {
        rules(
            "select 'data' as parent, 'v' as child, 1 as allow, 'role' as reason
             from json_each(:actor, '$.roles') where value = 'bo\u{df}'",
        )
    };
    let boss = json!({"id": "ann", "roles": ["x", "bo\u{df}"]});
    assert_eq!(opened(vec![by_role()], &boss).await, ["data/v"]);
    assert!(opened(vec![by_role()], &json!(null)).await.is_empty());
    // Nobody is null, not a text.
    let nobody = rules(
        "select 'data' as parent, 't' as child, 1 as allow, '' as reason
         where :actor is null and :actor_id is null and :filter_parent is null",
    );
    assert_eq!(opened(vec![nobody], &json!(null)).await, ["data/t"]);
}

// Proves: HOOK-148
#[tokio::test]
async fn parameters_share_one_name_space() {
    let named = |table: &str| {
        let sql = rules("select 'data' as parent, :name as child, 1 as allow, 'n' as reason");
        with(sql, "name", table)
    };
    let found = opened(vec![named("t"), named("v")], &json!(null)).await;
    assert_eq!(found, ["data/v"]);
    // One statement's parameter is there for all.
    let borrowed = rules("select :lent as parent, null as child, 1 as allow, '' as reason");
    let lends = with(all(), "lent", "data");
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Says::these("borrows", vec![borrowed]))
        .plugin(Says::these("lends", vec![lends]))
        .start()
        .await;
    assert_eq!(names(&site, &json!(null)).await.len(), 4);
    // Who asks cannot be overwritten.
    let forged = with(
        rules("select null as parent, null as child, :actor_id = 'root' as allow, '' as reason"),
        "actor_id",
        "root",
    );
    assert!(opened(vec![forged], &json!({"id": "ann"})).await.is_empty());
}

// Proves: HOOK-149
#[tokio::test]
async fn limits_alone_allow_nothing_and_take_away() {
    let nobody = json!(null);
    let only =
        |parent: &str, child: &str| limits(&format!("select {parent} as parent, {child} as child"));
    assert!(opened(vec![only("null", "null")], &nobody).await.is_empty());
    let within = async |lists: Vec<PermissionSql>| {
        let statements = std::iter::once(all()).chain(lists).collect();
        opened(statements, &nobody).await
    };
    assert_eq!(within(vec![only("null", "null")]).await.len(), 8);
    assert_eq!(within(vec![only("'data'", "null")]).await.len(), 4);
    assert_eq!(
        within(vec![only("null", "'SECRET'")]).await,
        ["data/Secret", "other/Secret"]
    );
    assert_eq!(within(vec![only("'data'", "'T'")]).await, ["data/t"]);
    let none = limits("select null as parent, null as child where 0");
    assert!(within(vec![none]).await.is_empty());
    let both = vec![
        limits("select 'data' as parent, 't' as child union all select 'data', 'v'"),
        limits("select 'data' as parent, 'V' as child union all select 'other', 't'"),
    ];
    assert_eq!(within(both).await, ["data/v"]);
}

/// What is no name makes no rule wider.
// Proves: HOOK-146, HOOK-149
#[tokio::test]
async fn bytes_and_numbers_are_no_wider_than_names() {
    let nobody = json!(null);
    for odd in ["x'74'", "x''", "zeroblob(1)"] {
        let child = format!("select 'data' as parent, {odd} as child, 1 as allow, '' as reason");
        assert!(opened(vec![rules(&child)], &nobody).await.is_empty());
        let parent = format!("select {odd} as parent, null as child, 1 as allow, '' as reason");
        assert!(opened(vec![rules(&parent)], &nobody).await.is_empty());
        let list = limits(&format!("select 'data' as parent, {odd} as child"));
        assert!(opened(vec![all(), list], &nobody).await.is_empty());
        let list = limits(&format!("select {odd} as parent, null as child"));
        assert!(opened(vec![all(), list], &nobody).await.is_empty());
    }
    let number = rules("select 'data' as parent, 2024 as child, 1 as allow, '' as reason");
    assert_eq!(opened(vec![number], &nobody).await, ["data/2024"]);
    for (allow, expected) in [
        ("1.0", 8),
        ("true", 8),
        ("0.0", 0),
        ("null", 0),
        ("'1'", 0),
        ("'yes'", 0),
        ("x'01'", 0),
    ] {
        let sql = format!("select null as parent, null as child, {allow} as allow, '' as reason");
        assert_eq!(
            opened(vec![rules(&sql)], &nobody).await.len(),
            expected,
            "{allow}"
        );
    }
}

/// A rule that cannot be known lets nobody in, root included.
// Proves: HOOK-146
#[tokio::test]
async fn a_statement_that_fails_closes_every_gate() {
    let broken = [
        "select nonsense",
        "select 1 as parent",
        "select null as parent, null as child, 1 as allow, :missing as reason",
        "select null as parent, null as child, 1 as allow, ? as reason",
        "select null as parent, null as child, 1 as allow, '' as reason; select 2",
        "insert into queries (database_name, name, sql) values ('data', 'q', 'select 1')",
        "delete from queries",
        "attach 'x.db' as x",
        "",
        "-- nothing",
        "with recursive n(i) as (select 1 union all select i + 1 from n)
         select null as parent, null as child, 1 as allow, i as reason from n where i < 0",
    ];
    let narrow = rules("select null as parent, null as child, 1 as allow");
    let all_broken = broken.iter().flat_map(|sql| [rules(sql), limits(sql)]);
    for statement in all_broken.chain([narrow]) {
        let words = format!("{statement:?}");
        let patience = match words.contains("recursive") {
            true => "100",
            false => "60000",
        };
        let site = TestSite::build()
            .database("data", SQL)
            .root()
            .setting("sql_time_limit_ms", patience)
            .plugin(Says::these("says", vec![all(), statement]))
            .start()
            .await;
        let root = Actor::with_id("root");
        for path in [
            "/data/t.json",
            "/data.json",
            "/-/allowed.json?action=view-table",
        ] {
            let answer = site.get_as(&root, path).await;
            assert_eq!(answer.status, 500, "{words}: {}", answer.text());
            assert_eq!(answer.json()["error"], "Internal server error");
            assert!(!answer.text().contains("nonsense"));
        }
        site.get("/-/versions.json").await.with_status(200);
    }
}
