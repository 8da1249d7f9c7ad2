//! The search box of table pages.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_testkit::TestSite;
use serde_json::json;

const SQL: &str = "
    create table note (id integer primary key, title text, body text);
    insert into note values (1, 'Tea', 'water & leaves'), (2, 'Rain', 'water');
    create virtual table note_fts using fts5(title, body, content=\"note\", content_rowid=\"id\");
    insert into note_fts(note_fts) values ('rebuild');
    create table plain (id integer primary key, title text);
    create view titles as select id, title from note;";

async fn form(path: &str) -> String {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"tables": {
            "titles": {"fts_table": "note_fts", "fts_pk": "id"},
        }}}}))
        .start()
        .await;
    let page = site.get(path).await.with_status(200);
    let form = page
        .text()
        .split("<form class=\"core filters\"")
        .nth(1)
        .unwrap();
    form.split("</form>").next().unwrap().to_owned()
}

fn search_box(value: &str) -> String {
    format!(
        "<div class=\"search-row\"><label for=\"_search\">Search:</label>\
         <input id=\"_search\" type=\"search\" name=\"_search\" value=\"{value}\"></div>"
    )
}

// Proves: SEARCH-18
#[tokio::test]
async fn what_can_be_searched_has_a_search_box() {
    for path in ["/data/note", "/data/titles", "/data/note_fts"] {
        let form = form(path).await;
        assert!(form.contains(&search_box("")), "{path}: {form}");
    }
    let form = form("/data/plain?_search=x").await;
    assert!(!form.contains("_search"), "{form}");
}

// Proves: SEARCH-19
#[tokio::test]
async fn the_box_shows_what_was_searched() {
    let cases = [
        ("water", "water"),
        ("%22water+%26+le%22", "&#34;water &amp; le&#34;"),
        ("nothing+like+it", "nothing like it"),
        ("%3Cb%3E", "&lt;b&gt;"),
    ];
    for (asked, shown) in cases {
        let form = form(&format!("/data/note?_search={asked}")).await;
        assert!(form.contains(&search_box(shown)), "{asked}: {form}");
    }
}

// Proves: SEARCH-20
#[tokio::test]
async fn submitting_the_form_keeps_how_is_searched() {
    let path = "/data/note?_search_title=tea&_searchmode=raw&_fts_table=note_fts&_fts_pk=rowid&_search=wat*";
    let form = form(path).await;
    for (name, value) in [
        ("_search_title", "tea"),
        ("_searchmode", "raw"),
        ("_fts_table", "note_fts"),
        ("_fts_pk", "rowid"),
    ] {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        assert_eq!(form.matches(&field).count(), 1, "{name}: {form}");
    }
    // The text has a field of its own.
    assert!(form.contains(&search_box("wat*")), "{form}");
    assert!(!form.contains("type=\"hidden\" name=\"_search\""), "{form}");
}
