//! The home page: what it counts, which of its templates it uses, and what plugins add.

use std::sync::Arc;

use std::time::Duration;

use datasette_engine::counts::CountTime;
use datasette_hooks::{
    ActionItem, ActionTarget, Answer, Context, HookName, HookSet, Plugin, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

/// Mutable files from this size on are not counted, in bytes.
const LARGE: u64 = 100 * 1024 * 1024;

fn numbers(rows: u32) -> String {
    format!(
        "create table n (id integer primary key);
         with recursive c(i) as (select 1 union all select i + 1 from c where i < {rows})
         insert into n select i from c;"
    )
}

async fn first_database(site: &TestSite) -> Value {
    site.get("/.json").await.with_status(200).json()["databases"][0].take()
}

/// Makes a file look large without writing to it.
fn grow(site: &TestSite, database: &str) {
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(site.path(database))
        .unwrap();
    file.set_len(LARGE).unwrap();
}

// Proves: INDEX-08
#[tokio::test]
async fn counts_stop_at_their_limit() {
    let site = TestSite::with(&numbers(10_050)).await;
    let database = first_database(&site).await;
    assert_eq!(database["tables_and_views_truncated"][0]["count"], 10_001);
    assert_eq!(database["table_rows_sum"], 10_001);
}

// Proves: INDEX-07, IMM-12
#[tokio::test]
async fn a_large_file_is_counted_only_if_it_cannot_change() {
    let site = TestSite::with(&numbers(3)).await;
    assert_eq!(first_database(&site).await["show_table_row_counts"], true);
    grow(&site, "data");
    let large = first_database(&site).await;
    assert_eq!(large["show_table_row_counts"], false);
    assert_eq!(large["tables_and_views_truncated"][0]["count"], Value::Null);
    assert_eq!(large["table_rows_sum"], 0);
    let page = site.get("/").await.with_status(200);
    assert!(page.text().contains(">1 table<"), "{}", page.text());

    let fixed = TestSite::build()
        .immutable("data", &numbers(3))
        .start()
        .await;
    grow(&fixed, "data");
    let large = first_database(&fixed).await;
    assert_eq!(large["show_table_row_counts"], true);
    assert_eq!(large["table_rows_sum"], 3);

    let empty = TestSite::with("create view one as select 1").await;
    let database = first_database(&empty).await;
    assert_eq!(database["show_table_row_counts"], false);
}

// Proves: INDEX-16
#[tokio::test]
async fn the_built_in_page_stays_reachable() {
    let site = TestSite::build()
        .database("data", &numbers(1))
        .template("index.html", "a home page of our own")
        .start()
        .await;
    let own = site.get("/").await.with_status(200);
    assert_eq!(own.text(), "a home page of our own");
    let built_in = site.get("/-/").await.with_status(200);
    assert!(built_in.text().contains("<h1>Datasette</h1>"));
    let robots = "<meta name=\"robots\" content=\"noindex\">";
    assert!(built_in.text().contains(robots));
    let plain = TestSite::with(&numbers(1)).await;
    assert!(!plain.get("/").await.text().contains(robots));
}

/// Adds an item to the menu of the home page.
struct Menu;

impl Plugin for Menu {
    fn name(&self) -> &str {
        "menu"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::HomepageActions])
    }
    fn homepage_actions<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(vec![ActionItem::link("/-/mine", "My own action")])
    }
}

// Proves: INDEX-17
#[tokio::test]
async fn the_page_shows_metadata_and_the_menu_of_plugins() {
    let metadata = json!({
        "description": "Told <plainly>",
        "license": "CC BY", "license_url": "https://license.example/",
        "source": "Somewhere", "source_url": "https://source.example/",
        "about": "More", "about_url": "https://about.example/",
    });
    let site = TestSite::build()
        .database("data", &numbers(1))
        .metadata(metadata)
        .plugin(Arc::new(Menu))
        .start()
        .await;
    let page = site.get("/").await.with_status(200);
    for part in [
        "Told &lt;plainly&gt;",
        "<a href=\"https://license.example/\">CC BY</a>",
        "<a href=\"https://source.example/\">Somewhere</a>",
        "<a href=\"https://about.example/\">More</a>",
        "Homepage actions",
        "<a href=\"/-/mine\" role=\"menuitem\">My own action",
    ] {
        assert!(page.text().contains(part), "{part}\n{}", page.text());
    }
    let without = TestSite::with(&numbers(1)).await.get("/").await;
    assert!(!without.text().contains("Homepage actions"));
}

// Proves: INDEX-13
#[tokio::test]
async fn each_database_has_its_colour_its_sums_and_its_first_tables() {
    let sql = "create table one (id integer primary key); insert into one values (1), (2);
        create table none (id integer primary key);
        create table _kept (id integer primary key); insert into _kept values (1);
        create view v as select 1; create view w as select 1; create view x as select 1;
        create view y as select 1;";
    let site = TestSite::with(sql).await;
    let colour = first_database(&site).await["color"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = site.get("/").await.with_status(200);
    let page = page.text();
    for part in [
        format!(
            "<h2 style=\"padding-left: 10px; border-left: 10px solid #{colour}\"><a href=\"/data\">data</a></h2>"
        ),
        ">2 rows in 2 tables, 1 rows in 1 hidden table, 4 views<".to_owned(),
        "<a href=\"/data/one\" title=\"2 rows\">one</a>, <a href=\"/data/none\">none</a>, \
         <a href=\"/data/v\">v</a>, <a href=\"/data/w\">w</a>, <a href=\"/data/x\">x</a>, \
         <a href=\"/data\">...</a>"
            .to_owned(),
    ] {
        assert!(page.contains(&part), "{part}\n{page}");
    }
}

// Proves: INDEX-07, DB-06
#[tokio::test]
async fn counting_ends_with_its_time_and_goes_on_next_time() {
    let sql = "create table a (x); insert into a values (1); create table b (x);
         create view broken as select * from nowhere;";
    let site = TestSite::with(sql).await;
    let instance = site.instance();
    let database = instance.registry.catalogue().database("data").unwrap();
    let handle = instance.handle(&database).unwrap();
    let tables = ["a", "broken", "b"].map(|name| database.table(name).unwrap());
    let hour = Duration::from_secs(3600);
    let count = async |together, all_or_none| {
        let time = CountTime {
            each: hour,
            together,
            all_or_none,
        };
        let counts = instance.counts.of(&database, &handle, &tables, time);
        let counts = counts.await.unwrap().into_iter();
        counts
            .map(|count| count.map(|count| count.rows))
            .collect::<Vec<_>>()
    };
    assert_eq!(count(Some(Duration::ZERO), false).await, [None, None, None]);
    // One that cannot be counted makes the others useless.
    assert_eq!(count(Some(hour), true).await, [Some(1), None, None]);
    // What is known takes no time.
    assert_eq!(
        count(Some(Duration::ZERO), false).await,
        [Some(1), None, None]
    );
    assert_eq!(count(None, false).await, [Some(1), None, Some(0)]);
}
