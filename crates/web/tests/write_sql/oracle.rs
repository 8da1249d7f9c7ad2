//! Whatever is executed was allowed: told from what is different afterwards, not from what the
//! server says it looked at.

use std::collections::{BTreeMap, BTreeSet};

use datasette_core::{Actor, Value};
use datasette_sqlite::Limits;
use datasette_testkit::TestSite;
use serde_json::json;

use super::chance::Chance;
use super::world::{self, TABLES, World};
use super::{post_as, restored};

/// Rows of a table by their rowids.
type Rows = BTreeMap<i64, Vec<String>>;

/// All that a database holds.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    /// The SQL of tables, views, indexes and triggers by kind and name.
    objects: BTreeMap<(String, String), String>,
    rows: BTreeMap<String, Rows>,
}

async fn content(site: &TestSite) -> Content {
    let handle = site.instance().registry.handle_of("data").unwrap();
    let read = handle.read(|reader| {
        let none = Limits::NONE;
        let sql = "select type, name, coalesce(sql, '') from sqlite_master";
        let (listed, _) = reader.batch(sql, &[], &none)?;
        let text = |value: Value| match value {
            Value::Text(text) => text,
            other => format!("{other:?}"),
        };
        let objects: BTreeMap<_, _> = listed
            .rows()
            .map(|row| {
                let part = |at| text(row.get(at).to_value());
                ((part(0), part(1)), part(2))
            })
            .collect();
        let mut rows = BTreeMap::new();
        for (kind, name) in objects.keys() {
            if kind != "table" {
                continue;
            }
            let sql = format!("select rowid, * from \"{name}\"");
            let (found, _) = reader.batch(&sql, &[], &none)?;
            let found: Rows = found
                .rows()
                .map(|row| {
                    let mut values = row.to_values().into_iter();
                    let Some(Value::Integer(rowid)) = values.next() else {
                        panic!("no rowid");
                    };
                    (rowid, values.map(text).collect())
                })
                .collect();
            rows.insert(name.clone(), found);
        }
        Ok(Content { objects, rows })
    });
    read.await.unwrap()
}

/// What must have been allowed for the one to become the other.
fn needed(before: &Content, after: &Content) -> BTreeSet<(&'static str, String)> {
    let mut needed = BTreeSet::new();
    let mut renamed = BTreeSet::new();
    for (object, sql) in &before.objects {
        let (kind, name) = object;
        let now = after.objects.get(object);
        if now == Some(sql) {
            continue;
        }
        match (kind.as_str(), now) {
            ("table", Some(_)) => drop(needed.insert(("alter-table", name.clone()))),
            ("table", None) if after.rows.get("made") == before.rows.get(name) => {
                renamed.insert(name.clone());
                needed.insert(("alter-table", name.clone()));
            }
            ("table", None) => drop(needed.insert(("drop-table", name.clone()))),
            ("view", None) => drop(needed.insert(("drop-view", name.clone()))),
            // What belongs to a table goes with it or follows it.
            _ => {}
        }
    }
    for (kind, name) in after.objects.keys() {
        let is_new = !before.objects.contains_key(&(kind.clone(), name.clone()));
        match kind.as_str() {
            "table" if is_new && renamed.is_empty() => {
                needed.insert(("create-table", String::new()));
            }
            "view" if is_new => drop(needed.insert(("create-view", String::new()))),
            _ => {}
        }
    }
    for (table, before_rows) in &before.rows {
        let Some(after_rows) = after.rows.get(table) else {
            continue;
        };
        if after.objects.get(&("table".to_owned(), table.clone()))
            != before.objects.get(&("table".to_owned(), table.clone()))
        {
            continue;
        }
        let is_written = after_rows
            .iter()
            .any(|(rowid, row)| before_rows.get(rowid) != Some(row));
        let is_gone = before_rows
            .keys()
            .any(|rowid| !after_rows.contains_key(rowid));
        if is_written {
            for action in ["insert-row", "update-row", "delete-row"] {
                needed.insert((action, table.clone()));
            }
        }
        if is_gone {
            needed.insert(("delete-row", table.clone()));
        }
    }
    needed
}

/// The tables whose texts went to where they were not before.
fn read_tables(before: &Content, after: &Content, answer: &str) -> BTreeSet<&'static str> {
    let count = |content: &Content, elsewhere: &str| {
        content
            .rows
            .iter()
            .filter(|(table, _)| *table != elsewhere)
            .flat_map(|(_, rows)| rows.values().flatten())
            .map(|text| text.matches(&format!("{elsewhere}#")).count())
            .sum::<usize>()
    };
    TABLES
        .into_iter()
        .filter(|table| {
            let renamed = !after.rows.contains_key(*table);
            let copied = !renamed && count(after, table) > count(before, table);
            copied || answer.contains(&format!("{table}#"))
        })
        .collect()
}

async fn check(seed: u64) -> (usize, usize) {
    let mut chance = Chance::new(seed);
    let world = World::new(&mut chance);
    let site = TestSite::build()
        .database("data", &world.schema)
        .config(world.configuration())
        .start()
        .await;
    let ann = Actor::with_id("ann");
    let (mut executed, mut refused) = (0, 0);
    let mut before = content(&site).await;
    for _ in 0..60 {
        let sql = world::statement(&mut chance);
        let answer = post_as(&site, &ann, "/data/-/execute-write", &json!({"sql": sql})).await;
        let after = content(&site).await;
        let what = format!("seed {seed}: {sql}\n{}\n{}", answer.text(), world.schema);
        if answer.status != 200 {
            assert!(matches!(answer.status, 400 | 403), "{what}");
            assert_eq!(before, after, "refused, but something changed; {what}");
            refused += 1;
            continue;
        }
        executed += 1;
        for (action, table) in needed(&before, &after) {
            assert!(world.allows(action, &table), "{action} on {table}; {what}");
        }
        let mut rows = answer.json()["rows"].clone();
        rows.as_array_mut().unwrap().retain(|row| !row.is_null());
        for table in read_tables(&before, &after, &rows.to_string()) {
            assert!(world.allows("view-table", table), "read {table}; {what}");
        }
        for object in [("view", "made"), ("table", "made")] {
            let key = (object.0.to_owned(), object.1.to_owned());
            let Some(sql) = after.objects.get(&key).filter(|_| object.0 == "view") else {
                continue;
            };
            // What a view reads is what its text names, views that it names included.
            for table in TABLES {
                let named = sql.contains(&format!("from {table}"));
                assert!(!named || world.allows("view-table", table), "{what}");
            }
        }
        restored(&site, &world.schema).await;
        before = content(&site).await;
    }
    (executed, refused)
}

async fn range(seeds: std::ops::Range<u64>) {
    let (mut executed, mut refused) = (0, 0);
    for seed in seeds {
        let (ran, not) = check(seed).await;
        executed += ran;
        refused += not;
    }
    assert!(executed > 40, "{executed} statements were executed");
    assert!(refused > 40, "{refused} statements were refused");
}

// Proves: WRITE-137, WRITE-138, WRITE-139, WRITE-140, WRITE-142, WRITE-143
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_executed_was_allowed() {
    range(0..12).await;
}

// The same rows in other worlds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_executed_was_allowed_in_further_worlds() {
    range(12..24).await;
}
