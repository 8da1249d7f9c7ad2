//! Pages of tables and rows: counts, references, time.

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::{Value, json};

// Proves: DIFF-09, HTML-27, COUNT-01, COUNT-02, COUNT-06
#[tokio::test]
async fn a_count_that_stops_says_so_and_can_be_completed() {
    let sql = "create table n (id integer primary key);
        with recursive c (i) as (select 1 union all select i + 1 from c where i < 12345)
        insert into n select i from c;";
    let site = TestSite::with(sql).await;
    let page = site.get("/data/n?_size=1").await.with_status(200);
    for part in [
        "<title>data: n: 10,000+ rows</title>",
        ">10,000+ rows</span>",
        "data-count-url=\"/data/n/-/count\"",
        ">count all</button>",
    ] {
        assert!(page.text().contains(part), "{part}\n{}", page.text());
    }
    let count = async |filter: &str| {
        let mut question = Question::get(&format!("/data/n/-/count{filter}"));
        question.method = "POST".parse().unwrap();
        site.ask(question).await.with_status(200).json()
    };
    assert_eq!(count("").await, json!({"ok": true, "count": 12_345}));
    assert_eq!(count("?id__gt=12000").await["count"], 345);
    // What is not cut says its number and offers nothing.
    let exact = site.get("/data/n?_size=1&id__lte=10000").await;
    assert!(exact.text().contains("10,000 rows"));
    assert!(!exact.text().contains("count all"));
}

// Proves: DIFF-14, LABEL-06
#[tokio::test]
async fn references_to_nothing_or_in_another_case_break_no_page() {
    let sql = "create table City (id integer primary key, name text);
        create table person (
            id integer primary key, city integer references CITY(ID),
            ghost integer references gone(id), implied integer references city
        );
        insert into City values (1, 'Aarhus');
        insert into person values (1, 1, 2, 1);";
    let site = TestSite::with(sql).await;
    for path in [
        "/data",
        "/data.json",
        "/.json?_sort=relationships",
        "/data/person",
        "/data/City",
        "/data/person/1",
        "/data/City/1",
        "/data/person.csv?_labels=on",
        "/data/person?_facet=ghost",
        "/data/City/1.json?_extra=foreign_key_tables",
        "/data/person.json?_extra=expandable_columns",
    ] {
        site.get(path).await.with_status(200);
    }
    let row = &site.get("/data/person.json?_labels=on").await.json()["rows"][0];
    assert_eq!(row["city"], json!({"value": 1, "label": "Aarhus"}));
    assert_eq!(row["ghost"], 2);
    assert_eq!(row["implied"], json!({"value": 1, "label": "Aarhus"}));
    let page = site.get("/data/person").await;
    assert!(page.text().contains("<a href=\"/data/City/1\">Aarhus</a>"));
    assert!(!page.text().contains("/data/gone"));
}

/// The time that a footer tells, in milliseconds as written.
fn query_time(page: &str) -> &str {
    let (_, footer) = page.split_once("<footer").unwrap();
    let (_, rest) = footer.split_once("Queries took ").unwrap();
    rest.split_once("ms").unwrap().0
}

// Proves: ROW-22, DIFF-15, HTML-10
#[tokio::test]
async fn footers_tell_how_long_it_took() {
    let site =
        TestSite::with("create table t (id integer primary key); insert into t values (1);").await;
    for path in ["/data/t", "/data/t/1"] {
        let page = site.get(path).await.with_status(200);
        let time = query_time(page.text());
        let value: f64 = time.parse().unwrap();
        assert!(value > 0.0 && value < 60_000.0, "{time}");
        let decimals = time
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        assert!(decimals <= 3, "{time}");
    }
}

// Proves: DIFF-15, FACET-04, HTML-45, INDEX-14
#[tokio::test]
async fn small_things_of_the_newest_release() {
    let sql = "create table t (id integer primary key, name text);
        create table other (name text);
        create view v as select name from t;
        insert into t values (1, 'a');";
    let config = json!({"databases": {"data": {"tables": {"t": {"sortable_columns": ["name"]}}}}});
    let site = TestSite::build()
        .database("data", sql)
        .config(config)
        .start()
        .await;
    let facets = async |argument: &str| {
        let page = site
            .get(&format!("/data/t.json?{argument}"))
            .await
            .with_status(200);
        page.json()["facet_results"].take()
    };
    assert_eq!(facets("_facetname=name").await, Value::Null);
    assert_eq!(
        facets("_facet_x=name").await,
        json!({"results": {}, "timed_out": []})
    );
    let page = site.get("/data/t").await;
    assert!(page.text().contains("Sort by name<") && !page.text().contains("Sort by id<"));
    assert!(page.text().contains("/-/static/modal.js"));
    let index = site.get("/").await;
    assert!(
        index.text().contains(">1 rows in 2 tables, 1 view<"),
        "{}",
        index.text()
    );
}

// Proves: ROW-20, QUERY-22
#[tokio::test]
async fn a_row_that_is_not_found_in_time_is_a_bad_request() {
    // The index reads its rows from a view that never ends.
    let sql = "create view endless as
            with recursive n (i) as (select 1 union all select i + 1 from n)
            select i, 'text' as body from n;
        create virtual table late using fts5(body, content='endless', content_rowid='i');";
    let site = TestSite::build()
        .database("data", sql)
        .setting("sql_time_limit_ms", "50")
        .start()
        .await;
    let words =
        "SQL query took too long. The time limit is controlled by the sql_time_limit_ms setting.";
    let answer = site.get("/data/late/5.json").await.with_status(400).json();
    assert_eq!(answer["error"], words);
    let page = site.get("/data/late/5").await.with_status(400);
    assert!(
        page.text().contains("<h1>SQL Interrupted</h1>"),
        "{}",
        page.text()
    );
    let csv = site.get("/data/late/5.csv").await.with_status(400);
    assert_eq!(csv.text(), words);
}

// Proves: ROW-08, ROW-09, ROW-11
#[tokio::test]
async fn a_row_shows_its_key_first_and_its_cells_whole() {
    let sql = format!(
        "create table t (text text, second text, first text, primary key (first, second));
         insert into t values ('{}', 'b', 'a/');",
        "x".repeat(5000)
    );
    let site = TestSite::with(&sql).await;
    let page = site.get("/data/t/a~2F,b").await.with_status(200);
    let page = page.text();
    assert!(page.contains("<title>data: t</title>"));
    assert!(page.contains("t: a/, b</h1>"), "{page}");
    let places =
        ["second", "first", "text"].map(|name| page.find(&format!("col-{name}\"")).unwrap());
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("<strong>a/</strong>") && page.contains("<strong>b</strong>"));
    assert!(page.contains(&"x".repeat(5000)) && !page.contains('…'));
    let (_, head) = page.split_once("<thead>").unwrap();
    assert!(!head.split_once("</thead>").unwrap().0.contains("<a "));
}

// Proves: EXTRA-06, SHAPE-17, TABLE-02, ROW-04, QUERY-17
#[tokio::test]
async fn extras_stand_between_what_is_always_there() {
    let site =
        TestSite::with("create table t (id integer primary key); insert into t values (1);").await;
    let extras = "_extra=database,columns,request,metadata";
    for (path, first, last) in [
        (
            format!("/data/t.json?{extras}"),
            &["ok", "next", "next_url"][..],
            &["rows", "truncated"][..],
        ),
        (
            format!("/data/t/1.json?{extras}"),
            &["ok", "database", "table", "rows"],
            &["query_ms", "truncated"],
        ),
        (
            format!("/data/-/query.json?sql=select+1&{extras}"),
            &["ok", "rows"],
            &["truncated"],
        ),
    ] {
        let answer = site.get(&path).await.with_status(200).json();
        let keys: Vec<&str> = answer
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert!(keys.starts_with(first) && keys.ends_with(last), "{keys:?}");
        let between = &keys[first.len()..keys.len() - last.len()];
        for extra in ["columns", "request", "metadata"] {
            assert_eq!(
                between.iter().filter(|key| **key == extra).count(),
                1,
                "{keys:?}"
            );
        }
        let plain = path
            .split(extras)
            .next()
            .unwrap()
            .trim_end_matches(['?', '&']);
        let plain = site.get(plain).await.json();
        assert!(plain.get("columns").is_none() && plain.get("request").is_none());
    }
}
