//! Counts and facets of a page against the same counted one row at a time, and what happens when
//! there is too little time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use datasette_hooks::{Answer, FacetKind, FacetScope, FacetSql, HookName, HookSet, Plugin};
use datasette_testkit::TestSite;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const KINDS: [Option<&str>; 6] = [None, Some(""), Some("a"), Some("b"), Some("B"), Some("é c")];
const TAGS: [Option<&str>; 7] = [
    None,
    Some("[]"),
    Some("[\"x\"]"),
    Some("[\"x\", \"y\"]"),
    Some("[\"y\", \"y\"]"),
    Some("[\"z\", \"x\", \"\"]"),
    Some("[\"w\"]"),
];
const DAYS: [Option<&str>; 6] = [
    None,
    Some("no date"),
    Some("2024-02-29"),
    Some("2024-02-29 13:00:00"),
    Some("2023-01-01"),
    Some("2023-01-02T01:02"),
];

/// A row: its kind, tags and day by their places above, and a number.
#[derive(Clone, Debug)]
struct Row {
    kind: Option<&'static str>,
    tags: Option<&'static str>,
    day: Option<&'static str>,
    n: i64,
}

impl Row {
    fn tags(&self) -> BTreeSet<String> {
        let tags = self.tags.unwrap_or("[]");
        serde_json::from_str::<Vec<String>>(tags)
            .unwrap()
            .into_iter()
            .collect()
    }

    fn day(&self) -> Option<String> {
        let day = self.day?.get(..10)?;
        day.starts_with("20").then(|| day.to_owned())
    }
}

/// A condition as an argument and as a test of a row.
#[derive(Clone, Debug)]
enum Condition {
    None,
    Kind(&'static str),
    Tag(&'static str),
    Day(&'static str),
    Above(i64),
}

impl Condition {
    fn argument(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Kind(kind) => format!("&kind={}", kind.replace("é c", "%C3%A9+c")),
            Self::Tag(tag) => format!("&tags__arraycontains={tag}"),
            Self::Day(day) => format!("&day__date={day}"),
            Self::Above(n) => format!("&n__gt={n}"),
        }
    }

    fn admits(&self, row: &Row) -> bool {
        match self {
            Self::None => true,
            Self::Kind(kind) => row.kind == Some(kind),
            Self::Tag(tag) => row.tags().contains(*tag),
            Self::Day(day) => row.day().as_deref() == Some(*day),
            Self::Above(n) => row.n > *n,
        }
    }

    /// The facet value that the condition selects.
    fn selects(&self, facet: &str, value: &str) -> bool {
        match self {
            Self::Kind(kind) => facet == "kind" && *kind == value,
            Self::Tag(tag) => facet == "tags" && *tag == value,
            Self::Day(day) => facet == "day" && *day == value,
            Self::None | Self::Above(_) => false,
        }
    }
}

fn row() -> impl Strategy<Value = Row> {
    (
        select(&KINDS[..]),
        select(&TAGS[..]),
        select(&DAYS[..]),
        -3_i64..4,
    )
        .prop_map(|(kind, tags, day, n)| Row { kind, tags, day, n })
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        Just(Condition::None),
        select(&["a", "b", "é c"][..]).prop_map(Condition::Kind),
        select(&["x", "y", "w"][..]).prop_map(Condition::Tag),
        select(&["2024-02-29", "2023-01-01"][..]).prop_map(Condition::Day),
        (-3_i64..4).prop_map(Condition::Above),
    ]
}

fn literal(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), |text| format!("'{text}'"))
}

fn statements(rows: &[Row], key: &str) -> String {
    let mut sql = format!("create table t (id {key}, kind text, tags text, day text, n integer);");
    for (number, row) in rows.iter().enumerate() {
        let (kind, tags, day) = (literal(row.kind), literal(row.tags), literal(row.day));
        sql.push_str(&format!(
            "insert into t values ({number}, {kind}, {tags}, {day}, {});",
            row.n
        ));
    }
    sql
}

/// What a facet must say: its values with their counts and whether each is selected, and whether
/// there are more.
fn expected(
    facet: &str,
    rows: &[&Row],
    condition: &Condition,
    size: usize,
) -> (Vec<(String, i64, bool)>, bool) {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        let values: Vec<String> = match facet {
            "kind" => row.kind.map(str::to_owned).into_iter().collect(),
            "tags" => row.tags().into_iter().collect(),
            _ => row.day().into_iter().collect(),
        };
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counted: Vec<(String, i64, bool)> = counts
        .into_iter()
        .map(|(value, count)| {
            let selected = condition.selects(facet, &value);
            (value, count, selected)
        })
        .collect();
    counted.sort_by_key(|(_, count, _)| -count);
    let more = counted.len() > size;
    counted.truncate(size);
    (counted, more)
}

fn told(facet: &Value) -> (Vec<(String, i64, bool)>, bool) {
    let values = facet["results"].as_array().unwrap().iter().map(|result| {
        (
            result["value"].as_str().unwrap().to_owned(),
            result["count"].as_i64().unwrap(),
            result["selected"].as_bool().unwrap(),
        )
    });
    (values.collect(), facet["truncated"].as_bool().unwrap())
}

async fn check(
    rows: &[Row],
    key: &str,
    condition: &Condition,
    (page_size, facet_size): (usize, usize),
) {
    let site = TestSite::with(&statements(rows, key)).await;
    let matching: Vec<&Row> = rows.iter().filter(|row| condition.admits(row)).collect();
    let mut path = format!(
        "/data/t.json?_size={page_size}&_facet_size={facet_size}&_facet=kind&_facet_array=tags\
         &_facet_date=day&_extra=count{}",
        condition.argument()
    );
    let mut seen = 0;
    loop {
        let page = site.get(&path).await.with_status(200).json();
        assert_eq!(page["count"], matching.len(), "{path}");
        assert_eq!(page["count_truncated"], false);
        let facets = &page["facet_results"];
        assert_eq!(facets["timed_out"], json!([]));
        for name in ["kind", "tags", "day"] {
            let wanted = expected(name, &matching, condition, facet_size);
            assert_eq!(told(&facets["results"][name]), wanted, "{name} {path}");
        }
        seen += page["rows"].as_array().unwrap().len();
        let Some(next) = page["next_url"].as_str() else {
            break;
        };
        path = next.replace("http://localhost", "");
    }
    assert_eq!(seen, matching.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    // Proves: COUNT-01, COUNT-02, FACET-08, FACET-25, FACET-28, FACET-29, FACET-30, FACET-31,
    //   FACET-32, FACET-45
    #[test]
    fn every_page_counts_what_a_reader_of_all_rows_would(
        rows in prop::collection::vec(row(), 0..30),
        key in select(&["integer primary key", "integer", "text primary key"][..]),
        condition in condition(),
        sizes in (1_usize..12, 1_usize..5),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(&rows, key, &condition, sizes));
    }
}

/// A view without an end: its first rows are there at once, all of them never.
const ENDLESS: &str = "create view endless as
    with recursive n (i) as (select 1 union all select i + 1 from n)
    select i, i % 3 as three, i % 4 as four from n;";

// Proves: SET-20
#[tokio::test]
async fn a_column_that_takes_too_long_is_not_suggested() {
    let suggested = async |sql: &str, limit: &str| {
        let site = TestSite::build()
            .database("data", sql)
            .setting("facet_suggest_time_limit_ms", limit)
            .start()
            .await;
        let path = "/data/endless.json?_size=1&_extra=suggested_facets";
        let page = site.get(path).await.with_status(200).json();
        page["suggested_facets"].as_array().unwrap().len()
    };
    // Enough rows for the page are there at once, enough to suggest from never.
    let slow = ENDLESS.replace("from n;", "from n where i < 150 or i < 0;");
    assert_eq!(suggested(&slow, "20").await, 0);
    let short = ENDLESS.replace("from n)", "from n where i < 12)");
    assert_eq!(suggested(&short, "60000").await, 2);
}

// Proves: FACET-35, EXTRA-15, EXTRA-16, COUNT-01, COUNT-02, SET-19
#[tokio::test]
async fn a_facet_that_takes_too_long_is_named() {
    let site = TestSite::build()
        .database("data", ENDLESS)
        .setting("facet_time_limit_ms", "20")
        .start()
        .await;
    let path = "/data/endless.json?_size=1&_facet=three&_facet=four&_extra=count,facets_timed_out";
    let page = site.get(path).await.with_status(200).json();
    let none = json!({"results": {}, "timed_out": ["three", "four"]});
    assert_eq!(page["facet_results"], none);
    assert_eq!(page["facets_timed_out"], json!(["three", "four"]));
    assert_eq!(
        (&page["count"], &page["count_truncated"]),
        (&json!(10_001), &json!(true))
    );
    let html = site
        .get("/data/endless?_size=1&_facet=three&_nosuggest=1")
        .await;
    let words = "These facets timed out: three";
    assert!(html.with_status(200).text().contains(words));
}

// Proves: FACET-43
#[tokio::test]
async fn a_suggestion_that_takes_too_long_is_left_out() {
    // Each row takes a while; a page of one row does not need the others.
    let sql = "create view slow as
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
        select i, i % 3 as three, (
            with recursive m (j) as (select 1 union all select j + 1 from m where j < 30000)
            select count(*) + 0 * i from m
        ) as late from n;
        create view fast as
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
        select i, i % 3 as three from n;";
    let suggested = async |view: &str, limit: &str| {
        let site = TestSite::build()
            .database("data", sql)
            .setting("facet_suggest_time_limit_ms", limit)
            .start()
            .await;
        let path = format!("/data/{view}.json?_size=1&_extra=suggested_facets");
        let page = site.get(&path).await.with_status(200).json();
        let names = page["suggested_facets"].as_array().unwrap().iter();
        names
            .map(|facet| facet["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(suggested("fast", "60000").await, ["three"]);
    assert_eq!(suggested("slow", "50").await, Vec::<String>::new());
}

// Proves: FACET-35
#[tokio::test]
async fn all_facets_of_a_page_share_the_time_of_one_query() {
    let site = TestSite::build()
        .database("data", ENDLESS)
        .setting("sql_time_limit_ms", "1000")
        .setting("facet_time_limit_ms", "1000")
        .start()
        .await;
    let columns = 60;
    let facets = "&_facet=three".repeat(columns);
    let started = Instant::now();
    let path = format!("/data/endless.json?_size=1{facets}");
    let page = site.get(&path).await.with_status(200).json();
    let timed_out = page["facet_results"]["timed_out"].as_array().unwrap();
    assert_eq!(timed_out.len(), columns);
    // One after the other they would take a minute.
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}

/// A kind of facet that counts how often it is asked to suggest.
struct Asked {
    times: Arc<AtomicUsize>,
    sql: &'static str,
}

impl FacetKind for Asked {
    fn name(&self) -> &str {
        "asked"
    }
    fn suggest_sql(&self, _: &FacetScope, _: &str) -> Option<FacetSql> {
        self.times.fetch_add(1, Ordering::Relaxed);
        Some(FacetSql {
            sql: self.sql.to_owned(),
            params: Vec::new(),
        })
    }
}

struct Kinds(Arc<AtomicUsize>, &'static str);

impl Plugin for Kinds {
    fn name(&self) -> &str {
        "kinds"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterFacetClasses])
    }
    fn register_facet_classes(&self) -> Answer<Vec<Arc<dyn FacetKind>>> {
        Ok(vec![Arc::new(Asked {
            times: Arc::clone(&self.0),
            sql: self.1,
        })])
    }
}

/// How often two visits to the same page ask a kind whose statement is this.
async fn asked_in_two_visits(sql: &'static str, limit: &str) -> usize {
    let times = Arc::new(AtomicUsize::new(0));
    let site = TestSite::build()
        .database(
            "data",
            "create table t (a); insert into t values (1), (1), (2);",
        )
        .plugin(Arc::new(Kinds(Arc::clone(&times), sql)))
        .setting("facet_suggest_time_limit_ms", limit)
        .start()
        .await;
    for _ in 0..2 {
        let path = "/data/t.json?_extra=suggested_facets";
        site.get(path).await.with_status(200);
    }
    times.load(Ordering::Relaxed)
}

// Proves: FACET-43
#[tokio::test]
async fn what_had_too_little_time_once_is_suggested_later() {
    assert_eq!(asked_in_two_visits("select 1", "60000").await, 1);
    assert_eq!(asked_in_two_visits("select nonsense", "60000").await, 1);
    let endless = "with recursive n (i) as (select 1 union all select i + 1 from n) \
                   select count(*) from n";
    assert_eq!(asked_in_two_visits(endless, "20").await, 2);
}

/// The statements that a page ran on the data, in order.
async fn ran(site: &TestSite, path: &str) -> Vec<String> {
    let page = site.get(path).await.with_status(200).json();
    let traces = page["_trace"]["traces"].as_array().unwrap().iter();
    traces
        .filter(|trace| trace["database"] == "data")
        .filter_map(|trace| Some(trace["sql"].as_str()?.to_owned()))
        .collect()
}

// Proves: FACET-08, FACET-45
#[tokio::test]
async fn nothing_is_counted_twice() {
    let rows = "with recursive c (i) as (select 1 union all select i + 1 from c where i < 500)
        insert into t (kind, n) select 'kind ' || (i % 7), i % 5 from c;";
    let sql = format!("create table t (id integer primary key, kind text, n integer); {rows}");
    let site = TestSite::build()
        .database("data", &sql)
        .setting("trace_debug", "on")
        .start()
        .await;
    let extras = "count,count_truncated,facet_results,sorted_facet_results,facets_timed_out,\
        suggested_facets";
    let path = format!("/data/t.json?_size=5&_trace=1&_facet=kind&_extra={extras}");
    let first = ran(&site, &path).await;
    let rows_alone = ran(&site, "/data/t.json?_size=5&_trace=1").await;
    assert!(first.len() > rows_alone.len(), "{first:?}");
    let distinct: BTreeSet<&String> = first.iter().collect();
    assert_eq!(distinct.len(), first.len(), "{first:?}");
    // The next visit, and the next page, look at their rows only.
    assert_eq!(ran(&site, &path).await.len(), rows_alone.len());
    let counted = "/data/t.json?_size=5&_trace=1&_facet=kind&_extra=count,facet_results&_next=5";
    let second = ran(&site, counted).await;
    let third = ran(&site, &counted.replace("_next=5", "_next=10")).await;
    assert!(third.len() < second.len(), "{second:?}\n{third:?}");
}
