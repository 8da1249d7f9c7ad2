//! Nothing tells what a table holds that the visitor may not view: no count, facet, label, schema,
//! search or error.

use datasette_core::Actor;
use datasette_testkit::TestSite;
use serde_json::{Value, json};

/// `sealed` is the table nobody but root may view; all its words begin with `hushhush`.
const SQL: &str = "
    create table sealed (id integer primary key, hushhushcolumn text, name text, open_id integer references open(id));
    create index hushhushindex on sealed (hushhushcolumn);
    create table open (id integer primary key, title text, sealed_id integer references sealed(id), tags text);
    create trigger hushhushtrigger after insert on sealed begin select 1; end;
    create virtual table hushhushsearch using fts5(hushhushcolumn, content='sealed', content_rowid='id');
    create table hushhushhidden_child (id integer primary key, open_id integer references open(id));
    insert into sealed values (1, 'hushhushfirst', 'hushhushname one', 1), (2, 'hushhushsecond', 'hushhushname two', 1), (3, 'hushhushthird', 'hushhushname three', 2);
    insert into hushhushsearch(hushhushsearch) values ('rebuild');
    insert into open values (1, 'one', 1, '[\"a\"]'), (2, 'two', 2, '[\"a\"]'), (3, 'three', 2, '[\"b\"]');";

async fn site() -> TestSite {
    let only_root = json!({"allow": {"id": "root"}});
    let config = json!({"databases": {
        "data": {
            "allow_sql": false,
            "tables": {"sealed": only_root, "hushhushhidden_child": only_root},
            "queries": {"hushhushquery": {"sql": "select * from sealed", "allow": {"id": "root"}}},
        },
        "hushhushother": only_root,
    }});
    TestSite::build()
        .database("data", SQL)
        .database(
            "hushhushother",
            "create table hushhushelse (id integer primary key);",
        )
        .config(config)
        .start()
        .await
}

/// Every way to ask for the table beside the sealed one, and for what lists tables.
fn paths() -> Vec<String> {
    let extras = "count,count_sql,facet_results,facets_timed_out,suggested_facets,columns,\
        all_columns,primary_keys,column_details,display_columns,render_cell,debug,request,query,\
        column_types,set_column_type_ui,metadata,extras,database,table,renderers,\
        sorted_facet_results,table_definition,view_definition,private,expandable_columns,\
        form_hidden_args,human_description_en";
    let row_extras = "columns,primary_keys,column_details,render_cell,debug,request,query,\
        column_types,metadata,extras,database,table,private,foreign_key_tables";
    let mut paths: Vec<String> = [
        "/",
        "/.json",
        "/-/",
        "/-/.json",
        "/?_sort=relationships",
        "/.json?_sort=relationships",
        "/data",
        "/data?_show_hidden=1",
        "/data.json",
        "/data/-/query",
        "/-/databases.json",
        "/-/schema",
        "/-/schema.json",
        "/-/schema.md",
        "/data/-/schema",
        "/data/-/schema.json",
        "/data/-/schema.md",
        "/data/open/-/schema.json",
        "/-/jump.json",
        "/-/jump.json?q=s",
        "/-/jump.json?q=hushhush",
        "/data/open",
        "/data/open?_facet=sealed_id&_labels=on",
        "/data/open.json?_labels=on",
        "/data/open.json?_label=sealed_id",
        "/data/open.json?_facet=sealed_id&_labels=on",
        "/data/open.csv?_labels=on",
        "/data/open.csv?_stream=1&_labels=on",
        "/data/open?sealed_id=1",
        "/data/open/1",
        "/data/open/1.json",
        "/data/open/1.csv?_labels=on",
        "/data/open/-/fragment",
        "/data/open/-/autocomplete?q=o&_initial=1",
        "/-/allowed.json?action=view-table",
        "/-/allowed.json?action=view-database",
        "/-/allowed.json?action=view-query",
        "/-/allowed.json?action=view-table&parent=hushhushother",
        "/-/allowed",
        "/-/api",
        "/-/debug/autocomplete",
        "/-/queries.json",
        "/-/queries",
        "/data/-/queries.json",
        "/data/-/queries",
        "/-/create-token",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.push(format!(
        "/data/open.json?_labels=on&_facet=sealed_id&_extra={extras}"
    ));
    paths.push(format!("/data/open/1.json?_extra={row_extras}"));
    paths
}

// Proves: PERM-50, PERM-61, LABEL-07, FACET-26, DEBUG-16, DEBUG-25, DIFF-04, CONFIG-10, ROW-14
#[tokio::test]
async fn nothing_tells_what_may_not_be_viewed() {
    let site = site().await;
    let root = Actor::with_id("root");
    let mut told_to_root = 0;
    for path in paths() {
        let answer = site.get(&path).await;
        let body = String::from_utf8_lossy(&answer.body).to_lowercase();
        // The words of the question come back in links; what it asked for must not.
        let body = body
            .replace("q=hushhush", "")
            .replace("parent=hushhushother", "");
        assert!(!body.contains("hushhush"), "{path}\n{body}");
        let seen = site.get_as(&root, &path).await;
        told_to_root += usize::from(String::from_utf8_lossy(&seen.body).contains("hushhush"));
    }
    // The test would show nothing if these pages never told anybody.
    assert!(told_to_root > 20, "{told_to_root}");
}

// Proves: DIFF-02, TABLE-01, DEBUG-26
#[tokio::test]
async fn what_reads_a_sealed_table_is_refused_whatever_it_asks() {
    let site = site().await;
    for (path, status) in [
        ("/data/sealed.json", 403),
        ("/data/sealed.json?hushhushcolumn=hushhushfirst", 403),
        ("/data/sealed.json?nothing=1", 403),
        ("/data/sealed.json?_facet=nothing", 403),
        ("/data/sealed.csv?_stream=1", 403),
        ("/data/sealed/1.json", 403),
        ("/data/sealed/99.json", 403),
        ("/data/sealed/1.blob?_blob_column=name", 403),
        ("/data/sealed/-/schema.json", 403),
        ("/data/sealed/-/autocomplete?q=hush", 403),
        ("/data/sealed/-/fragment", 403),
        ("/data/hushhushquery.json", 403),
        ("/data/hushhushquery/-/definition", 403),
        ("/data/hushhushsearch.json", 403),
        ("/data/hushhushsearch_data.json", 403),
        ("/data/hushhushsearch_docsize.json", 403),
        ("/hushhushother.json", 403),
        ("/hushhushother/hushhushelse.json", 403),
        ("/hushhushother/-/schema.json", 403),
        ("/hushhushother/nothing/-/schema.json", 403),
    ] {
        let answer = site.get(path).await.with_status(status);
        assert!(!answer.text().contains("hushhushname"), "{path}");
        if path.contains(".json") {
            let body = answer.json();
            let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["ok", "error", "errors", "status"], "{path}");
        }
    }
    // A condition on another table asks for the permission on it, whether it would match or not.
    let through = |value: &str| {
        let condition = json!({"table": "sealed", "column": "hushhushcolumn", "value": value});
        format!("/data/open.json?_through={condition}").replace('"', "%22")
    };
    let (right, wrong) = (through("hushhushfirst"), through("nothing"));
    let (right, wrong) = (site.get(&right).await, site.get(&wrong).await);
    assert_eq!((right.status, &right.body), (403, &wrong.body));
    // Conditions in SQL could read anything.
    let sql = "/data/open.json?_where=exists(select+1+from+sealed)";
    assert_eq!(site.get(sql).await.status, 403);
}

// Proves: COUNT-01, DB-05
#[tokio::test]
async fn sums_and_references_leave_out_what_is_sealed() {
    let site = site().await;
    let index = site.get("/.json").await.json();
    let databases = index["databases"].as_array().unwrap();
    assert_eq!(databases.len(), 1);
    assert_eq!(databases[0]["tables_count"], 1);
    assert_eq!(databases[0]["table_rows_sum"], 3);
    assert_eq!(databases[0]["hidden_tables_count"], 0);
    assert_eq!(databases[0]["hidden_table_rows_sum"], 0);
    let database = site.get("/data.json").await.json();
    let tables = database["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(
        tables[0]["foreign_keys"],
        json!({"incoming": [], "outgoing": []})
    );
    assert_eq!(database["hidden_count"], 0);
    assert_eq!(database["queries_count"], 0);
    let root = Actor::with_id("root");
    let database = site.get_as(&root, "/data.json").await.json();
    let open = database["tables"].as_array().unwrap();
    let open = open.iter().find(|table| table["name"] == "open").unwrap();
    let incoming: Vec<&Value> = open["foreign_keys"]["incoming"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(incoming.len(), 2);
}
