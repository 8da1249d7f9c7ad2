//! The database page.

use datasette_testkit::TestSite;

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
