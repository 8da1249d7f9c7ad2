//! Tables that are made, changed and dropped: what the comparison with the original cannot show.

use std::sync::Arc;

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use crate::around::{Ears, Noted};
use crate::{SQL, post, post_as};

const TABLES: &str = "
    create table owners (id integer primary key, name text);
    insert into owners values (1, 'Ann');
    create table docs (id integer primary key, body text);
    insert into docs values (1, 'hello');
    create virtual table f1 using fts5(body, content=docs, content_rowid=id);
    create virtual table f2 using fts5(body, content='docs', content_rowid=id);
    create virtual table f3 using fts4(body, content=\"docs\");
    create virtual table own using fts5(body);
    create trigger fill after insert on owners begin INSERT INTO \"f1\"(body) values ('x'); end;
    create trigger stay after insert on owners begin insert into own(body) values ('x'); end;
    create view seen as select name from owners;";

async fn site() -> (TestSite, Noted) {
    let noted = Noted::default();
    let site = TestSite::build()
        .database("data", TABLES)
        .immutable("still", SQL)
        .root()
        .plugin(Arc::new(Ears(Arc::clone(&noted))))
        .start()
        .await;
    (site, noted)
}

async fn schema(site: &TestSite, table: &str) -> Json {
    let path = format!("/data/{table}.json?_extra=table_definition");
    site.get(&path).await.json()["table_definition"].clone()
}

fn op(name: &str, arguments: Json) -> Json {
    json!({"op": name, "args": arguments})
}

async fn alter(site: &TestSite, table: &str, operations: Json) -> Answer {
    let body = json!({"operations": operations});
    post(site, &format!("/data/{table}/-/alter"), &body).await
}

fn names(noted: &Mutex<Vec<Json>>) -> Vec<Json> {
    let told = std::mem::take(&mut *noted.lock());
    told.into_iter()
        .map(|event| json!([event[0], event[2]]))
        .collect()
}

// Proves: WRITE-83, WRITE-86, WRITE-87, WRITE-88, WRITE-94, WRITE-107
#[tokio::test]
async fn a_table_is_described_changed_and_renamed() {
    let (site, _) = site().await;
    let body = json!({"table": "item", "pk": "id", "columns": [
        {"name": "id", "type": "integer"},
        {"name": "title", "not_null": true, "default": "it's"},
        {"name": "price", "type": "float", "default": 1.5},
        {"name": "flag", "type": "integer", "default": true},
        {"name": "owner_id", "type": "integer", "fk_table": "owners"},
        {"name": "created", "default_expr": "current_timestamp"},
        {"name": "ts", "type": "integer", "default_expr": "current_unixtime"},
        {"name": "ms", "type": "integer", "default_expr": "current_unixtime_ms"},
        {"name": "d", "default_expr": "current_date"},
        {"name": "data", "type": "blob"}]});
    let answer = post(&site, "/data/-/create", &body).await;
    assert_eq!(answer.status, 201);
    let times = "   \"created\" TEXT DEFAULT CURRENT_TIMESTAMP,\n   \
        \"ts\" INTEGER DEFAULT ((CAST(strftime('%s', 'now') AS INTEGER))),\n   \
        \"ms\" INTEGER DEFAULT ((CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))),\n   \
        \"d\" TEXT DEFAULT CURRENT_DATE,\n   \"data\" BLOB\n)";
    assert_eq!(
        answer.json()["schema"],
        format!(
            "CREATE TABLE \"item\" (\n   \"id\" INTEGER PRIMARY KEY,\n   \
             \"title\" TEXT NOT NULL DEFAULT 'it''s',\n   \"price\" REAL DEFAULT 1.5,\n   \
             \"flag\" INTEGER DEFAULT 1,\n   \
             \"owner_id\" INTEGER REFERENCES \"owners\"(\"id\"),\n{times}"
        )
    );
    let operations = json!([
        op("rename_column", json!({"name": "title", "to": "name"})),
        op("add_column", json!({"name": "note"})),
        op(
            "alter_column",
            json!({"name": "price", "type": "integer", "default": null})
        ),
        op("drop_column", json!({"name": "flag"})),
        op("rename_table", json!({"to": "items"})),
        op("set_foreign_keys", json!({"foreign_keys": []})),
        op("reorder_columns", json!({"columns": ["id", "note"]})),
    ]);
    let answer = alter(&site, "item", operations).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    assert_eq!(json["table"], "items");
    assert_eq!(json["altered"], true);
    assert_eq!(json["operations_applied"], 7);
    assert_eq!(
        json["schema"],
        format!(
            "CREATE TABLE \"items\" (\n   \"id\" INTEGER PRIMARY KEY,\n   \"note\" TEXT,\n   \
             \"name\" TEXT NOT NULL DEFAULT 'it''s',\n   \"price\" INTEGER,\n   \
             \"owner_id\" INTEGER,\n{times}"
        )
    );
    // The next request knows it.
    assert_eq!(site.get("/data/items.json").await.status, 200);
    assert_eq!(site.get("/data/item.json").await.status, 404);
}

// Proves: WRITE-84
#[tokio::test]
async fn a_table_is_made_for_rows() {
    let (site, _) = site().await;
    let body = json!({"table": "fromrows", "pk": "id", "rows": [
        {"id": 1, "n": 1, "s": "x", "f": 1, "nul": null, "o": {"a": [1, "é"]}, "b": true},
        {"id": 2, "n": 2, "s": 3, "f": 2.5, "nul": null, "o": [1], "b": false, "extra": "e"}]});
    let answer = post(&site, "/data/-/create", &body).await.json();
    assert_eq!(answer["row_count"], 2);
    assert_eq!(
        answer["schema"],
        "CREATE TABLE \"fromrows\" (\n   \"id\" INTEGER PRIMARY KEY,\n   \"n\" INTEGER,\n   \
         \"s\" TEXT,\n   \"f\" REAL,\n   \"nul\" TEXT,\n   \"o\" TEXT,\n   \"b\" INTEGER,\n   \
         \"extra\" TEXT\n)"
    );
    let rows = site.get("/data/fromrows.json?_shape=array").await.json();
    assert_eq!(rows[0]["o"], "{\"a\": [1, \"é\"]}");
    assert_eq!(rows[0]["extra"], Json::Null);
}

// Proves: WRITE-90, EVT-07, EVT-15
#[tokio::test]
async fn making_a_table_is_told_in_order() {
    let (site, noted) = site().await;
    let create = |body: Json| {
        let site = &site;
        async move { post(site, "/data/-/create", &body).await.status }
    };
    let described = json!({"table": "a", "columns": [{"name": "x"}]});
    assert_eq!(create(described.clone()).await, 201);
    let schema = "CREATE TABLE \"a\" (\n   \"x\" TEXT\n)";
    let of = |name: &str| json!({"database": "data", "table": name});
    let with = |mut about: Json, more: Json| {
        let more = more.as_object().unwrap().clone();
        about.as_object_mut().unwrap().extend(more);
        about
    };
    let made = json!(["create-table", with(of("a"), json!({"schema": schema}))]);
    assert_eq!(names(&noted), [made]);
    // What fails is told to nobody.
    assert_eq!(create(described).await, 400);
    assert_eq!(
        create(json!({"table": "b", "rows": [{"i": 1}, {"i": 1}], "pks": ["i"]})).await,
        400
    );
    assert_eq!(names(&noted), Vec::<Json>::new());
    assert_eq!(site.get("/data/b.json").await.status, 404);
    let rows = json!({"table": "c", "row": {"i": 1}, "pk": "i", "ignore": true});
    assert_eq!(create(rows).await, 201);
    let told = names(&noted);
    assert_eq!(told[0][0], "create-table");
    let counted = json!({"num_rows": 1, "ignore": true, "replace": null});
    assert_eq!(told[1], json!(["insert-rows", with(of("c"), counted)]));
    let wider = json!({"table": "c", "rows": [{"i": 2, "j": 1}], "alter": true});
    assert_eq!(create(wider).await, 201);
    let told = names(&noted);
    assert_eq!(
        (&told[0][0], &told[1][0]),
        (&json!("alter-table"), &json!("insert-rows"))
    );
    assert_eq!(told.len(), 2);
    assert!(
        told[0][1]["after_schema"]
            .as_str()
            .unwrap()
            .contains("\"j\" INTEGER")
    );
}

// Proves: WRITE-108, EVT-14
#[tokio::test]
async fn a_new_name_is_told_before_the_change() {
    let (site, noted) = site().await;
    let renaming = json!([op("rename_table", json!({"to": "people"}))]);
    assert_eq!(alter(&site, "owners", renaming).await.status, 200);
    let told = names(&noted);
    let renamed = json!({"database": "data", "old_table": "owners", "new_table": "people"});
    assert_eq!(told[0], json!(["rename-table", renamed]));
    assert_eq!(told[1][0], "alter-table");
    assert_eq!(told[1][1]["table"], "people");
    // A table that was made anew is another one.
    let both = json!([
        op("rename_table", json!({"to": "owners"})),
        op("alter_column", json!({"name": "name", "default": "x"})),
    ]);
    assert_eq!(alter(&site, "people", both).await.status, 200);
    let told = names(&noted);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0][0], "alter-table");
    // Nothing changed, nothing is told.
    let nothing = json!([op("rename_table", json!({"to": "owners"}))]);
    let answer = alter(&site, "owners", nothing).await;
    assert_eq!(
        (answer.status, &answer.json()["altered"]),
        (200, &json!(false))
    );
    assert_eq!(names(&noted), Vec::<Json>::new());
}

// Proves: WRITE-105, WRITE-106
#[tokio::test]
async fn altering_keeps_triggers_and_refuses_what_is_no_table() {
    let (site, _) = site().await;
    let operations = json!([op("alter_column", json!({"name": "name", "default": "x"}))]);
    assert_eq!(alter(&site, "owners", operations.clone()).await.status, 200);
    let row = json!({"row": {"id": 2}});
    assert_eq!(post(&site, "/data/owners/-/insert", &row).await.status, 201);
    let filled = site.get("/data/own.json?_shape=array").await.json();
    assert_eq!(filled.as_array().unwrap().len(), 1);
    for (table, words) in [
        ("own", "virtual tables may not be altered"),
        ("own_data", "Structured writes require an ordinary table"),
        ("seen", "Structured writes require an ordinary table"),
    ] {
        let answer = alter(&site, table, operations.clone()).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!(words)),
            "{table}"
        );
    }
}

// Proves: WRITE-112, WRITE-113, WRITE-114, EVT-08
#[tokio::test]
async fn a_dropped_table_takes_its_indexes_along() {
    let (site, noted) = site().await;
    for body in [
        "[]",
        "[{\"confirm\": true}]",
        "5",
        "\"confirm\"",
        "null",
        "{",
    ] {
        let root = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
        let question = Question::post("/data/docs/-/drop", body).header("cookie", &root);
        let answer = site.ask(question).await;
        assert_eq!(answer.status, 200, "{body}");
        assert_eq!(answer.json()["row_count"], 1);
    }
    let confirmed = json!({"confirm": true});
    for table in ["own", "own_data", "f1"] {
        let answer = post(&site, &format!("/data/{table}/-/drop"), &confirmed).await;
        assert_eq!(answer.status, 400, "{table}");
        assert_eq!(
            answer.json()["error"],
            "Structured writes require an ordinary table"
        );
    }
    assert_eq!(names(&noted), Vec::<Json>::new());
    let answer = post(&site, "/data/docs/-/drop", &confirmed).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})));
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("ds_messages="), "{cookie}");
    let value = cookie["ds_messages=".len()..].split(';').next().unwrap();
    let value = value.trim_matches('"');
    let message = site.signer().unsign(value, "messages").unwrap();
    assert_eq!(message, json!([["Table docs dropped", 2]]));
    let about = json!({"database": "data", "table": "docs"});
    assert_eq!(names(&noted), [json!(["drop-table", about])]);
    for gone in ["docs", "f1", "f2", "f3", "f1_data"] {
        assert_eq!(
            site.get(&format!("/data/{gone}.json")).await.status,
            404,
            "{gone}"
        );
    }
    assert_eq!(site.get("/data/own.json").await.status, 200);
    // The trigger that filled an index is gone, the other one is not.
    let row = json!({"row": {"id": 2}});
    assert_eq!(post(&site, "/data/owners/-/insert", &row).await.status, 201);
    let definition = schema(&site, "owners").await;
    assert!(
        !definition.as_str().unwrap().contains("fill"),
        "{definition}"
    );
}

// Proves: WRITE-92
#[tokio::test]
async fn rows_that_are_none() {
    let (site, _) = site().await;
    for body in [
        json!({"table": "x", "row": 5}),
        json!({"table": "x", "row": [1]}),
        json!({"table": "x", "row": "text"}),
        json!({"table": "x", "row": true}),
        json!({"table": "x", "rows": [1]}),
        json!({"table": "x", "rows": [{}, null]}),
    ] {
        let answer = post(&site, "/data/-/create", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(
            answer.json()["error"],
            "rows must be a list of objects",
            "{body}"
        );
    }
}

// Proves: WRITE-70, WRITE-79
#[tokio::test]
async fn each_thing_takes_its_permission() {
    let site = TestSite::build()
        .database("data", TABLES)
        .config(json!({
            "databases": {"data": {"permissions": {
                "create-table": {"id": ["maker", "inserter", "replacer"]},
                "insert-row": {"id": ["inserter", "replacer"]},
                "update-row": {"id": "replacer"},
            }}}
        }))
        .start()
        .await;
    let rows = json!({"table": "x", "rows": [{"i": 1}], "pk": "i"});
    let replacing = json!({"table": "x", "rows": [{"i": 1}], "pk": "i", "replace": true});
    let wider = json!({"table": "owners", "rows": [{"id": 3, "j": 1}], "alter": true});
    for (id, body, words) in [
        ("nobody", &rows, "Permission denied"),
        ("maker", &rows, "Permission denied: need insert-row"),
        ("maker", &replacing, "Permission denied: need update-row"),
        ("inserter", &replacing, "Permission denied: need update-row"),
        ("replacer", &wider, "Permission denied: need alter-table"),
    ] {
        let answer = post_as(&site, &Actor::with_id(id), "/data/-/create", body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (403, &json!(words)),
            "{id}"
        );
    }
    let described = json!({"table": "y", "columns": [{"name": "a"}], "alter": true});
    for (id, body) in [
        ("maker", &described),
        ("inserter", &rows),
        ("replacer", &replacing),
    ] {
        let answer = post_as(&site, &Actor::with_id(id), "/data/-/create", body).await;
        assert_eq!(answer.status, 201, "{id}");
    }
    let missing = post_as(&site, &Actor::with_id("maker"), "/nope/-/create", &rows).await;
    assert_eq!(missing.status, 404);
    assert!(
        missing
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
}

// Proves: WRITE-119, WRITE-122
#[tokio::test]
async fn types_of_columns_live_by_names_alone() {
    let (site, _) = site().await;
    let typed = json!({"column": "name", "column_type": {"type": "email", "config": {"a": 1}}});
    let wanted = |column: &str| json!({"column": column, "column_type": {"type": "textarea"}});
    for (path, body) in [
        ("/data/owners", &typed),
        ("/data/seen", &wanted("name")),
        ("/still/t", &wanted("name")),
    ] {
        let answer = post(&site, &format!("{path}/-/set-column-type"), body).await;
        assert_eq!(answer.status, 200, "{path}");
        let path = format!("{path}.json?_extra=column_types");
        let told = site.get(&path).await.json()["column_types"].clone();
        assert_eq!(told["name"]["type"], body["column_type"]["type"], "{path}");
    }
    let renaming = json!([op("rename_column", json!({"name": "name", "to": "title"}))]);
    assert_eq!(alter(&site, "owners", renaming).await.status, 200);
    let types = |table: &'static str| {
        let site = &site;
        async move {
            let path = format!("/data/{table}.json?_extra=column_types");
            site.get(&path).await.json()["column_types"].clone()
        }
    };
    assert_eq!(types("owners").await, json!({}));
    let confirmed = json!({"confirm": true});
    assert_eq!(
        post(&site, "/data/owners/-/drop", &confirmed).await.status,
        200
    );
    let again = json!({"table": "owners", "columns": [{"name": "name"}]});
    assert_eq!(post(&site, "/data/-/create", &again).await.status, 201);
    assert_eq!(types("owners").await["name"]["type"], "email");
}

// Proves: WRITE-86
#[tokio::test]
async fn hostile_names_and_sizes() {
    let (site, _) = site().await;
    for name in [
        "it's",
        "a\"b",
        "[a]",
        "a`b",
        "select",
        "é",
        " ",
        "x); drop table owners; --",
        "😀",
        "a\tb",
    ] {
        let body = json!({"table": name, "row": {name: "x", "other": null}, "pk": name});
        let answer = post(&site, "/data/-/create", &body).await;
        assert_eq!(answer.status, 201, "{name} {}", answer.text());
        let url = answer.json()["table_api_url"].as_str().unwrap().to_owned();
        let path = url.split_once("localhost").unwrap().1.to_owned();
        assert_eq!(site.get(&path).await.json()["rows"][0][name], "x", "{name}");
    }
    let columns: Vec<Json> = (0..10_000)
        .map(|n| json!({"name": format!("c{n}")}))
        .collect();
    let body = json!({"table": "wide", "columns": columns});
    let answer = post(&site, "/data/-/create", &body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "too many columns on wide");
    let deep = "[".repeat(100_000);
    let root = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
    for path in [
        "/data/-/create",
        "/data/owners/-/alter",
        "/data/owners/-/set-column-type",
    ] {
        let question = Question::post(path, deep.clone()).header("cookie", &root);
        assert_eq!(site.ask(question).await.status, 400, "{path}");
    }
    let many: Vec<Json> = (0..300)
        .map(|n| op("add_column", json!({"name": format!("c{n}"), "default": n})))
        .collect();
    assert_eq!(alter(&site, "owners", many.into()).await.status, 200);
    assert_eq!(
        site.get("/data/owners.json").await.json()["rows"][0]["name"],
        "Ann"
    );
}

// Proves: WRITE-08
#[tokio::test]
async fn one_mistake_undoes_all_operations() {
    let (site, noted) = site().await;
    let before = schema(&site, "owners").await;
    let operations = json!([
        op("add_column", json!({"name": "more"})),
        op("rename_column", json!({"name": "name", "to": "title"})),
        op("alter_column", json!({"name": "more", "not_null": true})),
    ]);
    let answer = alter(&site, "owners", operations).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["error"],
        "NOT NULL constraint failed: owners.more"
    );
    assert_eq!(schema(&site, "owners").await, before);
    let seen = site.get("/data/seen.json?_shape=array").await.json();
    assert_eq!(seen, json!([{"name": "Ann"}]));
    assert_eq!(names(&noted), Vec::<Json>::new());
}
