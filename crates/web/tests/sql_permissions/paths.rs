//! Each path that runs SQL of a visitor refuses what the visitor may not view.

use datasette_core::{Actor, StoredQuery};
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::json;

use crate::{ROWS, SCHEMA, configuration, encoded, query, site};

const REFUSED: &str = "This SQL reads a table that you do not have permission to view";

fn is_refusal(answer: &Answer) -> bool {
    let text = answer.text();
    answer.status == 403 && text.contains(REFUSED) && !text.contains("canary")
}

/// Paths that show what only Ann may view.
fn forbidden_paths() -> Vec<String> {
    let statements = [
        "select * from person",
        "select name from town where id in (select town from person)",
        "select * from town_mayor",
        "select * from rich",
        "with a as (select * from person) select * from a",
        "select * from person_search('canary')",
        "select * from person_word",
        "select sql from sqlite_master",
        "select * from sqlite_sequence",
        "select * from pragma_table_info('person')",
        "explain query plan select * from person",
        "select salry from person",
    ];
    let mut paths = Vec::new();
    for sql in statements {
        for format in ["", ".json", ".csv", ".blob"] {
            paths.push(query(format, sql));
        }
        paths.push(query(".csv", sql) + "&_stream=on");
        paths.push(query(".json", sql) + "&_shape=array");
    }
    let conditions = [
        "id in (select town from person)",
        "exists (select 1 from note)",
        "(select count(*) from sqlite_master) > 0",
        "mayor = (select id from town_mayor limit 1)",
        "0 union select id, name, salary, town from person",
    ];
    for condition in conditions {
        let condition = encoded(condition);
        for path in ["town", "town.json", "town.csv"] {
            paths.push(format!("/data/{path}?_where={condition}"));
        }
        paths.push(format!("/data/town.csv?_stream=on&_where={condition}"));
        paths.push(format!(
            "/data/town.csv?_stream=on&_labels=on&_where={condition}"
        ));
        paths.push(format!(
            "/data/town.json?_facet=name&_extra=count&_where={condition}"
        ));
        paths.push(format!("/data/town.json?_where=1&_where={condition}"));
    }
    paths.push("/data/rich.json?_where=1".to_owned());
    paths
}

// Proves: PERM-92, PERM-93, PERM-94, PERM-95
#[tokio::test]
async fn what_sql_reads_is_permitted_like_a_page() {
    let site = site().await;
    let ann = Actor::with_id("ann");
    let mut shown = 0;
    for path in forbidden_paths() {
        let answer = site.get(&path).await;
        assert!(
            is_refusal(&answer),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
        let other = site.get_as(&Actor::with_id("ben"), &path).await;
        assert!(is_refusal(&other), "{path}");
        let hers = site.get_as(&ann, &path).await;
        assert!(!is_refusal(&hers), "{path}");
        shown += usize::from(hers.status == 200);
        // What she has read is not kept for others.
        assert!(is_refusal(&site.get(&path).await), "{path}");
    }
    assert!(shown > 60, "only {shown}");
}

#[tokio::test]
async fn everything_else_is_answered() {
    let site = site().await;
    for path in [
        query(
            ".json",
            "select * from town join river on river.town = town.id",
        ),
        query(".json", "select count(*) from big_town"),
        query(".csv", "select rowid, name from town_search('ash')"),
        query("", "select 'person' as person"),
        "/data/town.json?_where=people+>+10&_facet=name&_labels=on".to_owned(),
        "/data/town.json?_search=ash&_where=1&_extra=count".to_owned(),
        // Views are published by name; their pages read what they read.
        "/data/town_mayor.json".to_owned(),
        "/data/rich.json?_sort=name".to_owned(),
    ] {
        site.get(&path).await.with_status(200);
    }
    let mistake = site.get(&query(".json", "select nme from town")).await;
    assert_eq!(
        mistake.with_status(400).json()["error"],
        "no such column: nme"
    );
}

// Proves: PERM-92, PERM-96
#[tokio::test]
async fn stored_queries_keep_their_meaning() {
    let site = site().await;
    let rows = site
        .get("/data/vouched.json?_shape=array")
        .await
        .with_status(200)
        .json();
    assert_eq!(rows[0], json!({"name": "canary one", "salary": 9001}));
    for (name, sql) in [
        ("by_user", "select name from person"),
        ("harmless", "select name from town"),
    ] {
        let stored = StoredQuery {
            database: "data".to_owned(),
            name: name.to_owned(),
            sql: sql.to_owned(),
            source: "user".to_owned(),
            ..StoredQuery::default()
        };
        site.instance().internal.save_query(stored).await.unwrap();
    }
    for format in ["", ".json", ".csv"] {
        let answer = site.get(&format!("/data/by_user{format}")).await;
        assert!(is_refusal(&answer), "{format}");
        site.get(&format!("/data/harmless{format}"))
            .await
            .with_status(200);
        let ann = Actor::with_id("ann");
        let hers = site.get_as(&ann, &format!("/data/by_user{format}")).await;
        assert!(hers.with_status(200).text().contains("canary one"));
    }
}

#[tokio::test]
async fn restricted_tokens_read_what_they_are_for() {
    let site = site().await;
    let ann = |restrictions: serde_json::Value| {
        let actor = json!({"id": "ann", "_r": restrictions});
        Actor::new(actor.as_object().unwrap().clone())
    };
    let sql_only = ann(json!({"a": ["es", "vd"]}));
    site.get_as(&sql_only, &query(".json", "select 1"))
        .await
        .with_status(200);
    let answer = site
        .get_as(&sql_only, &query(".json", "select * from town"))
        .await;
    assert!(is_refusal(&answer));
    let one_table = ann(json!({"a": ["es", "vd"], "r": {"data": {"Person": ["vt"]}}}));
    let answer = site
        .get_as(&one_table, &query(".json", "select * from person"))
        .await;
    assert!(answer.with_status(200).text().contains("canary"));
    let answer = site
        .get_as(&one_table, &query(".json", "select * from town"))
        .await;
    assert!(is_refusal(&answer));
}

#[tokio::test]
async fn a_refusal_wears_the_form_that_was_asked_for() {
    let site = site().await;
    let path = query(".json", "select * from person");
    let json = site.get(&path).await;
    assert_eq!(
        json.json(),
        json!({"ok": false, "error": REFUSED, "errors": [REFUSED], "status": 403})
    );
    let page = site.get(&query("", "select * from person")).await;
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    let asked =
        Question::get(&query("", "select * from person")).header("accept", "application/json");
    assert_eq!(site.ask(asked).await.json(), json.json());
}

// Proves: PERM-97
#[tokio::test]
async fn files_with_hidden_tables_are_not_handed_over() {
    let build = |configuration| {
        TestSite::build()
            .immutable("data", &format!("{SCHEMA}{ROWS}"))
            .config(configuration)
    };
    let site = build(configuration()).start().await;
    let refused = site.get("/data.db").await.with_status(403);
    assert!(
        refused
            .text()
            .contains("do not have permission to view all of its tables")
    );
    assert!(!site.get("/data").await.text().contains("/data.db"));
    let ann = Actor::with_id("ann");
    site.get_as(&ann, "/data.db").await.with_status(200);
    assert!(site.get_as(&ann, "/data").await.text().contains("/data.db"));
    let open = build(json!({})).start().await;
    open.get("/data.db").await.with_status(200);
    assert!(open.get("/data").await.text().contains("/data.db"));
}

// Proves: PERM-98
#[tokio::test]
async fn the_setting_turns_it_off() {
    let site = TestSite::build()
        .immutable("data", &format!("{SCHEMA}{ROWS}"))
        .config(configuration())
        .setting("table_permissions_in_sql", "off")
        .start()
        .await;
    for path in [
        query(".json", "select * from person"),
        query(".json", "select sql from sqlite_master"),
        "/data/town.json?_where=id+in+(select+town+from+person)".to_owned(),
        "/data.db".to_owned(),
    ] {
        site.get(&path).await.with_status(200);
    }
    site.get("/data/person.json").await.with_status(403);
}
