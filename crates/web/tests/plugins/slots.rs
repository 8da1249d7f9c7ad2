//! The places of pages that plugins fill.

use std::sync::Arc;

use datasette_hooks::{Answer, Context, HookName, HookSet, Plugin, TemplateSlot, ready};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use serde_json::json;

use crate::{SQL, hooks};

/// Fills every slot with its name and the slot's.
struct Slots(&'static str);

impl Slots {
    fn fill<'a>(&self, slot: &str) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(Some(format!("<i>{} {slot}</i>", self.0)))
    }
}

/// The hook method of one slot.
macro_rules! fills {
    ($($method:ident),*) => {
        $(fn $method<'a>(
            &'a self,
            _: &'a Context<'a>,
            _: &'a TemplateSlot,
        ) -> BoxFuture<'a, Answer<Option<String>>> {
            self.fill(stringify!($method))
        })*
    };
}

impl Plugin for Slots {
    fn name(&self) -> &str {
        self.0
    }
    fn implements(&self) -> HookSet {
        hooks(&[
            HookName::TopHomepage,
            HookName::TopDatabase,
            HookName::TopTable,
            HookName::TopRow,
            HookName::TopQuery,
            HookName::TopStoredQuery,
        ])
    }
    fills!(
        top_homepage,
        top_database,
        top_table,
        top_row,
        top_query,
        top_stored_query
    );
}

// Proves: http-read/TPL-18, DEBUG-03
#[tokio::test]
async fn slots_are_between_the_heading_and_the_description() {
    let described = json!({
        "description": "told here",
        "databases": {"data": {
            "description": "told here",
            "tables": {"t": {"description": "told here"}},
        }},
    });
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(Slots("zoe")))
        .plugin(Arc::new(Slots("amy")))
        .metadata(described)
        .config(json!({"databases": {"data": {"queries": {
            "one": {"sql": "select 1", "description": "told here"},
        }}}}))
        .start()
        .await;
    for (path, slot, has_description) in [
        ("/", "top_homepage", true),
        ("/data", "top_database", true),
        ("/data/t", "top_table", true),
        ("/data/t/1", "top_row", false),
        ("/data/-/query?sql=select+1", "top_query", true),
        ("/data/one", "top_stored_query", true),
    ] {
        let page = site.get(path).await.with_status(200);
        let at = |text: &str| page.text().find(text);
        let filled = at(&format!("<i>amy {slot}</i>"));
        assert!(at("</h1>") < filled && filled.is_some(), "{path}");
        assert!(at(&format!("<i>zoe {slot}</i>")).is_some(), "{path}");
        assert_eq!(at("told here").is_some(), has_description, "{path}");
        assert!(!has_description || filled < at("told here"), "{path}");
        let others = page.text().matches("<i>amy top_").count();
        assert_eq!(others, 1, "{path}");
    }
    let listed = site.get("/-/plugins.json").await.json();
    let listed = listed.as_array().expect("a bare array");
    let names: Vec<_> = listed.iter().map(|plugin| &plugin["name"]).collect();
    assert_eq!(names, ["amy", "zoe"]);
    assert_eq!(listed[0]["hooks"].as_array().map(Vec::len), Some(6));
}
