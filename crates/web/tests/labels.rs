//! Labels of foreign keys on pages: when they are shown, where they lead, and that they may be late.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_testkit::TestSite;
use serde_json::json;

const SQL: &str = "
    create table region (id integer primary key, code text unique, name text);
    insert into region values (10, 'up', 'Uplands'), (20, 'down', 'Downlands');
    create table town (id integer primary key, region integer references region(id),
      code text references region(code));
    insert into town values (1, 10, 'down'), (2, 99, 'gone'), (3, null, null);";

async fn cells(path: &str) -> String {
    let site = TestSite::with(SQL).await;
    let page = site.get(path).await.with_status(200);
    let rows = page.text().split("<tbody>").nth(1).unwrap();
    rows.split("</tbody>").next().unwrap().to_owned()
}

// Proves: LABEL-02
#[tokio::test]
async fn pages_show_labels_unless_they_are_switched_off() {
    let label = "<a href=\"/data/region/10\">up</a>&nbsp;<em>10</em>";
    for on in [
        "",
        "?_labels=on",
        "?_labels=TRUE",
        "?_labels=perhaps",
        "?_labels=",
    ] {
        let shown = cells(&format!("/data/town{on}")).await;
        assert!(shown.contains(label), "{on}: {shown}");
    }
    for off in ["off", "False", "0"] {
        let shown = cells(&format!("/data/town?_labels={off}")).await;
        assert!(!shown.contains("/data/region/"), "{off}: {shown}");
    }
}

// Proves: LABEL-16
#[tokio::test]
async fn a_label_leads_to_the_value_as_a_key() {
    let shown = cells("/data/town").await;
    assert!(
        shown.contains("<a href=\"/data/region/down\">down</a>"),
        "{shown}"
    );
    // What is not found is no link.
    assert!(!shown.contains("/data/region/99") && !shown.contains("/data/region/gone"));
}

// Proves: LABEL-11
#[tokio::test]
async fn labels_that_take_too_long_are_left_out() {
    let part = "substr(hex(zeroblob(100000 + id)), 1, 1)";
    let sql = format!(
        "create table slow (id integer primary key);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)
         insert into slow select i from n;
         create table quick (id integer primary key, name text);
         insert into quick values (1, 'one');
         create table refs (id integer primary key, slow references slow(id), quick references quick(id));
         insert into refs select id, id, 1 from slow;
         alter table slow add column name text as (id || {});",
        vec![part; 80].join(" || ")
    );
    let site = TestSite::build()
        .database("data", &sql)
        .config(json!({"databases": {"data": {"tables": {"slow": {"label_column": "name"}}}}}))
        .setting("sql_time_limit_ms", "1000")
        .setting("max_returned_rows", "400")
        .start()
        .await;
    let path = "/data/refs.json?_labels=on&_size=400&_nocount=1";
    let answer = site.get(path).await.with_status(200).json();
    assert_eq!(answer["rows"].as_array().unwrap().len(), 400);
    // One that is late does not keep the others away.
    let expected = json!({"id": 7, "slow": 7, "quick": {"value": 1, "label": "one"}});
    assert_eq!(answer["rows"][6], expected);
}
