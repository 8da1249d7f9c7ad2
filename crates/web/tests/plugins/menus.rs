//! Actions menus of pages: which page asks which hook, and how the items are shown.

use std::sync::{Arc, Mutex};

use datasette_hooks::{
    ActionItem, ActionTarget, Answer, Context, HookName, HookSet, Plugin, ready,
};
use futures_util::future::BoxFuture;

use crate::{hooks, site};

/// Answers each hook of actions with the same two items, and remembers what it was asked.
#[derive(Default)]
struct Menus {
    asked: Arc<Mutex<Vec<String>>>,
}

impl Menus {
    fn items<'a>(
        &'a self,
        hook: &str,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        let name = match target {
            ActionTarget::Homepage => String::new(),
            ActionTarget::Database { database } => database.clone(),
            ActionTarget::Table { table, .. } | ActionTarget::Row { table, .. } => table.clone(),
            ActionTarget::View { view, .. } => view.clone(),
            ActionTarget::Query { sql, .. } => sql.clone().unwrap_or_default(),
        };
        self.asked.lock().unwrap().push(format!("{hook} {name}"));
        let attributes = vec![("data-mine".to_owned(), "a\"b".to_owned())];
        ready(vec![
            ActionItem::link("/-/a?b=1&c=2", "<Go>").described("there & back"),
            ActionItem::button("Press", attributes),
        ])
    }
}

type Items<'a> = BoxFuture<'a, Answer<Vec<ActionItem>>>;

impl Plugin for Menus {
    fn name(&self) -> &str {
        "menus"
    }
    fn implements(&self) -> HookSet {
        hooks(&[
            HookName::HomepageActions,
            HookName::DatabaseActions,
            HookName::TableActions,
            HookName::ViewActions,
            HookName::QueryActions,
            HookName::RowActions,
        ])
    }
    fn homepage_actions<'a>(&'a self, _: &'a Context<'a>, target: &'a ActionTarget) -> Items<'a> {
        self.items("homepage", target)
    }
    fn database_actions<'a>(&'a self, _: &'a Context<'a>, target: &'a ActionTarget) -> Items<'a> {
        self.items("database", target)
    }
    fn table_actions<'a>(&'a self, _: &'a Context<'a>, target: &'a ActionTarget) -> Items<'a> {
        self.items("table", target)
    }
    fn view_actions<'a>(&'a self, _: &'a Context<'a>, target: &'a ActionTarget) -> Items<'a> {
        self.items("view", target)
    }
    fn query_actions<'a>(&'a self, _: &'a Context<'a>, target: &'a ActionTarget) -> Items<'a> {
        self.items("query", target)
    }
    fn row_actions<'a>(&'a self, _: &'a Context<'a>, target: &'a ActionTarget) -> Items<'a> {
        self.items("row", target)
    }
}

/// Without what stands between tags for the eye of the reader only.
fn tight(html: &str) -> String {
    html.lines().map(str::trim).collect()
}

// Proves: UI-11, HTML-61, HTML-62, HOOK-174, HOOK-175, HOOK-176, HOOK-180
#[tokio::test]
async fn each_page_has_the_menu_of_its_kind() {
    let menus = Menus::default();
    let asked = Arc::clone(&menus.asked);
    let site = site(menus).await;
    for (path, title, hook) in [
        ("/", "Homepage actions", "homepage "),
        ("/-/", "Homepage actions", "homepage "),
        ("/data", "Database actions", "database data"),
        ("/data/t", "Table actions", "table t"),
        ("/data/v", "View actions", "view v"),
        (
            "/data/-/query?sql=select+1",
            "Query actions",
            "query select 1",
        ),
        ("/data/t/1", "Row actions", "row t"),
    ] {
        let page = tight(site.get(path).await.with_status(200).text());
        let opening = "<div class=\"page-action-menu\">\
            <details class=\"actions-menu-links details-menu\"><summary>";
        let (_, menu) = page.split_once(opening).expect(path);
        let (summary, items) = menu.split_once("</summary>").unwrap();
        assert!(summary.contains(&format!("<span>{title}</span>")), "{path}");
        let (opening, items) = items.split_once("<li role=\"none\">").unwrap();
        assert!(
            opening.starts_with("<div class=\"dropdown-menu\">"),
            "{path}"
        );
        assert!(opening.contains("<ul role=\"menu\""), "{path}");
        let (items, _) = items.split_once("</ul>").unwrap();
        assert_eq!(
            items,
            "<a href=\"/-/a?b=1&amp;c=2\" role=\"menuitem\">&lt;Go&gt; \
             <span class=\"dropdown-description\">there &amp; back</span></a></li>\
             <li role=\"none\"><button type=\"button\" class=\"button-as-link action-menu-button\" \
             role=\"menuitem\" tabindex=\"-1\" data-mine=\"a&#34;b\">Press</button></li>",
            "{path}"
        );
        assert_eq!(
            std::mem::take(&mut *asked.lock().unwrap()),
            [hook],
            "{path}"
        );
    }
    site.get("/.json").await.with_status(200);
    assert_eq!(*asked.lock().unwrap(), [""; 0], "JSON has no menu");
}

/// Has nothing to offer.
struct Nothing;

impl Plugin for Nothing {
    fn name(&self) -> &str {
        "nothing"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::TableActions])
    }
}

// Proves: HTML-61, HOOK-175
#[tokio::test]
async fn a_menu_without_items_is_absent() {
    let site = site(Nothing).await;
    for path in [
        "/",
        "/data",
        "/data/t",
        "/data/v",
        "/data/-/query?sql=select+1",
        "/data/t/1",
    ] {
        let page = site.get(path).await.with_status(200);
        assert!(!page.text().contains("page-action-menu"), "{path}");
    }
}
