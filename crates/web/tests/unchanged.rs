//! A page that is said to be unchanged is: whatever was written in between, and by whom.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::HashMap;

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use rusqlite::Connection;
use serde_json::json;

const SQL: &str = "create table places (id integer primary key, name text);
    create table t (id integer primary key, name text, place integer references places(id),
        tags text, seen text, data blob);
    insert into places values (1, 'Hill'), (2, 'Lake');
    insert into t (name, place, tags, seen, data) values
        ('one', 1, '[\"a\"]', '2020-01-01', x'00ff'), ('two', 1, '[\"a\", \"b\"]', 'now', null),
        ('three', 2, '[]', null, 'text');
    create view dice as select random() as number, name from t;
    create virtual table words using fts5(name, content='t');
    insert into words (words) values ('rebuild');";

/// Pages that are tagged.
const STEADY: &[&str] = &[
    "/",
    "/.json",
    "/?_sort=relationships",
    "/data",
    "/data.json",
    "/data/t",
    "/data/t?_size=1&_facet=name&_facet_array=tags",
    "/data/t.json",
    "/data/t.json?_labels=on&_extra=count,suggested_facets,facet_results&_facet=place",
    "/data/t.json?_shape=array&_sort_desc=name&name__contains=o",
    "/data/t.json?_shape=objects",
    "/data/t.csv?_labels=on",
    "/data/t.csv?_stream=on",
    "/data/t/1",
    "/data/t/2.json?_extra=foreign_key_tables",
    "/data/t/3.csv",
    "/data/t/1.blob?_blob_column=data",
    "/data/places/1",
    "/data/t?_search=one&_nosuggest=1",
    "/data/-/query",
    "/data/-/query?sql=select+name,+count(*)+as+n+from+t+group+by+name",
    "/data/-/query.json?sql=select+*+from+t+where+name+=+:name&name=two",
    "/data/-/query.json?sql=select+1&_shape=array",
    "/data/-/query.csv?sql=select+*+from+places",
    "/other/u.json",
];

/// Pages that are not.
const UNSTEADY: &[&str] = &[
    "/data/dice",
    "/data/dice.json",
    "/data/words.json",
    "/data/words?_search=one",
    "/data/-/query.json?sql=select+*+from+words+where+words+match+'one'",
    "/data/t.json?_where=1",
    "/data/t.json?seen__date=2020-01-01",
    "/data/t?_facet_date=seen",
    "/data/t.json?_trace=1",
    "/data/-/query.json?sql=select+random()",
    "/data/-/query?sql=select+datetime('now')",
    "/data/-/query.csv?sql=select+*+from+dice",
    "/-/versions.json",
    "/-/actor.json",
    "/_memory/-/query.json?sql=select+1",
    "/_memory.json",
];

/// Writes of another program.
const WRITES: &[&str] = &[
    "insert into t (name, place) values ('new', 2)",
    "insert into t (name, tags) values ('b', '[\"c\"]')",
    "update t set name = name || '!' where id % 2",
    "update t set seen = '2021-02-03' where id = 1",
    "update t set data = randomblob(5) where id = 1",
    "update places set name = name || '?'",
    "delete from t where id > 5",
    "insert into places (name) values ('Shore')",
    "insert into words (words) values ('rebuild')",
    "create table if not exists more (id integer primary key, t integer references t(id))",
    "drop table if exists more",
    "alter table places add column added",
    "alter table places drop column added",
    "update t set id = id",
    "pragma wal_checkpoint(truncate)",
    "vacuum",
    "analyze",
    "create index if not exists names on t(name)",
];

/// A number generator of this test's own, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

async fn site() -> TestSite {
    let other = "create table u (id integer primary key); insert into u values (1);";
    let site = TestSite::build()
        .database("data", SQL)
        .immutable("other", other)
        .start()
        .await;
    site.instance().registry.settled().await;
    site
}

async fn with_tag(site: &TestSite, path: &str, tag: &str) -> Answer {
    site.ask(Question::get(path).header("if-none-match", tag))
        .await
}

/// The body without the time that the page took, which pages and rows tell.
fn lasting(answer: &Answer) -> Vec<u8> {
    let answer = answer.clone().without_number();
    let Ok(text) = std::str::from_utf8(&answer.body) else {
        return answer.body.clone();
    };
    for told in ["Queries took ", "\"query_ms\": "] {
        if let Some((before, after)) = text.split_once(told) {
            let after = after
                .trim_start_matches(|digit: char| digit.is_ascii_digit() || ".e-".contains(digit));
            return format!("{before}{after}").into_bytes();
        }
    }
    answer.body.clone()
}

async fn walk(journal: &str, seed: u64) {
    let site = site().await;
    let writer = Connection::open(site.path("data")).unwrap();
    writer
        .query_row(&format!("pragma journal_mode = {journal}"), [], |_| Ok(()))
        .unwrap();
    let mut chance = Chance(seed);
    let mut known: HashMap<&str, (String, Vec<u8>)> = HashMap::new();
    let (mut unchanged, mut changed) = (0, 0);
    for _ in 0..300 {
        if chance.below(4) == 0 {
            // Some cannot be done just now, which is as good.
            let _ = writer.execute_batch(WRITES[chance.below(WRITES.len())]);
            continue;
        }
        let path = STEADY[chance.below(STEADY.len())];
        let before = site.get(path).await;
        if let Some((tag, body)) = known.get(path) {
            let answer = with_tag(&site, path, tag).await;
            let after = site.get(path).await;
            if answer.status == 304 {
                // What is known of schemas may have been looked at again in between.
                let fresh = [lasting(&before), lasting(&after)].contains(body);
                assert!(fresh, "{path} is not unchanged (seed {seed})");
                assert!(answer.body.is_empty());
                unchanged += 1;
            } else {
                changed += 1;
            }
        }
        if let Some(tag) = before.header("etag") {
            assert_eq!(before.status, 200, "{path}");
            known.insert(path, (tag.to_owned(), lasting(&before)));
        }
    }
    assert!(unchanged > 0 && changed > 0, "{unchanged} {changed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_random_walk_never_meets_a_stale_page() {
    walk("delete", 1).await;
    walk("wal", 22).await;
}

#[tokio::test]
async fn steady_pages_are_unchanged_until_something_is_written() {
    let site = site().await;
    let writer = Connection::open(site.path("data")).unwrap();
    for path in STEADY {
        let first = site.get(path).await.with_status(200);
        let tag = first
            .header("etag")
            .unwrap_or_else(|| panic!("{path} has no tag"));
        assert!(tag.starts_with("W/\""), "{tag}");
        let again = with_tag(&site, path, tag).await.with_status(304);
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(again.header(name), first.header(name), "{path} {name}");
        }
        assert!(again.body.is_empty());
        let head = Question {
            method: "HEAD".parse().unwrap(),
            ..Question::get(path)
        };
        assert_eq!(site.ask(head).await.header("etag"), Some(tag), "{path}");
        with_tag(&site, path, "W/\"0123456789abcdef\"")
            .await
            .with_status(200);
        if !path.starts_with("/other") {
            writer
                .execute_batch("update t set id = id where id = 1")
                .unwrap();
            with_tag(&site, path, tag).await.with_status(200);
        }
    }
}

#[tokio::test]
async fn nothing_else_is_tagged() {
    let other = "create table u (id integer primary key);";
    let site = TestSite::build()
        .database("data", SQL)
        .database("other", other)
        .memory()
        .start()
        .await;
    for path in UNSTEADY {
        let answer = site.get(path).await.with_status(200);
        assert_eq!(answer.header("etag"), None, "{path}");
    }
    for path in [
        "/nope",
        "/data/nope.json",
        "/data/t/99",
        "/data/t.json?_size=x",
        "/data/t.json?_shape=nope",
        "/data/-/query.json?sql=select+nope+from+t",
        "/data/-/query?sql=select+name,+from+t",
        "/data?sql=select+1",
        "/data/t/",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("etag"), None, "{path}");
    }
}

#[tokio::test]
async fn tags_are_for_one_page_and_for_nobody_in_particular() {
    let site = site().await;
    let tag = |answer: &Answer| answer.header("etag").unwrap().to_owned();
    let first = tag(&site.get("/data/t.json").await);
    for path in [
        "/data/t.json?_size=1",
        "/data/t",
        "/data/t.csv",
        "/data/places.json",
    ] {
        with_tag(&site, path, &first).await.with_status(200);
    }
    let elsewhere = Question::get("/data/t.json")
        .header("host", "elsewhere.example")
        .header("if-none-match", &first);
    site.ask(elsewhere).await.with_status(200);
    for (name, value) in [("cookie", "a=1"), ("authorization", "Basic x")] {
        let personal = Question::get("/data/t.json")
            .header(name, value)
            .header("if-none-match", &first);
        let answer = site.ask(personal).await.with_status(200);
        assert_eq!(answer.header("etag"), None, "{name}");
    }
    let actor = Actor::new(json!({"id": "ann"}).as_object().unwrap().clone());
    assert_eq!(site.get_as(&actor, "/data/t").await.header("etag"), None);
}

#[tokio::test]
async fn who_may_not_see_a_page_does_not_learn_that_it_is_unchanged() {
    let open = site().await;
    let tag = open
        .get("/data/t.json")
        .await
        .header("etag")
        .unwrap()
        .to_owned();
    let closed = TestSite::build()
        .database("data", SQL)
        .default_deny()
        .start()
        .await;
    for path in [
        "/",
        "/data",
        "/data/t.json",
        "/data/t/1",
        "/data/-/query?sql=select+1",
    ] {
        with_tag(&closed, path, &tag).await.with_status(403);
        with_tag(&closed, path, "*").await.with_status(403);
    }
}

#[tokio::test]
async fn templates_that_may_be_edited_have_a_say_in_pages_only() {
    let site = TestSite::build()
        .database("data", SQL)
        .template("row.html", "mine")
        .start()
        .await;
    assert_eq!(site.get("/data/t").await.header("etag"), None);
    assert!(site.get("/data/t.json").await.header("etag").is_some());
}

#[tokio::test]
async fn a_page_without_its_slow_parts_is_not_kept() {
    let sql = "create table t (id integer primary key, name text);
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000)
        insert into t select i, 'name ' || i from n;";
    let site = TestSite::build()
        .database("data", sql)
        .setting("facet_time_limit_ms", "1")
        .start()
        .await;
    let path = "/data/t.json?_facet=name&_extra=facets_timed_out";
    let answer = site.get(path).await.with_status(200);
    assert_eq!(answer.json()["facets_timed_out"], json!(["name"]));
    assert_eq!(answer.header("etag"), None);
    let quick = site.get("/data/t.json").await.with_status(200);
    assert!(quick.header("etag").is_some());
}
