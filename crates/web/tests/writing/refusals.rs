//! What SQLite, types of columns and permissions refuse; what every answer carries.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::{Value as Json, json};

use crate::{SQL, post, post_as};

const STRICT: &str = "
    create table dogs (id integer primary key, name text unique not null, age integer check (age < 30));
    insert into dogs values (1, 'Rex', 3), (2, 'Fido', 4);
    create table rules (id integer primary key, n integer) strict;
    create table guarded (id integer primary key);
    insert into guarded values (1);
    create trigger keep before delete on guarded begin select raise(abort, 'guarded rows stay'); end;
    create trigger no_news before update on guarded begin select raise(fail, 'guarded rows never change'); end;";

async fn rows(site: &TestSite, table: &str) -> Json {
    let path = format!("/data/{table}.json?_shape=array");
    site.get(&path).await.json()
}

// Proves: WRITE-09, WRITE-65
#[tokio::test]
async fn refusals_of_sqlite_are_told_in_its_words() {
    let site = TestSite::build()
        .database("data", STRICT)
        .root()
        .start()
        .await;
    let before = (rows(&site, "dogs").await, rows(&site, "guarded").await);
    for (path, body, words) in [
        (
            "dogs/-/insert",
            json!({"row": {"id": 1, "name": "x"}}),
            "UNIQUE constraint failed: dogs.id",
        ),
        (
            "dogs/-/insert",
            json!({"rows": [{"name": "Rex"}]}),
            "UNIQUE constraint failed: dogs.name",
        ),
        (
            "dogs/-/insert",
            json!({"row": {}}),
            "NOT NULL constraint failed: dogs.name",
        ),
        (
            "dogs/-/upsert",
            json!({"rows": [{"id": 2, "name": "Rex"}]}),
            "UNIQUE constraint failed: dogs.name",
        ),
        (
            "dogs/1/-/update",
            json!({"update": {"age": 31}}),
            "CHECK constraint failed: age < 30",
        ),
        (
            "dogs/1/-/update",
            json!({"update": {"id": "x"}}),
            "datatype mismatch",
        ),
        (
            "dogs/1/-/update",
            json!({"update": {"nothing": 1}}),
            "no such column: nothing",
        ),
        (
            "rules/-/insert",
            json!({"row": {"n": "x"}}),
            "cannot store TEXT value in INTEGER column rules.n",
        ),
        ("guarded/1/-/delete", json!({}), "guarded rows stay"),
        (
            "guarded/1/-/update",
            json!({"update": {"id": 2}}),
            "guarded rows never change",
        ),
    ] {
        let answer = post(&site, &format!("/data/{path}"), &body).await;
        assert_eq!(answer.json()["error"], words, "{path}");
        assert_eq!(answer.status, 400, "{path}");
    }
    assert_eq!(
        (rows(&site, "dogs").await, rows(&site, "guarded").await),
        before
    );
}

// Proves: WRITE-21, WRITE-26
#[tokio::test]
async fn values_that_do_not_fit_their_types_are_all_told() {
    let types = json!({"column_types": {"name": "email"}});
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"tables": {"t": types}}}}))
        .root()
        .start()
        .await;
    let before = rows(&site, "t").await;
    let bad = json!([{"id": 5, "name": "none"}, {"id": 6, "name": "a@b.c"}, {"id": 7, "name": 7}, {"id": 8, "name": null}]);
    let expected = json!([
        "name: Invalid email address",
        "name: Email must be a string"
    ]);
    for verb in ["insert", "upsert"] {
        let answer = post(&site, &format!("/data/t/-/{verb}"), &json!({"rows": bad})).await;
        assert_eq!((answer.status, &answer.json()["errors"]), (400, &expected));
    }
    let update = json!({"update": {"name": "none", "n": 5}});
    let answer = post(&site, "/data/t/1/-/update", &update).await;
    assert_eq!(
        answer.json()["errors"],
        json!(["name: Invalid email address"])
    );
    assert_eq!(rows(&site, "t").await, before);
    let many = |count: usize| json!({"rows": vec![json!({"n": 1}); count]});
    let answer = post(&site, "/data/t/-/insert", &many(101)).await;
    assert_eq!(
        answer.json()["error"],
        "Too many rows, maximum allowed is 100"
    );
    assert_eq!(
        post(&site, "/data/t/-/insert", &many(100)).await.status,
        201
    );
}

// Proves: WRITE-29, WRITE-31, WRITE-42, WRITE-54
#[tokio::test]
async fn more_than_inserting_needs_more_permissions() {
    let inserter = json!({"id": "inserter"});
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"permissions": {"insert-row": inserter}}))
        .start()
        .await;
    let before = rows(&site, "t").await;
    let inserter = Actor::with_id("inserter");
    let row = json!([{"id": 1, "name": "changed"}]);
    for (path, body, words) in [
        (
            "t/-/insert",
            json!({"rows": row, "replace": true}),
            "Permission denied: need update-row to use \"replace\"",
        ),
        (
            "t/-/insert",
            json!({"rows": row, "alter": true}),
            "Permission denied for alter-table",
        ),
        (
            "t/-/upsert",
            json!({"rows": row}),
            "Permission denied: need both insert-row and update-row",
        ),
        (
            "t/1/-/update",
            json!({"update": {"n": 1}}),
            "Permission denied",
        ),
        (
            "t/9/-/update",
            json!({"update": {"n": 1}}),
            "Permission denied",
        ),
        ("t/1/-/delete", json!({}), "Permission denied"),
    ] {
        let answer = post_as(&site, &inserter, &format!("/data/{path}"), &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (403, &json!(words)),
            "{path}"
        );
    }
    assert_eq!(rows(&site, "t").await, before);
}

// Proves: CSRF-12, CSRF-14
#[tokio::test]
async fn answers_to_writes_carry_the_headers_of_other_sites() {
    for with_cors in [true, false] {
        let builder = TestSite::build().database("data", SQL).root();
        let site = match with_cors {
            true => builder.cors().start().await,
            false => builder.start().await,
        };
        let cookie = format!("ds_actor={}", site.cookie(&Actor::with_id("root")));
        let post = |path: &str, body: &str| {
            Question::post(path, body.to_owned()).header("cookie", &cookie)
        };
        let mut options = Question::get("/data/t/-/insert");
        options.method = "OPTIONS".parse().unwrap();
        for (question, status) in [
            (post("/data/t/-/insert", r#"{"row": {}}"#), 201),
            (post("/data/t/-/insert", "{"), 400),
            (post("/data/none/-/insert", "{}"), 404),
            (Question::post("/data/t/-/insert", "{}"), 403),
            (options, 200),
            (Question::get("/data/t.json"), 200),
            (Question::get("/data/t.csv"), 200),
        ] {
            let answer = site.ask(question).await;
            assert_eq!(answer.status, status);
            for (name, value) in [
                ("access-control-allow-origin", "*"),
                (
                    "access-control-allow-headers",
                    "Authorization, Content-Type",
                ),
                ("access-control-expose-headers", "Link"),
                ("access-control-allow-methods", "GET, POST, HEAD, OPTIONS"),
                ("access-control-max-age", "3600"),
            ] {
                let expected = with_cors.then_some(value);
                assert_eq!(answer.header(name), expected, "{status} {name}");
            }
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
        let mut options = Question::get("/data/t/1/-/update");
        options.method = "OPTIONS".parse().unwrap();
        assert_eq!(site.ask(options).await.text(), "ok");
    }
}
