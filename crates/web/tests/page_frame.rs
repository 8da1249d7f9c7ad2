//! What stands around every page, its title, and the classes and hooks that styles and custom
//! templates hold on to.

use datasette_core::Actor;
use datasette_testkit::{Answer, TestSite};
use datasette_web::in_process::Question;
use serde_json::json;

const SQL: &str = "create table place (id integer primary key, name text);
    insert into place values (1, 'Here'), (2, 'There');
    create view places as select * from place;
    create table \"odd name\" (id integer primary key);
    create table many (id integer primary key);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 10001)
      insert into many select i from n;";

async fn site() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"queries": {"q 1": "select 1"}}}}))
        .metadata(json!({
            "title": "My <site>",
            "databases": {"data": {"description": "db", "tables": {"place": {
                "title": "Places & more",
                "description_html": "<em>All</em> of them",
                "license": "CC0",
                "source_url": "https://example.com/source",
                "about": "The author",
                "columns": {"name": "What it is called", "id": "A number"},
            }}}},
        }))
        .start()
        .await
}

fn title(page: &Answer) -> String {
    between(page.text(), "<title>", "</title>")
}

fn body_class(page: &Answer) -> String {
    between(page.text(), "<body class=\"", "\"")
}

fn between(text: &str, before: &str, after: &str) -> String {
    let start = text.find(before).unwrap_or_else(|| panic!("no {before}")) + before.len();
    let length = text[start..].find(after).expect("an end");
    text[start..start + length].to_owned()
}

/// Whether the pieces stand in the text in this order.
fn in_order(text: &str, pieces: &[&str]) {
    let mut from = 0;
    for piece in pieces {
        let place = text[from..]
            .find(piece)
            .unwrap_or_else(|| panic!("{piece} is not there, or not in its place"));
        from += place + piece.len();
    }
}

// Proves: HTML-14..HTML-19, HTML-21..HTML-23, CSS-01, CTX-102, cli-config/TPL-10
#[tokio::test]
async fn titles_and_body_classes() {
    let site = site().await;
    for (path, status, named, class) in [
        ("/", 200, "My &lt;site&gt;: data", "index"),
        ("/data", 200, "data", "db db-data"),
        (
            "/data/place",
            200,
            "data: place: 2 rows",
            "table db-data table-place",
        ),
        (
            "/data/place?id=1",
            200,
            "data: place: 1 row where id = 1",
            "table db-data table-place",
        ),
        (
            "/data/places",
            200,
            "data: places: 2 rows",
            "table db-data table-places",
        ),
        (
            "/data/odd~20name",
            200,
            "data: odd name: 0 rows",
            "table db-data table-odd-name-f5d4e8",
        ),
        (
            "/data/many",
            200,
            "data: many: 10,000+ rows",
            "table db-data table-many",
        ),
        (
            "/data/place?_nocount=1",
            200,
            "data: place: ",
            "table db-data table-place",
        ),
        (
            "/data/place/1",
            200,
            "data: place",
            "row db-data table-place",
        ),
        (
            "/data/-/query?sql=select+1%3C2",
            200,
            "data: select 1&lt;2",
            "query db-data",
        ),
        ("/data/-/query", 200, "data", "query db-data"),
        (
            "/data/q~201",
            200,
            "data: select 1",
            "query db-data query-q-1-",
        ),
        ("/-/versions", 200, "versions.json", "show-json"),
        ("/data/-/schema", 200, "Schema for data", "schema"),
        ("/nothing/at/all", 404, "Error 404", ""),
    ] {
        let page = site.get(path).await.with_status(status);
        assert_eq!(title(&page).trim(), named.trim(), "{path}");
        let found = body_class(&page);
        let expected = match class.strip_suffix("-f5d4e8") {
            Some(stem) => format!("{stem}-{}", found.rsplit('-').next().unwrap_or_default()),
            None => class.to_owned(),
        };
        match class.ends_with('-') {
            true => assert!(found.starts_with(class), "{path}: {found}"),
            false => assert_eq!(found, expected, "{path}"),
        }
    }
}

// Proves: HTML-02, HTML-03, HTML-04, CSS-02, CSS-03, CTX-99, http-read/TPL-12
#[tokio::test]
async fn the_frame_has_its_parts_in_order() {
    let site = site().await;
    let page = site.get("/data/place").await;
    in_order(
        page.text(),
        &[
            "<!DOCTYPE html>",
            "<html lang=\"en\">",
            "<title>",
            "/-/static/app.css?_hash=",
            ">window.datasetteVersion = '",
            "/-/static/modal.js?_hash=",
            "/-/static/datasette-manager.js?_hash=",
            "<link rel=\"alternate\" type=\"application/json+datasette\" href=\"http://localhost/data/place.json\">",
            "window._datasetteTableData",
            "<div class=\"not-footer\">",
            "<header class=\"hd\"><nav",
            "<p class=\"crumbs\">",
            "class=\"nav-menu details-menu\"",
            "class=\"nav-menu-inner\"",
            "class=\"keyboard-shortcut\"",
            "<section class=\"content\"",
            "<footer class=\"ft\">",
            "<!-- Templates considered: table-data-place.html, *table.html -->",
            "/-/static/navigation-search.js?_hash=",
            "<navigation-search url=\"/-/jump\">",
        ],
    );
    let built_in = site.get("/-/").await;
    let comment = "<!-- Templates considered: default:index.html -->";
    assert!(built_in.text().contains(comment));
    let error = site.get("/nothing").await.with_status(404);
    assert!(!error.text().contains("Templates considered"));
}

// Proves: HTML-24, HTML-25, CONFIG-12, CONFIG-13, CONFIG-14, CONFIG-17, CSS-05, CSS-06, CTX-100
#[tokio::test]
async fn a_table_is_described_above_its_rows() {
    let site = site().await;
    let page = site.get("/data/place").await;
    in_order(
        page.text(),
        &[
            "<div class=\"page-header\" style=\"border-color: #",
            "<h1>Places &amp; more</h1>",
            "<div class=\"metadata-description\"><em>All</em> of them</div>",
            "Data license: CC0",
            "Data source: <a href=\"https://example.com/source\">https://example.com/source</a>",
            "About: The author",
            "<dl class=\"column-descriptions\">",
            "<dt>id</dt><dd>A number</dd>",
            "<dt>name</dt><dd>What it is called</dd>",
            "class=\"table-summary\"",
            "<th data-column-description=\"What it is called\"",
            "class=\"wrapped-sql\"",
        ],
    );
    let view = site.get("/data/places").await;
    assert!(view.text().contains("<h1>places (view)</h1>"));
    assert!(!view.text().contains("metadata-description"));
}

// Proves: HTML-07, HTML-08, CSS-03
#[tokio::test]
async fn only_who_signed_in_can_sign_out() {
    let site = site().await;
    let form = "<form class=\"nav-menu-logout\" action=\"/-/logout\" method=\"post\"><button class=\"button-as-link\">Log out</button></form>";
    let ann = Actor::with_id("<ann>");
    let page = site.get_as(&ann, "/data").await;
    in_order(
        page.text(),
        &[
            "<div class=\"actor\"><strong>&lt;ann&gt;</strong></div>",
            form,
        ],
    );
    let page = site.get("/data").await;
    assert!(!page.text().contains("nav-menu-logout"));
    assert!(!page.text().contains("class=\"actor\""));
    let spoiled = Question::get("/data").header("cookie", "ds_actor=spoiled");
    let page = site.ask(spoiled).await.with_status(200);
    assert!(!page.text().contains("nav-menu-logout"));
}

// Proves: HTML-09, CSS-04, CTX-11
#[tokio::test]
async fn messages_are_shown_once() {
    let site = site().await;
    let waiting = json!([["Saved <it>", 1], ["Careful", 2], ["It failed", 3]]);
    let value = site.signer().sign(&waiting, "messages");
    let question = Question::get("/data").header("cookie", &format!("ds_messages={value}"));
    let page = site.ask(question).await.with_status(200);
    in_order(
        page.text(),
        &[
            "<p class=\"message-info\" role=\"status\">Saved &lt;it&gt;</p>",
            "<p class=\"message-warning\" role=\"status\">Careful</p>",
            "<p class=\"message-error\" role=\"alert\">It failed</p>",
            "<section class=\"content\"",
        ],
    );
    let cleared = page.header("set-cookie").expect("a cookie");
    assert!(cleared.starts_with("ds_messages=\"\";"), "{cleared}");
}

// Proves: http-read/TPL-14, http-read/TPL-17, CTX-101, cli-config/TPL-11, cli-config/TPL-12
#[tokio::test]
async fn blocks_and_parts_can_be_replaced() {
    let blocks = "{% extends 'default:PAGE' %}
        {% block title %}T{{ super() }}{% endblock %}{% block extra_head %}<!--head-->{% endblock %}
        {% block body_class %}own {{ super() }}{% endblock %}{% block nav %}<!--nav-->{{ super() }}{% endblock %}
        {% block crumbs %}<!--crumbs-->{% endblock %}{% block messages %}<!--messages-->{% endblock %}
        {% block description_source_license %}<!--described-->{% endblock %}
        {% block footer %}<!--footer-->{{ super() }}{% endblock %}";
    let pages = [
        ("index.html", "/"),
        ("database.html", "/data"),
        ("table.html", "/data/place"),
        ("row.html", "/data/place/1"),
        ("query.html", "/data/-/query?sql=select+1"),
    ];
    let mut site = TestSite::build()
        .database("data", SQL)
        .template("_footer.html", "<!--own footer-->")
        .template(
            "_crumbs.html",
            "{% macro nav(request, database=none, table=none) %}<!--own crumbs-->{% endmacro %}",
        )
        .template("_action_menu.html", "<!--own menu-->")
        .template("_close_open_menus.html", "<!--own script-->");
    for (name, _) in pages {
        site = site.template(name, &blocks.replace("PAGE", name));
    }
    let site = site.start().await;
    for (name, path) in pages {
        let page = site.get(path).await.with_status(200);
        in_order(
            page.text(),
            &[
                "<title>T",
                "<!--head-->",
                "<body class=\"own ",
                "<!--nav-->",
                "<!--crumbs-->",
                "<!--messages-->",
                "<!--own menu-->",
                "<!--described-->",
                "<!--footer--><!--own footer-->",
                "<!--own script-->",
                &format!("*{name} -->"),
            ],
        );
    }
    let listing = site.get("/-/settings").await;
    assert!(listing.text().contains("<!--own crumbs-->"));
}
