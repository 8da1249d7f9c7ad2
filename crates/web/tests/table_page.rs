//! The page of a table: what depends on configuration and on permissions.

use datasette_testkit::TestSite;
use serde_json::json;

const SQL: &str = "create table t (id integer primary key, name text, size integer);
    insert into t values (1, 'one', 3), (2, 'two', 4);
    create table kinds (id integer primary key, name text);
    create virtual table t_fts using fts5 (name, content=\"t\", content_rowid=\"id\");";

/// The values that the sort menu of a page offers, `None` without the menu.
fn sort_menu(page: &str) -> Option<Vec<&str>> {
    let (_, menu) = page.split_once("<select name=\"_sort\"")?;
    let (menu, _) = menu.split_once("</select>")?;
    let values = menu.split("<option value=\"").skip(1);
    Some(
        values
            .filter_map(|option| option.split_once('"'))
            .map(|(value, _)| value)
            .collect(),
    )
}

// Proves: HTML-45
#[tokio::test]
async fn the_sort_menu_offers_sortable_columns_in_sight() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"tables": {
            "t": {"sortable_columns": ["size", "name"]},
            "kinds": {"sortable_columns": []},
        }}}}))
        .start()
        .await;
    let page = site.get("/data/t").await.with_status(200);
    assert_eq!(sort_menu(page.text()), Some(vec!["", "name", "size"]));
    let page = site.get("/data/t?_col=size").await.with_status(200);
    assert_eq!(sort_menu(page.text()), Some(vec!["", "size"]));
    let page = site.get("/data/kinds").await.with_status(200);
    assert_eq!(sort_menu(page.text()), None);
    let open = TestSite::with(SQL).await;
    let page = open.get("/data/t?_nocol=size").await.with_status(200);
    assert_eq!(sort_menu(page.text()), Some(vec!["", "id", "name"]));
}

// Proves: HTML-30
#[tokio::test]
async fn the_sql_of_a_page_is_a_link_for_those_who_may_run_sql() {
    let link = "<a class=\"not-underlined\" title=\"select id, name, size from t \
                where &#34;name&#34; = :p0 order by id limit 101\" \
                href=\"/data?sql=select+id%2C+name%2C+size+from+t+where+%22name%22+%3D+%3Ap0+\
                order+by+id+limit+101&amp;p0=one\">";
    let open = TestSite::with(SQL).await;
    let page = open.get("/data/t?name=one").await.with_status(200);
    assert!(page.text().contains(link), "{}", page.text());
    assert!(page.text().contains("View and edit SQL"));
    let closed = TestSite::build()
        .database("data", SQL)
        .setting("default_allow_sql", "off")
        .start()
        .await;
    let page = closed.get("/data/t?name=one").await.with_status(200);
    assert!(!page.text().contains("View and edit SQL"));
    assert!(!page.text().contains("?sql="));
}

// Proves: HTML-39
#[tokio::test]
async fn the_search_box_holds_the_term() {
    let site = TestSite::with(SQL).await;
    let page = site.get("/data/t?_search=%3Cone%3E").await.with_status(200);
    assert!(page.text().contains(
        "<div class=\"search-row\"><label for=\"_search\">Search:</label>\
         <input id=\"_search\" type=\"search\" name=\"_search\" value=\"&lt;one&gt;\"></div>"
    ));
    let page = site.get("/data/t?_search_name=one").await.with_status(200);
    assert_eq!(page.text().matches("type=\"search\"").count(), 1);
    let page = site.get("/data/kinds").await.with_status(200);
    assert!(!page.text().contains("search-row"));
}
