//! Databases with everything that permissions look at, and plugins that say rows as statements.

use std::sync::Arc;

use datasette_core::Value;
use datasette_hooks::{PermissionAnswer, PermissionRule, PermissionSql, Restriction};
use datasette_permissions::Flags;
use datasette_testkit::TestSite;
use serde_json::{Value as Json, json};

use crate::says::{Says, limits, rules, with};

const DATA: &str = "create table t (id integer primary key, n integer);
     create table T2 (id integer primary key autoincrement, body text);
     create index by_n on t (n);
     insert into t values (1, 1), (2, 2);
     analyze;
     create view v as select id from t;
     create virtual table docs using fts5(body);
     create virtual table fts using fts5(body, content='T2');
     create virtual table voc using fts5vocab(docs, 'row');";

const OTHER: &str = "create table T (id integer primary key);
     create table t2 (id integer primary key);
     create view docs as select 1;";

/// Stored queries beside those of the configuration: name, owner, whether private, source.
const STORED: &str = "insert into queries (database_name, name, sql, owner_id, is_private, source)
     values ('data', 'mine', 'select 1', 'ann', 1, 'user'),
            ('data', 'T2', 'select 1', 'ann', 0, 'user'),
            ('data', 'docs', 'select 1', 'bob', 1, 'plugin'),
            ('other', 'Mine', 'select 1', 'root', 1, 'user'),
            ('other', 't2', 'select 1', null, 1, 'user')";

/// A site of this configuration, with two plugins that say nothing yet.
pub(crate) async fn site(config: Json, flags: Flags) -> (TestSite, [Arc<Says>; 2]) {
    let says = [Says::nothing("one"), Says::nothing("two")];
    let mut config = config;
    for database in ["data", "other"] {
        let queries = config["databases"][database]["queries"].as_object_mut();
        for (_, query) in queries.into_iter().flatten() {
            query["sql"] = json!("select 1");
        }
    }
    let mut building = TestSite::build()
        .database("data", DATA)
        .database("other", OTHER)
        .config(config)
        .plugin(says[0].clone())
        .plugin(says[1].clone());
    if flags.root_enabled {
        building = building.root();
    }
    if flags.default_deny {
        building = building.default_deny();
    }
    let site = building.start().await;
    let internal = site.instance().internal.database();
    let inserted = internal.write(|writer| {
        writer.execute_batch(STORED).unwrap();
        Ok(())
    });
    inserted.await.unwrap();
    site.instance().registry.settled().await;
    (site, says)
}

/// The same rows as statements, each row in one of several ways. `prefix` keeps the parameters of
/// one plugin from those of another.
pub(crate) fn as_statements(
    rows: &PermissionAnswer,
    ways: &[u8],
    prefix: &str,
) -> PermissionAnswer {
    let mut ways = ways.iter().copied().cycle();
    let mut way = || ways.next().unwrap_or_default();
    let mut sql: Vec<PermissionSql> = Vec::new();
    for (number, rule) in rows.rules.iter().enumerate() {
        sql.push(rule_in_sql(rule, way(), &format!("{prefix}{number}")));
    }
    for (number, list) in rows.restrictions.iter().enumerate() {
        let found = limits_in_sql(list, way(), &format!("{prefix}_list{number}"));
        // One statement may bring both.
        match sql.first_mut() {
            Some(first) if way() % 2 == 0 => {
                first.restriction_sql = found.restriction_sql;
                first.params.extend(found.params);
            }
            _ => sql.push(found),
        }
    }
    PermissionAnswer {
        sql,
        ..PermissionAnswer::default()
    }
}

fn quoted(name: Option<&str>) -> String {
    name.map_or_else(|| "null".to_owned(), |name| format!("'{name}'"))
}

fn bound(name: Option<&str>) -> Value {
    name.map_or(Value::Null, Value::from)
}

fn rule_in_sql(rule: &PermissionRule, way: u8, prefix: &str) -> PermissionSql {
    let (parent, child) = (rule.parent.as_deref(), rule.child.as_deref());
    let allow = u8::from(rule.allow);
    match (way % 4, parent, child) {
        (1, ..) => {
            let sql = rules(&format!(
                "select :{prefix}_parent as parent, :{prefix}_child as child,
                        :{prefix}_allow as allow, :action as reason"
            ));
            let sql = with(sql, &format!("{prefix}_parent"), bound(parent));
            let sql = with(sql, &format!("{prefix}_child"), bound(child));
            with(sql, &format!("{prefix}_allow"), i64::from(allow))
        }
        (2, ..) => {
            let row = json!([[rule.parent, rule.child, allow]]).to_string();
            let sql = rules(&format!(
                "with given as (select value from json_each(:{prefix}_rows))
                 select value ->> 1 as child, 'json' as reason, value ->> 0 as parent,
                        value ->> 2 as allow from given"
            ));
            with(sql, &format!("{prefix}_rows"), Value::Text(row))
        }
        (3, Some(parent), None) => rules(&format!(
            "select database_name as parent, null as child, {allow} as allow, 'found' as reason
             from catalog_databases where database_name = '{parent}'"
        )),
        (3, None, None) => rules(&format!(
            "select null as parent, null as child, {allow} as allow, 'counted' as reason
             from catalog_tables group by null having count(*) > 3"
        )),
        _ => rules(&format!(
            "select {} as parent, {} as child, {allow} as allow, 'literal' as reason",
            quoted(parent),
            quoted(child)
        )),
    }
}

fn limits_in_sql(list: &Restriction, way: u8, prefix: &str) -> PermissionSql {
    if way.is_multiple_of(2) || list.covers.is_empty() {
        let rows = json!(list.covers).to_string();
        let sql = limits(&format!(
            "select value ->> 0 as parent, value ->> 1 as child from json_each(:{prefix}_rows)"
        ));
        return with(sql, &format!("{prefix}_rows"), Value::Text(rows));
    }
    let rows = list.covers.iter().map(|(parent, child)| {
        let (parent, child) = (quoted(parent.as_deref()), quoted(child.as_deref()));
        format!("select {parent} as parent, {child} as child")
    });
    limits(&rows.collect::<Vec<_>>().join(" union all "))
}
