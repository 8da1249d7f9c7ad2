//! Every documented variable of every page is there and is what it is said to be: each page is
//! rendered with a template that names what is missing or of another kind.

use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use serde_json::json;

const SQL: &str = "create table place (id integer primary key, name text);
    insert into place values (1, 'Here'), (2, 'There');
    create table person (id integer primary key, name text, place integer references place(id));
    insert into person values (1, 'Ada', 1), (2, 'Bo', 2), (3, 'Cy', 1);
    create view tall as select * from person;";

/// Names, and what minijinja's tests say about their values.
type Documented = &'static [(&'static str, &'static str)];

const BASE: Documented = &[
    ("request", "not string"),
    ("crumb_items", "callable"),
    ("urls", "not string"),
    ("actor", "none"),
    ("menu_links", "callable"),
    ("display_actor", "callable"),
    ("show_logout", "boolean"),
    ("zip", "callable"),
    ("body_scripts", "sequence"),
    ("format_bytes", "callable"),
    ("show_messages", "callable"),
    ("extra_css_urls", "sequence"),
    ("extra_js_urls", "sequence"),
    ("base_url", "string"),
    ("datasette_version", "string"),
];

const INDEX: Documented = &[
    ("databases", "sequence"),
    ("metadata", "mapping"),
    ("private", "boolean"),
    ("top_homepage", "callable"),
    ("homepage_actions", "sequence"),
    ("noindex", "boolean"),
    ("alternate_url_json", "string"),
    ("select_templates", "sequence"),
];

const DATABASE: Documented = &[
    ("allow_download", "boolean"),
    ("allow_execute_sql", "boolean"),
    ("alternate_url_json", "string"),
    ("attached_databases", "sequence"),
    ("database", "string"),
    ("database_actions", "callable"),
    ("database_color", "string"),
    ("database_page_data", "mapping"),
    ("editable", "boolean"),
    ("hidden_count", "integer"),
    ("metadata", "mapping"),
    ("path", "string"),
    ("private", "boolean"),
    ("queries", "sequence"),
    ("queries_count", "integer"),
    ("queries_more", "boolean"),
    ("select_templates", "sequence"),
    ("show_hidden", "none"),
    ("size", "integer"),
    ("table_columns", "mapping"),
    ("tables", "sequence"),
    ("top_database", "callable"),
    ("views", "sequence"),
];

const QUERY: Documented = &[
    ("allow_execute_sql", "boolean"),
    ("alternate_url_json", "string"),
    ("columns", "sequence"),
    ("database", "string"),
    ("database_color", "string"),
    ("db_is_immutable", "boolean"),
    ("display_rows", "sequence"),
    ("edit_sql_url", "string"),
    ("editable", "boolean"),
    ("error", "none"),
    ("hide_sql", "boolean"),
    ("metadata", "mapping"),
    ("named_parameter_values", "mapping"),
    ("private", "boolean"),
    ("query", "mapping"),
    ("query_actions", "callable"),
    ("renderers", "mapping"),
    ("save_query_url", "defined"),
    ("select_templates", "sequence"),
    ("show_hide_hidden", "string"),
    ("show_hide_link", "string"),
    ("show_hide_text", "string"),
    ("stored_query", "none"),
    ("stored_query_write", "boolean"),
    ("table_columns", "mapping"),
    ("tables", "sequence"),
    ("top_query", "callable"),
    ("top_stored_query", "callable"),
    ("url_csv", "string"),
];

const TABLE: Documented = &[
    ("actions", "callable"),
    ("all_columns", "sequence"),
    ("allow_execute_sql", "boolean"),
    ("alternate_url_json", "string"),
    ("append_querystring", "callable"),
    ("columns", "sequence"),
    ("count", "integer"),
    ("count_sql", "string"),
    ("count_truncated", "boolean"),
    ("custom_table_templates", "sequence"),
    ("database", "string"),
    ("database_color", "string"),
    ("datasette_allow_facet", "string"),
    ("display_columns", "sequence"),
    ("display_rows", "sequence"),
    ("expandable_columns", "sequence"),
    ("extra_wheres_for_ui", "sequence"),
    ("facet_results", "mapping"),
    ("facets_timed_out", "sequence"),
    ("filter_columns", "sequence"),
    ("filters", "not string"),
    ("fix_path", "callable"),
    ("form_hidden_args", "sequence"),
    ("human_description_en", "string"),
    ("is_sortable", "boolean"),
    ("is_view", "boolean"),
    ("metadata", "mapping"),
    ("next", "string"),
    ("next_url", "string"),
    ("ok", "true"),
    ("path_with_replaced_args", "callable"),
    ("primary_keys", "sequence"),
    ("private", "boolean"),
    ("query", "mapping"),
    ("query_ms", "float"),
    ("renderers", "mapping"),
    ("rows", "sequence"),
    ("select_templates", "sequence"),
    ("set_column_type_ui", "defined"),
    ("settings", "mapping"),
    ("sort", "string"),
    ("sort_desc", "none"),
    ("sorted_facet_results", "sequence"),
    ("suggested_facets", "sequence"),
    ("supports_search", "boolean"),
    ("table", "string"),
    ("table_alter_ui", "defined"),
    ("table_definition", "string"),
    ("table_insert_ui", "defined"),
    ("table_page_data", "mapping"),
    ("top_table", "callable"),
    ("url_csv", "string"),
    ("url_csv_hidden_args", "sequence"),
    ("url_csv_path", "string"),
    ("view_definition", "none"),
];

const ROW: Documented = &[
    ("alternate_url_json", "string"),
    ("columns", "sequence"),
    ("custom_table_templates", "sequence"),
    ("database", "string"),
    ("database_color", "string"),
    ("display_columns", "sequence"),
    ("display_rows", "sequence"),
    ("foreign_key_tables", "sequence"),
    ("metadata", "mapping"),
    ("ok", "true"),
    ("primary_key_values", "sequence"),
    ("primary_keys", "sequence"),
    ("private", "boolean"),
    ("query_ms", "float"),
    ("renderers", "mapping"),
    ("row_actions", "sequence"),
    ("row_mutation_ui", "boolean"),
    ("rows", "sequence"),
    ("select_templates", "sequence"),
    ("settings", "mapping"),
    ("table", "string"),
    ("table_page_data", "mapping"),
    ("top_row", "callable"),
    ("url_csv", "string"),
    ("url_csv_hidden_args", "sequence"),
    ("url_csv_path", "string"),
];

/// A template that prints what is wrong, and nothing else.
fn probe(documented: Documented) -> String {
    let mut template = String::new();
    for (name, kind) in BASE.iter().chain(documented) {
        template.push_str(&format!(
            "{{% if {name} is not defined %}}no {name}; {{% elif not ({name} is {kind}) %}}{name} is {{{{ {name} }}}}; {{% endif %}}"
        ));
        if *kind == "callable" && (name.starts_with("top_") || name.ends_with("actions")) {
            template.push_str(&format!(
                "{{% if {name}()|length %}}{name}: {{{{ {name}() }}}}{{% endif %}}"
            ));
        }
    }
    template
}

// Proves: CTX-01..CTX-07, CTX-09, CTX-12..CTX-16, CTX-22, CTX-23, CTX-28, CTX-41, CTX-68, CTX-83, CTX-89, cli-config/TPL-20, cli-config/TPL-30..TPL-33
#[tokio::test]
async fn every_documented_variable_is_there() {
    let site = TestSite::build()
        .database("data", SQL)
        .template("index.html", &probe(INDEX))
        .template("database.html", &probe(DATABASE))
        .template("query.html", &probe(QUERY))
        .template("table.html", &probe(TABLE))
        .template("row.html", &probe(ROW))
        .template(
            "show_json.html",
            &probe(&[
                ("filename", "string"),
                ("data", "mapping"),
                ("data_json", "string"),
            ]),
        )
        .template("pages/custom.html", &probe(&[]))
        .start()
        .await;
    for path in [
        "/",
        "/data",
        "/data/-/query?sql=select+:a&a=1",
        "/data/person?_size=1",
        "/data/person/1",
        "/-/settings",
        "/custom",
    ] {
        let page = site.get(path).await.with_status(200);
        assert_eq!(page.text(), "", "{path}");
    }
}

// Proves: CTX-22, CTX-23, cli-config/TPL-05
#[tokio::test]
async fn stored_queries_are_on_the_database_page() {
    let queries: serde_json::Map<String, serde_json::Value> = (0..7)
        .map(|number| {
            (
                format!("q{number}"),
                json!({"sql": "select 1", "title": "T"}),
            )
        })
        .collect();
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"queries": queries}}}))
        .template(
            "database-data.html",
            "{{ queries|length }} {{ queries_count }} {{ queries_more }} {{ queries[0].name }} {{ queries[0].sql }} {{ queries[0].title }} {{ queries[0].private }}",
        )
        .template("query-data-q3.html", "own {{ stored_query }} {{ editable }} {{ metadata.title }}")
        .template("query-data.html", "shared {{ stored_query }}")
        .start()
        .await;
    let page = site.get("/data").await.with_status(200);
    assert_eq!(page.text(), "5 7 True q0 select 1 T False");
    let own = site.get("/data/q3").await.with_status(200);
    assert_eq!(own.text(), "own q3 False T");
    let shared = site.get("/data/q4").await.with_status(200);
    assert_eq!(shared.text(), "shared q4");
    let sql = site
        .get("/data/-/query?sql=select+1")
        .await
        .with_status(200);
    assert_eq!(sql.text(), "shared None");
}

// Proves: CTX-92, HOOK-41, http-read/TPL-13
#[tokio::test]
async fn the_refusal_of_another_site_has_its_reason() {
    let site = TestSite::build()
        .template(
            "csrf_error.html",
            "{{ reason }} {{ request is none }} {{ actor is none }}",
        )
        .start()
        .await;
    let mut question = Question::get("/-/logout").header("sec-fetch-site", "cross-site");
    question.method = axum::http::Method::POST;
    let refused = site.ask(question).await.with_status(403);
    assert!(refused.text().contains("cross-site"), "{}", refused.text());
    assert!(refused.text().ends_with(" True True"));
}

// Proves: DEBUG-74, SET-35
#[tokio::test]
async fn variables_are_shown_instead_of_the_page() {
    let build = || TestSite::build().database("data", SQL);
    let site = build().setting("template_debug", "on").start().await;
    for path in [
        "/",
        "/data",
        "/data/person",
        "/data/person/1",
        "/-/settings",
    ] {
        let page = site
            .get(&format!("{path}?_context=1"))
            .await
            .with_status(200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let text = page.text();
        let json = text
            .strip_prefix("<pre>")
            .and_then(|text| text.strip_suffix("</pre>"));
        let json = json.unwrap_or_else(|| panic!("{path}: {text}"));
        assert!(json.starts_with("{\n    &#34;"), "{path}");
        let json = json
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        let shown: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(shown["base_url"], "/", "{path}");
        assert_eq!(shown["menu_links"], "<function menu_links>");
        let url = format!("http://localhost{path}?_context=1");
        assert_eq!(
            shown["request"],
            format!("<asgi.Request method=\"GET\" url=\"{url}\">")
        );
    }
    let page = site.get("/data/person?_context=").await;
    assert!(page.text().starts_with("<!DOCTYPE html>"));
    let off = build().start().await;
    let page = off.get("/data/person?_context=1").await;
    assert!(page.text().starts_with("<!DOCTYPE html>"));
}
