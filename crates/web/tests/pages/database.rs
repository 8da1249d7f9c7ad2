//! The database page.

use std::sync::Arc;

use datasette_hooks::{
    ActionItem, ActionTarget, Answer, Context, HookName, HookSet, Plugin, TemplateSlot, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use serde_json::json;

// Proves: DB-17
#[tokio::test]
async fn a_download_is_offered_where_it_would_work() {
    let sql = "create table t (id integer primary key)";
    let link = "<p class=\"download-sqlite\">";
    let fixed = TestSite::build().immutable("data", sql).memory();
    let site = fixed.start().await;
    let page = site.get("/data").await.with_status(200);
    assert!(page.text().contains(link), "{}", page.text());
    assert!(page.text().contains("href=\"/data.db\""));
    assert!(!site.get("/_memory").await.text().contains(link));
    let changing = TestSite::with(sql).await;
    assert!(!changing.get("/data").await.text().contains(link));
    let off = TestSite::build()
        .immutable("data", sql)
        .setting("allow_download", "off");
    assert!(!off.start().await.get("/data").await.text().contains(link));
}

/// Adds an action and a text at the top of database pages.
struct Top;

impl Plugin for Top {
    fn name(&self) -> &str {
        "top"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::DatabaseActions, HookName::TopDatabase])
    }
    fn database_actions<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(vec![ActionItem::link("/-/mine", "My own action")])
    }
    fn top_database<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(Some("<i>the top of the page</i>".to_owned()))
    }
}

// Proves: DB-12, DB-13
#[tokio::test]
async fn the_parts_of_the_page_stand_in_their_order() {
    let sql = "create table \"a table\" (id integer primary key);
        create table _kept (id integer primary key);
        create view a_view as select 1;";
    let config = json!({"databases": {"data": {"queries": {"a_query": "select 1"}}}});
    let build = |allowed: bool| {
        let mut config = config.clone();
        config["databases"]["data"]["allow_sql"] = allowed.into();
        TestSite::build()
            .immutable("data", sql)
            .config(config)
            .metadata(json!({"databases": {"data": {"description": "What it is"}}}))
            .plugin(Arc::new(Top))
            .start()
    };
    let page = build(true).await.get("/data").await.with_status(200);
    let page = page.text();
    let mut from = page.find("<section").unwrap();
    for part in [
        "border-color: #",
        "data</h1>",
        "Database actions",
        "<i>the top of the page</i>",
        "What it is",
        "<textarea",
        "select * from &#34;a table&#34;",
        "/data/a_query",
        "/data/-/schema",
        "/data/a+table",
        "1 hidden table",
        "/data/a_view",
        "download-sqlite",
    ] {
        let place = page[from..].find(&part.replace("&#34;", "&quot;"));
        let place = place.or_else(|| page[from..].find(part));
        from += place.unwrap_or_else(|| panic!("{part} after {}\n{page}", &page[from..]));
    }
    let without = build(false).await.get("/data").await.with_status(200);
    assert!(!without.text().contains("<textarea"));
    let empty = TestSite::with("create view v as select 1").await;
    assert!(
        empty
            .get("/data")
            .await
            .text()
            .contains("select sqlite_version()</textarea>")
    );
}
