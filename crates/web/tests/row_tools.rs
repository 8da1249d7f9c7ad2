//! Who finds buttons for rows on the pages, and what the pages tell scripts then.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use serde_json::{Value as Json, json};

const SQL: &str = "
    create table town (id integer primary key, name text not null);
    insert into town values (1, 'Ash & Oak');
    create table hidden_town (id integer primary key, name text);
    create table bird (
        id integer primary key, name text, weight real not null default 1.5,
        town_id integer references town(id), secret_id integer references hidden_town(id), photo blob
    );
    insert into bird (id, name, town_id) values (1, 'Wren <b>', 1);
    create table pair (a text, b text, v text, primary key (b, a));
    insert into pair values ('x', 'y', 'z');
    create table notes (body text);
    insert into notes values ('n');
    create view birds as select * from bird;";

/// Each of these may do one thing to rows; `all` may do all.
async fn site() -> TestSite {
    let may = |action: &str| json!({"id": [action, "all"]});
    TestSite::build()
        .database("data", SQL)
        .immutable("fixed", SQL)
        .config(json!({
            "permissions": {
                "insert-row": may("insert"), "update-row": may("update"), "delete-row": may("delete"),
            },
            "databases": {"data": {"tables": {
                "hidden_town": {"allow": false},
                "bird": {"column_types": {"name": {"type": "url"}}},
            }}},
        }))
        .start()
        .await
}

async fn page(site: &TestSite, actor: &str, path: &str) -> Answer {
    let answer = site.get_as(&Actor::with_id(actor), path).await;
    answer.with_status(200)
}

/// What the page tells scripts of its table.
fn table_data(page: &Answer) -> Option<Json> {
    let (_, data) = page.text().split_once("window._datasetteTableData = ")?;
    let (data, _) = data.split_once(";</script>")?;
    Some(serde_json::from_str(data).unwrap())
}

const MARKS: [(&str, &str); 3] = [
    ("insert", "data-table-action=\"insert-row\""),
    ("update", "data-row-action=\"edit\""),
    ("delete", "data-row-action=\"delete\""),
];

// Proves: UI-03, UI-07, UI-10, HTML-78, HTML-80
#[tokio::test]
async fn buttons_are_for_those_who_may() {
    let site = site().await;
    for actor in ["insert", "update", "delete", "all", "nobody"] {
        let table = page(&site, actor, "/data/bird").await;
        let fragment = page(&site, actor, "/data/bird/-/fragment?_row=1").await;
        let row = page(&site, actor, "/data/bird/1").await;
        for (may, mark) in MARKS {
            let is_expected = actor == may || actor == "all";
            let is_about_a_row = may != "insert";
            assert_eq!(table.text().contains(mark), is_expected, "{actor} {mark}");
            let on_row = is_expected && is_about_a_row;
            assert_eq!(row.text().contains(mark), on_row, "{actor} {mark}");
            assert_eq!(fragment.text().contains(mark), on_row, "{actor} {mark}");
        }
        let data = table_data(&table).unwrap();
        let may_insert = matches!(actor, "insert" | "all");
        assert_eq!(data.get("insertRow").is_some(), may_insert, "{actor}");
        let upsert = data["insertRow"].get("upsertPath");
        assert_eq!(upsert.is_some(), actor == "all", "{actor}");
        let may_change = matches!(actor, "update" | "delete" | "all");
        assert_eq!(table_data(&row).is_some(), may_change, "{actor}");
        assert_eq!(row.text().contains("edit-tools.js"), may_change, "{actor}");
        assert_eq!(
            row.text().contains("autocomplete.js"),
            may_change,
            "{actor}"
        );
    }
}

// Proves: UI-03, UI-07
#[tokio::test]
async fn views_and_immutable_databases_have_no_buttons() {
    let site = site().await;
    for path in [
        "/data/birds",
        "/fixed/bird",
        "/fixed/bird/1",
        "/fixed/bird/-/fragment?_row=1",
    ] {
        let page = page(&site, "all", path).await;
        for (_, mark) in MARKS {
            assert!(!page.text().contains(mark), "{path} {mark}");
        }
        assert!(!page.text().contains("insertRow"), "{path}");
    }
}

// Proves: UI-03, UI-04, UI-06
#[tokio::test]
async fn scripts_are_told_what_the_form_needs() {
    let site = site().await;
    let data = table_data(&page(&site, "all", "/data/bird").await).unwrap();
    assert_eq!(data["tableUrl"], "/data/bird");
    // The target that the actor may not view is not told.
    assert_eq!(
        data["foreignKeys"],
        json!({"town_id": "/data/town/-/autocomplete"})
    );
    let form = &data["insertRow"];
    assert_eq!(form["path"], "/data/bird/-/insert");
    assert_eq!(form["upsertPath"], "/data/bird/-/upsert");
    assert_eq!(form["primaryKeys"], json!(["id"]));
    assert_eq!(form["maxInsertRows"], 100);
    let names = |list: &Json| -> Vec<String> {
        let columns = list.as_array().unwrap().iter();
        columns
            .map(|column| column["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names(&form["columns"]),
        ["name", "weight", "town_id", "secret_id", "photo"]
    );
    assert_eq!(
        names(&form["bulkColumns"]),
        ["id", "name", "weight", "town_id", "secret_id", "photo"]
    );
    assert_eq!(
        form["columns"][1],
        json!({
            "name": "weight", "sqlite_type": "REAL", "notnull": 1, "default": "1.5", "has_default": true,
            "is_pk": false, "is_auto_pk": false, "value_kind": "number", "column_type": null,
        })
    );
    assert_eq!(
        form["columns"][0]["column_type"],
        json!({"type": "url", "config": null})
    );
    assert_eq!(form["bulkColumns"][0]["is_auto_pk"], true);

    let pair = table_data(&page(&site, "all", "/data/pair").await).unwrap();
    assert_eq!(pair["insertRow"]["primaryKeys"], json!(["b", "a"]));
    assert_eq!(names(&pair["insertRow"]["columns"]), ["a", "b", "v"]);
    let notes = table_data(&page(&site, "all", "/data/notes").await).unwrap();
    assert_eq!(notes["insertRow"]["primaryKeys"], json!([]));
}

// Proves: UI-07, UI-10
#[tokio::test]
async fn buttons_name_their_row_and_escape_it() {
    let site = site().await;
    let name = "1 Wren &lt;b&gt;\"";
    let table = page(&site, "all", "/data/bird").await;
    assert!(
        table
            .text()
            .contains(&format!("aria-label=\"Edit row {name}"))
    );
    assert!(
        table
            .text()
            .contains(&format!("aria-label=\"Delete row {name}"))
    );
    let pair = page(&site, "all", "/data/pair").await;
    assert!(pair.text().contains("data-row=\"y,x\""));
    assert!(pair.text().contains("aria-label=\"Edit row y,x\""));
    let row = page(&site, "all", "/data/bird/1").await;
    let button = format!(
        "aria-label=\"Edit row {name} data-row=\"1\" data-row-action=\"edit\" data-row-label=\"Wren &lt;b&gt;\""
    );
    assert!(row.text().contains(&button), "{}", row.text());
}
