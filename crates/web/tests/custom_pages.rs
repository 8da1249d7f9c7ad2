//! Templates below `pages/` answer where nothing else does.

use axum::http::Method;
use datasette_core::Actor;
use datasette_testkit::{SiteBuilder, TestSite};
use datasette_web::in_process::Question;
use serde_json::json;

fn site() -> SiteBuilder {
    TestSite::build()
        .database(
            "data",
            "create table t (id integer primary key); insert into t values (1)",
        )
        .database("hidden", "create table s (id integer primary key)")
        .config(json!({"databases": {"hidden": {"allow": {"id": "ann"}}}}))
}

// Proves: ROUTE-51, ROUTE-55, cli-config/TPL-40, cli-config/TPL-41, cli-config/TPL-48
#[tokio::test]
async fn a_page_answers_only_where_nothing_is() {
    let site = site()
        .template("pages/about.html", "about {{ request.path }}")
        .template("pages/about/map.html", "the map")
        .template("pages/a/b/c/d/e.html", "deep")
        .template("pages/data.html", "never")
        .template("pages/data/t.html", "never")
        .template("pages/data/nothing.html", "no table")
        .template("pages/data/t/9.html", "no row")
        .template("pages/data/t.csv.html", "never")
        .template("pages/feed.json.html", "feed")
        .start()
        .await;
    for (path, body) in [
        ("/about", "about /about"),
        ("/about?x=1", "about /about"),
        ("/about/map", "the map"),
        ("/data/nothing", "no table"),
        ("/data/t/9", "no row"),
        ("/feed.json", "feed"),
    ] {
        let page = site.get(path).await.with_status(200);
        assert_eq!(page.text(), body, "{path}");
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
    for path in ["/data", "/data/t", "/data/t.csv", "/data/t/1"] {
        let page = site.get(path).await.with_status(200);
        assert!(!page.text().contains("never"), "{path}");
    }
    site.get("/about.html").await.with_status(404);
    let moved = site.get("/about/?x=1").await.with_status(302);
    assert_eq!(moved.header("location"), Some("/about?x=1"));
    let mut posted = Question::get("/a/b/c/d/e");
    posted.method = Method::POST;
    assert_eq!(site.ask(posted).await.with_status(200).text(), "deep");
}

// Proves: ROUTE-52, cli-config/TPL-44, cli-config/TPL-45, cli-config/TPL-46
#[tokio::test]
async fn names_in_braces_are_variables() {
    let site = site()
        .template("pages/topic/{slug}.html", "topic {{ slug }}")
        .template("pages/topic/first.html", "exact {{ slug }}")
        .template("pages/x{c}.html", "x {{ c }}")
        .template("pages/{a}.html", "a {{ a }}")
        .template("pages/{year}/in/{place}.html", "{{ year }} {{ place }}")
        .start()
        .await;
    for (path, body) in [
        ("/topic/news", "topic news"),
        ("/topic/x.json", "topic x.json"),
        ("/topic/a~2Fb", "topic a~2Fb"),
        ("/topic/first", "exact "),
        ("/xyz", "x yz"),
        ("/abc", "a abc"),
        ("/1999/in/Rome", "1999 Rome"),
    ] {
        assert_eq!(site.get(path).await.text(), body, "{path}");
    }
    site.get("/topic/a/b").await.with_status(404);
    let moved = site.get("/topic/a%2Fb").await.with_status(302);
    assert_eq!(moved.header("location"), Some("/topic/a~2Fb"));
}

// Proves: ROUTE-53, cli-config/TPL-49, cli-config/TPL-50, CTX-90
#[tokio::test]
async fn a_page_says_what_its_response_is_like() {
    let site = site()
        .template(
            "pages/teapot.html",
            "[{{ custom_status(418) }}{{ custom_header('X-Pot', 'é') }}{{ custom_header('CONTENT-TYPE', 'text/plain') }}]",
        )
        .template("pages/away.html", "{{ custom_redirect('/data') }}gone")
        .template("pages/moved.html", "{{ custom_redirect('https://example.com/', code=301) }}")
        .template("pages/framed.html", "{{ custom_header('Content-Length', '1') }}whole")
        .start()
        .await;
    let pot = site.get("/teapot").await.with_status(418);
    assert_eq!(pot.text(), "[]");
    assert_eq!(pot.header("content-type"), Some("text/plain"));
    let away = site.get("/away").await.with_status(302);
    assert_eq!(away.header("location"), Some("/data"));
    assert_eq!(away.text(), "gone");
    let moved = site.get("/moved").await.with_status(301);
    assert_eq!(moved.header("location"), Some("https://example.com/"));
    assert_eq!(site.get("/framed").await.text(), "whole");
}

// Proves: cli-config/TPL-53, DEF-11
#[tokio::test]
async fn mistakes_of_a_page_are_error_pages() {
    let site = site()
        .template("pages/status.html", "{{ custom_status(42) }}")
        .template("pages/name.html", "{{ custom_header('a b', 'c') }}")
        .template(
            "pages/value.html",
            "{{ custom_header('a', 'b\r\nset-cookie: x=1') }}",
        )
        .template("pages/undefined.html", "{{ missing.attribute }}")
        .template("pages/static.html", "{{ static('nothing.js') }}")
        .start()
        .await;
    for (path, message) in [
        ("/status", "42 is no HTTP status"),
        ("/name", "is no name of a header"),
        ("/value", "the header a cannot have that value"),
        (
            "/undefined",
            "`missing` is undefined (in pages/undefined.html:1)",
        ),
        ("/static", "there is no built-in static file nothing.js"),
    ] {
        let page = site.get(path).await.with_status(500);
        assert!(page.text().contains("<title>Error 500</title>"), "{path}");
        assert!(page.text().contains(message), "{path}: {}", page.text());
        assert_eq!(page.header("set-cookie"), None);
    }
}

// Proves: ROUTE-54, cli-config/TPL-51
#[tokio::test]
async fn a_page_may_say_that_it_is_not_there() {
    let site = site()
        .template(
            "pages/item/{id}.html",
            "shown{{ custom_status(200) }}{{ custom_header('x-a', 'b') }}{% if id != '1' %}{{ raise_404('No <item> ' ~ id) }}{% endif %}",
        )
        .template("pages/empty.html", "{{ raise_404() }}")
        .start()
        .await;
    assert_eq!(site.get("/item/1").await.with_status(200).text(), "shown");
    let missing = site.get("/item/2").await.with_status(404);
    assert!(missing.text().contains("No &lt;item&gt; 2"));
    assert!(!missing.text().contains("shown"));
    assert_eq!(missing.header("x-a"), None);
    site.get("/empty").await.with_status(404);
}

// Proves: cli-config/TPL-47, HTML-05
#[tokio::test]
async fn a_page_needs_no_permission_but_its_crumbs_do() {
    let crumbs = "{% for item in crumb_items(request=request, database=database, table=table) %}{{ item.href }} {% endfor %}";
    let site = site()
        .template("pages/to/{database}/{table}.html", crumbs)
        .template(
            "pages/framed/{database}.html",
            "{% extends 'base.html' %}{% block title %}T{% endblock %}{% block crumbs %}{{ crumbs.nav(request=request, database=database) }}{% endblock %}",
        )
        .start()
        .await;
    assert_eq!(site.get("/to/data/t").await.text(), "/ /data /data/t ");
    assert_eq!(site.get("/to/data/nothing").await.text(), "/ /data ");
    assert_eq!(site.get("/to/hidden/s").await.text(), "/ ");
    let ann = Actor::with_id("ann");
    assert_eq!(
        site.get_as(&ann, "/to/hidden/s").await.text(),
        "/ /hidden /hidden/s "
    );
    let framed = site.get("/framed/data").await;
    assert!(
        framed
            .text()
            .contains("<a href=\"/data\" class=\"crumb-last\">data</a>")
    );
    let closed = site_denied().await;
    assert_eq!(closed.get("/open").await.with_status(200).text(), "open");
    closed.get("/data").await.with_status(403);
}

async fn site_denied() -> TestSite {
    site()
        .default_deny()
        .template("pages/open.html", "open")
        .start()
        .await
}

// Proves: cli-config/TPL-42
#[tokio::test]
async fn the_prefix_is_no_part_of_the_path_of_a_page() {
    let site = site()
        .setting("base_url", "/prefix/")
        .template(
            "pages/about.html",
            "{{ request.path }} {{ fix_path('/x') }} {{ fix_path('/prefix/x') }}",
        )
        .start()
        .await;
    assert_eq!(
        site.get("/prefix/about").await.with_status(200).text(),
        "/prefix/about /prefix/x /prefix/x"
    );
}

// Proves: cli-config/TPL-03
#[tokio::test]
async fn a_new_page_is_there_at_once() {
    let site = site().template("pages/old.html", "old").start().await;
    site.get("/new").await.with_status(404);
    let folder = site.path("data").with_file_name("templates/pages");
    std::fs::write(folder.join("new.html"), "new").expect("a new page");
    assert_eq!(site.get("/new").await.with_status(200).text(), "new");
}

// Proves: cli-config/TPL-60, cli-config/TPL-61, cli-config/TPL-62, cli-config/TPL-63, cli-config/TPL-65, DEF-11
#[tokio::test]
async fn errors_have_templates_by_status() {
    let known = "{{ status }} {{ title }} {{ error }} {{ request is defined }}";
    let site = site()
        .template("404.html", &format!("own 404: {known}"))
        .template("403.html", &format!("own 403: {known}"))
        .start()
        .await;
    let missing = site.get("/data/nothing").await.with_status(404);
    assert_eq!(missing.text(), "own 404: 404 None Table not found False");
    let refused = site.get("/hidden").await.with_status(403);
    assert!(
        refused.text().starts_with("own 403: 403 Forbidden "),
        "{}",
        refused.text()
    );
    // The page of a refusal is an ordinary one.
    assert!(refused.text().ends_with(" True"));
    let bad = site.get("/data/t?_size=x").await.with_status(400);
    assert!(bad.text().contains("<title>Error 400</title>"));
    let csv = site.get("/data/nothing.csv").await.with_status(404);
    assert_eq!(csv.text(), "Table not found");
    let json = site.get("/data/nothing.json").await.with_status(404);
    assert_eq!(json.json()["error"], "Table not found");
}
