//! What configuration and metadata change on the pages of tables and rows.

use datasette_testkit::TestSite;
use serde_json::json;

const SQL: &str = "
    create table t (id integer primary key, name text, n integer, other text);
    insert into t values (1, 'one', 1, 'a'), (2, 'two', 2, 'b');
    create table plain (id integer primary key, name text);
    insert into plain values (1, 'one');
    create view v as select id, name from t;";

async fn site(tables: serde_json::Value) -> TestSite {
    let config = json!({"databases": {"data": {"tables": tables}}});
    TestSite::build()
        .database("data", SQL)
        .config(config)
        .start()
        .await
}

async fn described(metadata: serde_json::Value) -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .metadata(metadata)
        .start()
        .await
}

/// The text between two marks.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = page
        .split_once(start)
        .unwrap_or_else(|| panic!("{start}\n{page}"));
    rest.split_once(end)
        .unwrap_or_else(|| panic!("{end}\n{rest}"))
        .0
}

// Proves: CONFIG-04, SORT-05, SORT-06
#[tokio::test]
async fn only_the_listed_columns_can_be_sorted_by() {
    let site =
        site(json!({"t": {"sortable_columns": ["n"]}, "plain": {"sortable_columns": []}})).await;
    let page = site.get("/data/t").await.with_status(200);
    let menu = between(page.text(), "name=\"_sort\"", "</select>");
    assert!(menu.contains("Sort by n<"), "{menu}");
    assert_eq!(menu.matches("<option value=\"").count(), 2, "{menu}");
    let head = between(page.text(), "<thead>", "</thead>");
    assert_eq!(head.matches("<a ").count(), 1, "{head}");
    assert!(head.contains("_sort=n"));
    let none = site.get("/data/plain").await.with_status(200);
    assert!(!none.text().contains("name=\"_sort\""));
    assert!(!between(none.text(), "<thead>", "</thead>").contains("<a "));
    site.get("/data/plain.json?_sort=id").await.with_status(400);
    site.get("/data/t.json?_sort=name").await.with_status(400);
    site.get("/data/t.json?_sort_desc=n").await.with_status(200);
}

// Proves: CONFIG-06, HIDE-01, HIDE-03
#[tokio::test]
async fn a_hidden_table_is_there_for_those_who_know_it() {
    let site = site(json!({"t": {"hidden": true}, "v": {"hidden": true}})).await;
    let database = site.get("/data.json").await.json();
    let hidden: Vec<_> = database["tables"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&hidden[0]["name"], &hidden[0]["hidden"]),
        (&json!("plain"), &json!(false))
    );
    assert_eq!(
        (&hidden[1]["name"], &hidden[1]["hidden"]),
        (&json!("t"), &json!(true))
    );
    assert_eq!(database["hidden_count"], 1);
    assert_eq!(database["views"], json!([{"name": "v", "private": false}]));
    let page = site.get("/data").await.with_status(200);
    assert!(!page.text().contains("href=\"/data/t\""));
    assert!(page.text().contains("href=\"/data/v\""));
    assert!(page.text().contains("1 hidden table"));
    let shown = site.get("/data?_show_hidden=1").await;
    assert!(shown.text().contains("href=\"/data/t\""));
    assert_eq!(
        site.get("/data/t.json").await.with_status(200).json()["rows"][0]["name"],
        "one"
    );
}

// Proves: CONFIG-12, CONFIG-13, CONFIG-15, CONFIG-17
#[tokio::test]
async fn titles_and_descriptions_are_shown_where_they_belong() {
    let site = described(json!({
        "title": "The <site>",
        "license": "Licence of the site",
        "databases": {"data": {
            "title": "The <data>",
            "description": "Plain <words>",
            "source": "Source of the data",
            "tables": {
                "t": {
                    "title": "A <table>",
                    "description": "not shown",
                    "description_html": "<em>As written</em>",
                    "columns": {"other": "The <other>", "n": "A number"},
                },
                "plain": {},
            },
        }},
    }))
    .await;
    let table = site.get("/data/t").await.with_status(200);
    let table = table.text();
    assert!(table.contains("A &lt;table&gt;</h1>"), "{table}");
    assert!(table.contains("<title>data: t: 2 rows</title>"));
    assert!(table.contains("<em>As written</em>") && !table.contains("not shown"));
    let list = between(table, "<dl class=\"column-descriptions\">", "</dl>");
    let number = list.find("<dd>A number</dd>").unwrap();
    assert!(
        number < list.find("<dd>The &lt;other&gt;</dd>").unwrap(),
        "{list}"
    );
    assert!(table.contains("data-column-description=\"The &lt;other&gt;\""));
    // Nothing is inherited, neither by the table nor by the database.
    for words in ["Licence of the site", "Source of the data"] {
        assert!(!table.contains(words), "{words}");
    }
    let database = site.get("/data").await.with_status(200);
    let database = database.text();
    assert!(database.contains("The &lt;data&gt;</h1>"), "{database}");
    assert!(database.contains("<title>data</title>"));
    assert!(database.contains("Plain &lt;words&gt;"));
    assert!(database.contains("Source of the data") && !database.contains("Licence of the site"));
    let index = site.get("/").await.with_status(200);
    assert!(
        index
            .text()
            .contains("<title>The &lt;site&gt;: data</title>")
    );
    assert!(index.text().contains("<h1>The &lt;site&gt;</h1>"));
    let plain = site.get("/data/plain").await.with_status(200);
    assert!(plain.text().contains("plain</h1>"));
    assert!(!plain.text().contains("column-descriptions\""));
}

// Proves: CONFIG-16
#[tokio::test]
async fn about_alone_stands_in_the_footer_only() {
    let tables = json!({
        "t": {"about": "More about it", "about_url": "https://about.example/"},
        "plain": {"about": "More about it", "license": "Own"},
    });
    let site = described(json!({"databases": {"data": {"tables": tables}}})).await;
    let alone = site.get("/data/t").await.with_status(200);
    let (body, footer) = alone.text().split_once("<footer").unwrap();
    assert!(!body.contains("More about it"), "{body}");
    assert!(
        footer.contains("<a href=\"https://about.example/\">More about it</a>"),
        "{footer}"
    );
    let beside = site.get("/data/plain").await.with_status(200);
    let (body, footer) = beside.text().split_once("<footer").unwrap();
    assert!(body.contains("More about it") && footer.contains("More about it"));
}

// Proves: DIFF-19
#[tokio::test]
async fn the_template_of_one_table_is_looked_for_first() {
    let site = |names: &[&str]| {
        let builder = TestSite::build().database("data", SQL);
        names
            .iter()
            .fold(builder, |builder, name| builder.template(name, name))
            .start()
    };
    let all = [
        "_table-data-t.html",
        "_table-table-data-t.html",
        "_table.html",
    ];
    for first in 0..all.len() {
        let page = site(&all[first..])
            .await
            .get("/data/t")
            .await
            .with_status(200);
        assert!(page.text().contains(all[first]), "{first}\n{}", page.text());
        for other in all.iter().filter(|name| **name != all[first]) {
            assert!(!page.text().contains(&format!("\n{other}")), "{other}");
        }
    }
    let rows = [
        "_table-data-t.html",
        "_table-row-data-t.html",
        "_table.html",
    ];
    for first in 0..rows.len() {
        let page = site(&rows[first..])
            .await
            .get("/data/t/1")
            .await
            .with_status(200);
        assert!(
            page.text().contains(rows[first]),
            "{first}\n{}",
            page.text()
        );
    }
}
