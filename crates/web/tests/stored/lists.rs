//! Lists of stored queries.

use datasette_core::{Actor, StoredQuery};
use datasette_testkit::TestSite;
use serde_json::{Value, json};

use crate::{SQL, query, store};

fn names(list: &Value) -> Vec<String> {
    let queries = list["queries"].as_array().unwrap();
    let text = |query: &Value| query["name"].as_str().unwrap().to_owned();
    queries.iter().map(text).collect()
}

/// 40 queries in two databases whose titles collide, every third private.
async fn crowded() -> TestSite {
    let site = TestSite::build()
        .database("data", SQL)
        .database("more", SQL)
        .start()
        .await;
    let queries = (0..40).map(|number| StoredQuery {
        database: ["data", "more"][number % 2].to_owned(),
        title: (number % 4 != 0).then(|| ["Title", "title", "Ünder, ~"][number % 3].to_owned()),
        is_private: number % 3 == 0,
        is_write: number % 5 == 0,
        owner_id: Some(["ann", "ben"][number / 20].to_owned()),
        ..query(&format!("q,{number}"), "select 1")
    });
    store(&site, queries).await;
    site
}

// Proves: DEBUG-60, DEBUG-65, PERM-65
#[tokio::test]
async fn paging_meets_every_visible_query_once_and_in_order() {
    let site = crowded().await;
    let ann = Actor::with_id("ann");
    for path in [
        "/-/queries.json",
        "/data/-/queries.json",
        "/more/-/queries.json",
    ] {
        let whole = site.get_as(&ann, &format!("{path}?_size=max")).await.json();
        let visible = names(&whole).len();
        assert_eq!(
            visible,
            if path.starts_with("/-") {
                33
            } else {
                16 + usize::from(path.starts_with("/data"))
            },
            "{path}"
        );
        for size in [1, 2, 7] {
            let mut met = Vec::new();
            let mut page = site
                .get_as(&ann, &format!("{path}?_size={size}"))
                .await
                .json();
            loop {
                met.extend(names(&page));
                let Some(next) = page["next_url"].as_str() else {
                    break;
                };
                assert_eq!(page["queries"].as_array().unwrap().len(), size);
                let next = next.strip_prefix("http://localhost").unwrap().to_owned();
                page = site.get_as(&ann, &next).await.json();
            }
            assert_eq!(met, names(&whole), "{path}, {size} at a time");
        }
    }
}

// Proves: DEBUG-62, DEBUG-63, PERM-65
#[tokio::test]
async fn facets_count_what_narrowing_leaves() {
    let site = crowded().await;
    let ann = Actor::with_id("ann");
    for narrowed in [
        "",
        "&is_write=1",
        "&is_private=0",
        "&is_write=0&is_private=1",
        "&owner_id=ben",
        "&q=Q%2C1",
    ] {
        let path = format!("/-/queries.json?_size=max{narrowed}");
        let list = site.get_as(&ann, &path).await.json();
        for facet in list["facets"].as_array().unwrap() {
            for item in facet["items"].as_array().unwrap() {
                let there = item["href"]
                    .as_str()
                    .unwrap()
                    .replace("/-/queries", "/-/queries.json");
                let found = names(&site.get_as(&ann, &there).await.json()).len();
                let count = match item["active"].as_bool().unwrap() {
                    // The link of what is chosen takes the choice back.
                    true => names(&list).len(),
                    false => found,
                };
                assert_eq!(item["count"], json!(count), "{path}: {item}");
            }
        }
    }
}

// Proves: DEBUG-16, DEBUG-66, DB-09, PERM-65, PERM-66
#[tokio::test]
async fn nothing_tells_of_a_query_that_may_not_be_viewed() {
    let site = TestSite::with(SQL).await;
    let hidden = StoredQuery {
        title: Some("Concealed title".to_owned()),
        description: Some("Concealed words".to_owned()),
        is_private: true,
        owner_id: Some("ann".to_owned()),
        ..query("concealed", "select 'concealed'")
    };
    store(&site, [hidden]).await;
    let ben = Actor::with_id("ben");
    for path in [
        "/data",
        "/data.json",
        "/-/queries",
        "/-/queries.json",
        "/data/-/queries?q=concealed",
        "/-/queries.json?is_private=1&owner_id=ann",
        "/-/jump?q=conc",
    ] {
        for answer in [site.get(path).await, site.get_as(&ben, path).await] {
            let text = answer.with_status(200).text().to_owned();
            assert!(!text.contains("select 'concealed'"), "{path}");
            assert!(!text.contains("Concealed"), "{path}");
            assert!(!text.contains("data: concealed"), "{path}");
        }
    }
    let count = site.get("/data.json").await.json()["queries_count"].clone();
    assert_eq!(count, json!(0));
    let list = site.get("/-/queries.json").await.json();
    assert_eq!(
        list["facets"][1],
        json!({"title": "Visibility", "items": []})
    );
}

// Proves: DB-09, DB-16, STORED-65
#[tokio::test]
async fn a_database_page_shows_five_and_tells_how_many() {
    let site = TestSite::with(SQL).await;
    let some = |count: usize| (0..count).map(|number| query(&format!("q{number}"), "select 1"));
    store(&site, some(5)).await;
    let json = site.get("/data.json").await.json();
    assert_eq!(
        (&json["queries_more"], &json["queries_count"]),
        (&json!(false), &json!(5))
    );
    assert!(!site.get("/data").await.text().contains("View 5 queries"));
    store(&site, some(1200)).await;
    let json = site.get("/data.json").await.json();
    assert_eq!(
        (&json["queries_more"], &json["queries_count"]),
        (&json!(true), &json!(1200))
    );
    assert_eq!(names(&json).len(), 5);
    let page = site.get("/data").await;
    assert!(
        page.text()
            .contains("<a href=\"/data/-/queries\">View 1,200 queries</a>")
    );
}

// Proves: HTML-12, HTML-20
#[tokio::test]
async fn what_people_wrote_cannot_become_markup() {
    let site = TestSite::with(SQL).await;
    let mark = |text: &str| format!("<i id={text}>\"'");
    let odd = StoredQuery {
        title: Some(mark("title")),
        description: Some(mark("description")),
        fragment: Some("\"><i id=fragment>".to_owned()),
        owner_id: Some(mark("owner")),
        parameters: vec![mark("parameter")],
        ..query(&mark("name"), "select '<i id=sql>'")
    };
    store(&site, [odd]).await;
    let name = "~3Ci+id~3Dname~3E~22~27";
    for path in [
        "/-/queries?q=%3Ci+id%3D",
        "/data/-/queries?source=user&owner_id=%3Ci+id%3Downer%3E%22'",
        "/data",
        &format!("/data/{name}?%3Ci%20id%3Dparameter%3E=%22%3E%3Ci+id%3Dvalue%3E"),
    ] {
        let page = site.get(path).await.with_status(200);
        assert!(page.text().contains("&lt;i id=title&gt;"), "{path}");
        assert!(!page.text().contains("<i id="), "{path}: {}", page.text());
    }
}
