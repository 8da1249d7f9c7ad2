//! What templates of query and database pages are given.

use datasette_core::{Actor, StoredQuery};
use datasette_testkit::TestSite;
use serde_json::{Value, json};

use crate::{SQL, query, store};

const EVERYTHING: &str = r#"[
  {{ [database, database_color, private, db_is_immutable, allow_execute_sql]|tojson }},
  {{ query|tojson }}, {{ [stored_query, stored_query_write, editable]|tojson }},
  {{ metadata|tojson }}, {{ [error, columns]|tojson }}, {{ named_parameter_values|tojson }},
  {{ [hide_sql, show_hide_link, show_hide_text, show_hide_hidden|string]|tojson }},
  {{ [edit_sql_url, save_query_url]|tojson }}, {{ [renderers, url_csv]|tojson }},
  {{ [tables|map(attribute="name")|list, table_columns]|tojson }},
  {{ [query_actions(), top_query()|string, top_stored_query()|string]|tojson }},
  {{ [alternate_url_json, select_templates]|tojson }}, {{ display_rows|length }}
]"#;

async fn site() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .metadata(json!({"databases": {"data": {"title": "The data"}}}))
        .config(json!({"databases": {"data": {"queries": {
            "all": {"sql": "select :b as b, :_actor_id as me", "hide_sql": true, "title": "All"},
            "write": {"sql": "insert into t (name) values (:name)", "write": true},
        }}}}))
        .template("query.html", EVERYTHING)
        .template(
            "database.html",
            "{{ queries|map(attribute='name')|join(' ') }} {{ queries_more }} {{ queries_count }}",
        )
        .start()
        .await
}

/// The parts that the template prints.
async fn parts(site: &TestSite, path: &str) -> Value {
    site.get(path).await.with_status(200).json()
}

// Proves: CTX-33, CTX-34, CTX-35, CTX-36, CTX-37, CTX-39, CTX-40, CTX-41, CTX-43, CTX-46, CTX-47
#[tokio::test]
async fn a_stored_query_is_told_to_its_template() {
    let site = site().await;
    let parts = parts(&site, "/data/all?b=1&b=2&x=%26&_show_sql=1").await;
    assert_eq!(parts[0], json!(["data", "8d777f", false, false, true]));
    let params = json!({"b": "1", "x": "&", "_show_sql": "1"});
    let sql = "select :b as b, :_actor_id as me";
    assert_eq!(parts[1], json!({"sql": sql, "params": params}));
    assert_eq!(parts[2], json!(["all", false, false]));
    assert_eq!(parts[3]["title"], "All");
    assert_eq!(parts[3]["name"], "all");
    assert_eq!(parts[3].get("source"), None);
    assert_eq!(parts[4], json!([null, ["b", "me"]]));
    assert_eq!(parts[5], json!({"b": "1"}));
    let field = "<input type=\"hidden\" name=\"_show_sql\" value=\"1\">";
    let back = "/data/all?b=1&b=2&x=%26";
    assert_eq!(parts[6], json!([false, back, "hide", field]));
    assert_eq!(parts[7], json!([null, null]));
    let json = "/data/all.json?b=1&b=2&x=%26&_show_sql=1";
    let csv = "/data/all.csv?b=1&b=2&x=%26&_show_sql=1&_size=max";
    assert_eq!(parts[8], json!([{"json": json}, csv]));
    assert_eq!(parts[10], json!([[], "", ""]));
    let templates = json!(["query-data-all.html", "query-data.html", "*query.html"]);
    assert_eq!(
        parts[11],
        json!([format!("http://localhost{json}"), templates])
    );
    assert_eq!(parts[12], 1);
}

// Proves: CTX-34, CTX-35, CTX-36, CTX-37, CTX-41, CTX-42, CTX-44, CTX-45
#[tokio::test]
async fn other_statements_are_told_in_the_same_words() {
    let site = site().await;
    let written = parts(&site, "/data/-/query?sql=select+:a+as+a&z=1").await;
    let params = json!({"z": "1", "a": ""});
    assert_eq!(
        written[1],
        json!({"sql": "select :a as a", "params": params})
    );
    assert_eq!(written[2], json!([null, false, true]));
    assert_eq!(written[3], json!({"title": "The data"}));
    let edit = "/data/-/query?sql=select+%3Aa+as+a&a=";
    assert_eq!(written[7], json!([edit, null]));
    assert_eq!(written[9], json!([["t"], {"t": ["id", "name"]}]));
    let failed = parts(&site, "/data/-/query?sql=select+nothing_there").await;
    assert_eq!(failed[4], json!(["no such column: nothing_there", []]));
    let nothing = parts(&site, "/data/-/query").await;
    assert_eq!(nothing[1], json!({"sql": null, "params": {}}));
    let writing = parts(&site, "/data/write?name=n").await;
    assert_eq!(writing[2], json!(["write", true, false]));
    assert_eq!(writing[12], 0);
}

// Proves: CTX-22, CTX-23
#[tokio::test]
async fn a_database_page_is_told_its_first_queries() {
    let site = site().await;
    let private = StoredQuery {
        is_private: true,
        owner_id: Some("ann".to_owned()),
        ..query("a_private_one", "select 1")
    };
    store(&site, [private]).await;
    store(
        &site,
        (1..5).map(|number| query(&format!("q{number}"), "select 1")),
    )
    .await;
    let ann = Actor::with_id("ann");
    let seen = site.get("/data").await;
    assert_eq!(seen.text(), "all q1 q2 q3 q4 True 6");
    let seen = site.get_as(&ann, "/data").await;
    assert_eq!(seen.text(), "a_private_one all q1 q2 q3 True 7");
}
