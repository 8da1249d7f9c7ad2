//! Menus, variables, assets, slots and jump items.

use std::sync::Arc;

use datasette_hooks::{
    Answer, AssetUrl, BodyScript, Context, HookError, HookName, HookSet, JumpContribution,
    JumpItem, JumpSql, MenuItem, PageInfo, Plugin, TemplateSlot, TemplateValue, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::json;

use crate::{SQL, hooks, site};

/// Adds something to every page; `fails` breaks instead.
struct Additions {
    fails: bool,
}

impl Additions {
    fn answer<'a, T: Send + 'a>(&self, value: T) -> BoxFuture<'a, Answer<T>> {
        match self.fails {
            true => Box::pin(std::future::ready(Err(HookError::failed("secret words")))),
            false => ready(value),
        }
    }
}

impl Plugin for Additions {
    fn name(&self) -> &str {
        "additions"
    }
    fn implements(&self) -> HookSet {
        hooks(&[
            HookName::MenuLinks,
            HookName::ExtraTemplateVars,
            HookName::ExtraCssUrls,
            HookName::ExtraJsUrls,
            HookName::ExtraBodyScript,
            HookName::TopTable,
            HookName::JumpItemsSql,
        ])
    }
    fn menu_links<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
        self.answer(vec![MenuItem::new("/-/mine?a=1&b=2", "<Mine>")])
    }
    fn extra_template_vars<'a>(
        &'a self,
        _: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<IndexMap<String, TemplateValue>>> {
        let about = json!([page.database, page.table, page.columns, page.view_name]).to_string();
        self.answer(
            [
                ("about", TemplateValue::Html(about)),
                ("datasette_version", TemplateValue::Data(json!("my own"))),
                ("table", TemplateValue::Data(json!("<other>"))),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        )
    }
    fn extra_css_urls<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        self.answer(vec![AssetUrl::new("/mine.css"), AssetUrl::new("/mine.css")])
    }
    fn extra_js_urls<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        self.answer(vec![AssetUrl::new("https://example.com/mine.js")])
    }
    fn extra_body_script<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<BodyScript>>> {
        let script = "if (1 < 2 && true) { mine() }".to_owned();
        self.answer(vec![BodyScript {
            script,
            module: false,
        }])
    }
    fn top_table<'a>(
        &'a self,
        _: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        assert!(matches!(slot, TemplateSlot::Table { table, .. } if table == "t"));
        self.answer(Some("<i>top of the table</i>".to_owned()))
    }
    fn jump_items_sql<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<JumpContribution>> {
        let sql = |database: Option<&str>, sql: &str| JumpSql {
            sql: sql.to_owned(),
            params: vec![("kind".to_owned(), datasette_hooks::Data("person".into()))],
            database: database.map(str::to_owned),
        };
        self.answer(JumpContribution {
            items: vec![JumpItem {
                kind: "menu".to_owned(),
                label: "Own page".to_owned(),
                description: Some("A page of a plugin".to_owned()),
                url: "/-/own".to_owned(),
                search_text: "own page".to_owned(),
                display_name: Some("Own".to_owned()),
            }],
            sql: vec![
                sql(
                    Some("data"),
                    "select :kind as type, name as label, null as description, \
                     json_object('method', 'row', 'database', 'data', 'table', 't', 'row_path', \
                     cast(id as text)) as url, name as search_text, null as display_name from t",
                ),
                sql(None, "select nonsense"),
            ],
        })
    }
}

// Proves: HOOK-38, HOOK-39, HOOK-45, HOOK-46, HOOK-48, HOOK-49, HOOK-50, HOOK-51, HOOK-53, CONF-79, TPL-52, HOOK-171, HOOK-172, HOOK-188, HOOK-189
#[tokio::test]
async fn pages_carry_what_plugins_add() {
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(Additions { fails: false }))
        .config(json!({"extra_css_urls": [
            "/theirs.css",
            {"url": "/mine.css", "sri": "sha384-x"},
        ]}))
        .template(
            "table.html",
            "{% extends 'default:table.html' %}{% block content %}{{ about }}|{{ table }}|{{ super() }}{% endblock %}",
        )
        .template("pages/own.html", "{{ about }}")
        .start()
        .await;
    let own = site.get("/own").await.with_status(200);
    assert_eq!(own.text(), "[null,null,null,\"page\"]");
    let page = site.get("/data/t").await.with_status(200);
    let text = page.text();
    for wanted in [
        "href=\"/-/mine?a=1&amp;b=2\"",
        "&lt;Mine&gt;",
        "[\"data\",\"t\",[\"id\",\"name\",\"n\",\"site\"],\"table\"]|&lt;other&gt;|",
        "my own",
        "https://example.com/mine.js",
        "if (1 < 2 && true) { mine() }",
        "<i>top of the table</i>",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    assert_eq!(text.matches("/mine.css").count(), 1);
    assert!(text.find("/mine.css") < text.find("/theirs.css"));
    assert!(!text.contains("sha384-x"), "the first of one URL counts");
}

// Proves: HOOK-182, HOOK-183, HOOK-184, HOOK-185, HOOK-186, HOOK-187, DEBUG-13
#[tokio::test]
async fn the_jump_box_finds_what_plugins_know() {
    let site = site(Additions { fails: false }).await;
    let found = site.get("/-/jump?q=").await.with_status(200).json();
    let names: Vec<(&str, &str, &str)> = found["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let text = |key: &str| item[key].as_str().unwrap();
            (text("type"), text("name"), text("url"))
        })
        .collect();
    assert_eq!(
        names,
        [
            ("database", "data", "/data"),
            ("table", "data: t", "/data/t"),
            ("view", "data: v", "/data/v"),
            // It is shown as "Own", which is as short as the names, and its label sorts first.
            ("menu", "Own page", "/-/own"),
            ("person", "ann", "/data/t/1"),
            ("person", "bob", "/data/t/2"),
            ("person", "cleo", "/data/t/3"),
        ]
    );
    let own = site.get("/-/jump?q=own+pa").await.json();
    let own = own["matches"].as_array().unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["display_name"], "Own");
    assert_eq!(own[0]["description"], "A page of a plugin");
}

// Proves: HOOK-171, HOOK-182, HOOK-188
#[tokio::test]
async fn additions_that_break_are_missing() {
    let site = site(Additions { fails: true }).await;
    let page = site.get("/data/t").await.with_status(200);
    assert!(page.text().contains(">cleo<"));
    assert!(!page.text().contains("secret words"));
    let found = site.get("/-/jump?q=data").await.with_status(200).json();
    assert_eq!(found["matches"].as_array().unwrap().len(), 3);
}
