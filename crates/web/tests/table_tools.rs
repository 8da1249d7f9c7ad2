//! Who finds the way to the dialogs that change tables, and what the pages tell scripts then.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use serde_json::{Value as Json, json};

const SQL: &str = "
    create table town (code text primary key, name text);
    create table veiled (hiddenkey integer primary key);
    create table bird (
        id integer primary key, name text not null default 'it''s', seen text default CURRENT_DATE,
        weight numeric, town text references TOWN, veiled_id integer references veiled,
        lost_id integer references lost(id), odd_id integer references lost,
        twice generated always as (weight * 2)
    );
    insert into bird (id) values (1);
    create table \"a b/c&d\" (id integer primary key);
    create view birds as select * from bird;";

const ALTER: &str = "data-table-action=\"alter-table\"";

/// Each of these may do one thing to tables; `all` may do all.
async fn site(base_url: &str) -> TestSite {
    let may = |action: &str| json!({"id": [action, "all"]});
    TestSite::build()
        .database("data", SQL)
        .immutable("fixed", SQL)
        .config(json!({
            "settings": {"base_url": base_url},
            "permissions": {
                "alter-table": may("alter"), "drop-table": may("drop"), "set-column-type": may("type"),
            },
            "databases": {"data": {"tables": {
                "veiled": {"allow": false},
                "bird": {"column_types": {"name": {"type": "email", "config": {"a": 1}}}},
            }}},
        }))
        .start()
        .await
}

async fn page(site: &TestSite, actor: &str, path: &str) -> Answer {
    let answer = site.get_as(&Actor::with_id(actor), path).await;
    answer.with_status(200)
}

/// What the page assigns to a variable of scripts.
fn told(page: &Answer, variable: &str) -> Option<Json> {
    let (_, data) = page.text().split_once(&format!("window.{variable} = "))?;
    let (data, _) = data.split_once(";</script>")?;
    Some(serde_json::from_str(data).unwrap())
}

fn form(page: &Answer) -> Option<Json> {
    let mut data = told(page, "_datasetteTableData")?;
    data.get_mut("alterTable").map(Json::take)
}

// Proves: UI-02, UI-05, UI-09, UI-42
#[tokio::test]
async fn dialogs_are_for_those_who_may() {
    let site = site("/").await;
    for actor in ["alter", "drop", "type", "all", "nobody"] {
        let table = page(&site, actor, "/data/bird").await;
        let may_alter = matches!(actor, "alter" | "all");
        assert_eq!(table.text().contains(ALTER), may_alter, "{actor}");
        let form = form(&table);
        assert_eq!(form.is_some(), may_alter, "{actor}");
        let form = form.unwrap_or_default();
        assert_eq!(form.get("dropPath").is_some(), actor == "all", "{actor}");
        let types = form.get("customColumnTypes");
        assert_eq!(types.is_some(), actor == "all", "{actor}");
        let may_type = matches!(actor, "type" | "all");
        let choices = told(&table, "_setColumnTypeData");
        assert_eq!(choices.is_some(), may_type, "{actor}");
        let extra = "/data/bird.json?_extra=set_column_type_ui&_size=0";
        let answer = page(&site, actor, extra).await.json();
        let choices = choices.unwrap_or(Json::Null);
        assert_eq!(answer["set_column_type_ui"], choices, "{actor}");
    }
}

// Proves: UI-05, UI-09, UI-42, EXTRA-32
#[tokio::test]
async fn views_and_immutable_databases_are_not_altered() {
    let site = site("/").await;
    for path in ["/data/birds", "/fixed/bird", "/fixed/birds", "/data/bird/1"] {
        let page = page(&site, "all", path).await;
        assert!(!page.text().contains(ALTER), "{path}");
        assert!(!page.text().contains("alterTable"), "{path}");
        // What columns mean is no part of the database.
        let choices = told(&page, "_setColumnTypeData");
        assert_eq!(choices.is_some(), path == "/fixed/bird", "{path}");
    }
}

// Proves: UI-05, UI-42
#[tokio::test]
async fn scripts_are_told_what_the_dialogs_need() {
    let site = site("/below/").await;
    let bird = page(&site, "all", "/below/data/bird").await;
    let form = form(&bird).unwrap();
    assert_eq!(form["path"], "/below/data/bird/-/alter");
    assert_eq!(form["dropPath"], "/below/data/bird/-/drop");
    let column = |name: &str| {
        let mut columns = form["columns"].as_array().unwrap().iter();
        columns.find(|column| column["name"] == name).cloned()
    };
    let expected = json!({
        "name": "name", "type": "text", "sqlite_type": "TEXT", "notnull": 1, "default": "'it''s'",
        "has_default": true, "is_pk": false, "foreign_key": null,
        "column_type": {"type": "email", "config": {"a": 1}},
    });
    assert_eq!(column("name").unwrap(), expected);
    let seen = column("seen").unwrap();
    assert_eq!(
        (
            &seen["default"],
            &seen["has_default"],
            &seen["default_expr"]
        ),
        (&Json::Null, &json!(true), &json!("current_date"))
    );
    let weight = column("weight").unwrap();
    assert_eq!(
        (&weight["type"], &weight["sqlite_type"]),
        (&json!("text"), &json!("NUMERIC"))
    );
    assert_eq!(column("twice"), None);
    let refers = |name: &str| column(name).unwrap()["foreign_key"].clone();
    let town = json!({"fk_table": "TOWN", "fk_column": "code"});
    assert_eq!(refers("town"), town);
    let lost = json!({"fk_table": "lost", "fk_column": "id"});
    assert_eq!(refers("lost_id"), lost);
    assert_eq!(refers("odd_id"), Json::Null);
    // The name of a column that only a hidden table tells.
    assert_eq!(refers("veiled_id"), Json::Null);
    assert!(!bird.text().contains("hiddenkey"));

    let choices = told(&bird, "_setColumnTypeData").unwrap();
    assert_eq!(choices["path"], "/below/data/bird/-/set-column-type");
    let name = &choices["columns"]["name"];
    assert_eq!(
        name["current"],
        json!({"type": "email", "config": {"a": 1}})
    );
    assert_eq!(
        name["options"][1],
        json!({"name": "json", "description": "JSON data"})
    );
    assert_eq!(
        choices["columns"]["id"],
        json!({"current": null, "options": []})
    );

    let odd = page(&site, "all", "/below/data/a+b~2Fc~26d").await;
    let targets =
        told(&odd, "_datasetteTableData").unwrap()["alterTable"]["foreignKeyTargetsPath"].take();
    let expected = "/below/data/-/foreign-key-targets?table=a%20b%2Fc%26d";
    assert_eq!(targets, expected);
    let answer = page(&site, "all", expected).await.json();
    assert_eq!(answer["targets"].as_array().unwrap().len(), 3);
}
