//! Completing the key of a row: how long a search may take, and the page to try it on.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_testkit::TestSite;
use serde_json::{Value, json};

/// `slow` has rows that take about a fifth of `cost` milliseconds each to read.
fn slow(rows: usize, cost: usize) -> String {
    let part = "substr(hex(zeroblob(100000 + length(code))), 1, 1)";
    // A column that is added is not computed for the rows that are there.
    format!(
        "create table slow (code primary key);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < {rows})
         insert into slow select printf('k%05d', i) from n;
         alter table slow add column name text as (code || {});",
        vec![part; cost].join(" || ")
    )
}

async fn slow_site(rows: usize, cost: usize, limit: &str) -> TestSite {
    TestSite::build()
        .database("data", &slow(rows, cost))
        .config(json!({"databases": {"data": {"tables": {"slow": {"label_column": "name"}}}}}))
        .setting("sql_time_limit_ms", limit)
        .start()
        .await
}

async fn codes(site: &TestSite, q: &str) -> Vec<String> {
    let path = format!("/data/slow/-/autocomplete?q={q}");
    let answer = site.get(&path).await.with_status(200).json();
    assert_eq!(answer["ok"], true);
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| row["pks"]["code"].as_str().unwrap().to_owned())
        .collect()
}

// Proves: DEBUG-56
#[tokio::test]
async fn a_search_that_takes_too_long_looks_at_the_beginning_of_keys() {
    // To look at all of them takes much longer than the half second that a search may take.
    let site = slow_site(20_000, 4, "60000").await;
    let expected: Vec<String> = (10..20).map(|i| format!("k{i:05}")).collect();
    assert_eq!(codes(&site, "k0001").await, expected);
    // A search of all of them would find them in the middle of a key, too.
    assert_eq!(codes(&site, "0001").await, Vec::<String>::new());
}

// Proves: DEBUG-56
#[tokio::test]
async fn when_that_takes_too_long_nothing_is_found() {
    let site = slow_site(40, 80, "20").await;
    assert_eq!(codes(&site, "k").await, Vec::<String>::new());
}

// Proves: DEBUG-51
#[tokio::test]
async fn tables_with_a_label_are_offered_to_those_who_may_view_them() {
    let mut first = String::from("create view a_view as select 'x' as name;");
    for name in ["b", "a", "D", "hidden", "c", "e", "f"] {
        first.push_str(&format!(
            "create table {name} (id integer primary key, name text);"
        ));
    }
    let mut second = String::new();
    for number in 0..120 {
        second.push_str(&format!(
            "create table t{number:03} (id integer primary key, a, b);"
        ));
    }
    let denied = json!({"databases": {"one": {"tables": {"hidden": {"allow": false}}}}});
    let site = TestSite::build()
        .database("one", &first)
        .database("two", &second)
        .config(denied.clone())
        .start()
        .await;
    let page = site.get("/-/debug/autocomplete").await.with_status(200);
    let offered = offers(page.text());
    let expected = ["D", "a", "b", "c", "e"];
    assert_eq!(
        offered,
        expected.map(|name| format!("?database=one&table={name}"))
    );
    assert!(page.text().contains("<p>5 tables looked at.</p>"));

    let site = TestSite::build()
        .database("two", &second)
        .database("one", &first)
        .config(denied)
        .start()
        .await;
    let page = site.get("/-/debug/autocomplete").await.with_status(200);
    assert!(offers(page.text()).is_empty());
    assert!(
        page.text()
            .contains("<p>100 tables looked at, then the search stopped.</p>")
    );
}

fn offers(page: &str) -> Vec<String> {
    let links = page.split("<a href=\"/-/debug/autocomplete").skip(1);
    links
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect()
}

// Proves: DEBUG-50
#[tokio::test]
async fn the_page_has_a_field_for_the_table_that_was_named() {
    let site = TestSite::with(
        "create table \"a b/c\" (id integer primary key, \"<i>\" text unique); create table plain (x);",
    )
    .await;
    let page = site
        .get("/-/debug/autocomplete?database=data&table=a+b/c")
        .await
        .with_status(200);
    assert!(
        page.text()
            .contains("<datasette-autocomplete src=\"/data/a+b~2Fc/-/autocomplete\">")
    );
    assert!(page.text().contains("<code>&lt;i&gt;</code>"));
    let cases = [
        ("?database=data", "Both database and table are required."),
        ("?table=plain", "Both database and table are required."),
        ("?database=nope&table=plain", "Database not found."),
        ("?database=data&table=nope", "Table not found."),
    ];
    for (query, message) in cases {
        let page = site.get(&format!("/-/debug/autocomplete{query}")).await;
        let shown = format!("<p class=\"message-error\" role=\"alert\">{message}</p>");
        assert!(page.with_status(200).text().contains(&shown), "{query}");
    }
    let plain = site
        .get("/-/debug/autocomplete?database=data&table=plain")
        .await;
    assert!(plain.text().contains("This table has no label column"));
}

async fn page_data(site: &TestSite, path: &str) -> (Value, bool) {
    let page = site.get(path).await.with_status(200);
    let text = page.text();
    let data = text.split("window._datasetteTableData = ").nth(1).unwrap();
    let data = data.split(";</script>").next().unwrap();
    (
        serde_json::from_str(data).unwrap(),
        text.contains("/-/static/autocomplete.js"),
    )
}

// Proves: HTML-79
#[tokio::test]
async fn pages_tell_where_foreign_keys_are_completed() {
    let site = TestSite::build()
        .database(
            "data",
            "create table one (id integer primary key, code text unique, name text);
             create table two (a, b, primary key (a, b));
             create table secret (id integer primary key, name text);
             create table loose (name text);
             create table refs (id integer primary key, whole references one, code references one(code),
               part references two(a), hidden references secret(id), lost references nowhere(id),
               loose references loose(rowid), self references refs(id));
             create table none (id integer primary key, hidden references secret(id));
             create view v as select * from refs;",
        )
        .config(json!({"databases": {"data": {"tables": {"secret": {"allow": false}}}}}))
        .setting("base_url", "/p/")
        .start()
        .await;
    let (data, loaded) = page_data(&site, "/p/data/refs").await;
    let expected = json!({
        "database": "data",
        "table": "refs",
        "tableUrl": "/p/data/refs",
        "foreignKeys": {"self": "/p/data/refs/-/autocomplete", "whole": "/p/data/one/-/autocomplete"},
    });
    assert_eq!(data, expected);
    assert!(loaded);
    for name in ["none", "v"] {
        let (data, loaded) = page_data(&site, &format!("/p/data/{name}")).await;
        assert_eq!(data.get("foreignKeys"), None, "{name}");
        assert!(!loaded, "{name}");
    }
}
