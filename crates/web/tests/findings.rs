//! What was counted once is not counted again, and is never wrong after a write.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasette_testkit::TestSite;
use serde_json::Value;

const SQL: &str = "create table t (id integer primary key, kind text);
    insert into t (kind) values ('a'), ('a'), ('b');";

async fn page(site: &TestSite) -> Value {
    let path = "/data/t.json?_size=1&_facet=kind&_extra=count,suggested_facets";
    site.get(path).await.with_status(200).json()
}

fn write(site: &TestSite, sql: &str) {
    let status = std::process::Command::new("python3")
        .args(["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])"])
        .arg(site.path("data"))
        .arg(sql)
        .status()
        .unwrap();
    assert!(status.success());
}

// Proves: COUNT-01, FACET-28, FACET-45
#[tokio::test]
async fn a_write_of_another_process_is_seen_at_once() {
    let site = TestSite::with(SQL).await;
    for _ in 0..2 {
        let before = page(&site).await;
        assert_eq!(before["count"], 3);
        assert_eq!(
            before["facet_results"]["results"]["kind"]["results"][0]["count"],
            2
        );
    }
    write(&site, "insert into t (kind) values ('b'), ('b')");
    for _ in 0..2 {
        let after = page(&site).await;
        assert_eq!(after["count"], 5);
        let first = &after["facet_results"]["results"]["kind"]["results"][0];
        assert_eq!(
            (&first["value"], &first["count"]),
            (&Value::from("b"), &Value::from(3))
        );
    }
    let database = site.get("/data.json").await.json();
    assert_eq!(database["tables"][0]["count"], 5);
    write(&site, "delete from t where kind = 'b'");
    assert_eq!(page(&site).await["count"], 2);
    assert_eq!(site.get("/data.json").await.json()["tables"][0]["count"], 2);
}
