//! Who may see and run stored queries.

use datasette_core::{Actor, StoredQuery};
use datasette_testkit::TestSite;
use serde_json::json;

use crate::{SQL, query, store};

// Proves: QUERY-02, STORED-05, STORED-06
#[tokio::test]
async fn an_untrusted_query_lends_nobody_the_right_to_run_sql() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"allow_sql": {"id": "ann"}}}}))
        .start()
        .await;
    let trusted = StoredQuery {
        is_trusted: true,
        ..query("trusted", "select name from t")
    };
    let said_to_write = StoredQuery {
        is_write: true,
        ..query("said_to_write", "select name from t")
    };
    store(
        &site,
        [
            trusted,
            said_to_write,
            query("asking", "select name from t"),
        ],
    )
    .await;
    let (ann, ben) = (Actor::with_id("ann"), Actor::with_id("ben"));
    for format in ["", ".json", ".csv", ".blob?_blob_column=name"] {
        let path = format!("/data/asking{format}");
        let refused = site.get_as(&ben, &path).await.with_status(403);
        assert!(refused.text().contains("execute-sql"), "{path}");
        assert!(!refused.text().contains("two"), "{path}");
        site.get_as(&ann, &path).await.with_status(200);
        site.get_as(&ben, &format!("/data/trusted{format}"))
            .await
            .with_status(200);
    }
    // A query that is said to write is not run by looking at it, and run by nobody who may not.
    let rows = site
        .get_as(&ben, "/data/said_to_write.json")
        .await
        .with_status(200);
    assert_eq!(rows.json()["rows"], json!([]));
    site.get_as(&ben, "/data/said_to_write.csv")
        .await
        .with_status(403);
    let csv = site
        .get_as(&ann, "/data/said_to_write.csv")
        .await
        .with_status(200);
    assert_eq!(csv.text(), "name\r\none\r\ntwo\r\n");
}

// Proves: PERM-51, PERM-53, ERR-14
#[tokio::test]
async fn hidden_and_missing_queries_have_their_answers() {
    let site = TestSite::with(SQL).await;
    let own = StoredQuery {
        is_private: true,
        owner_id: Some("ann".to_owned()),
        ..query("own", "select 1 as one")
    };
    store(&site, [own]).await;
    let refused = site.get("/data/own.json").await.with_status(403).json();
    assert_eq!(
        refused["error"],
        "You do not have permission to view this query"
    );
    let missing = site.get("/data/none.json").await.with_status(404).json();
    assert_eq!(missing["error"], "Table not found");
    let refused = site
        .get("/data/own/-/definition")
        .await
        .with_status(403)
        .json();
    assert_eq!(refused["error"], "Permission denied");
    let ann = Actor::with_id("ann");
    let page = site.get_as(&ann, "/data/own").await.with_status(200);
    assert!(page.text().contains("data: own 🔒</h1>"));
    let json = site
        .get_as(&ann, "/data/own.json?_extra=private")
        .await
        .json();
    assert_eq!(json["private"], true);
}

// Proves: HTML-05
#[tokio::test]
async fn crumbs_lead_only_where_the_actor_may_go() {
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({
            "permissions": {"view-instance": {"id": "ann"}},
            "databases": {"data": {
                "permissions": {"view-database": {"id": "ann"}},
                "queries": {"open": "select 1 as one"},
            }},
        }))
        .start()
        .await;
    for path in ["/data/open", "/data/-/queries"] {
        let page = site.get(path).await.with_status(200);
        assert!(!page.text().contains("class=\"crumbs\""), "{path}");
        let ann = Actor::with_id("ann");
        let page = site.get_as(&ann, path).await.with_status(200);
        assert!(page.text().contains("<a href=\"/\">home</a>"), "{path}");
        assert!(
            page.text()
                .contains("<a href=\"/data\" class=\"crumb-last\">data</a>"),
            "{path}"
        );
    }
}

// Proves: QUERY-55
#[tokio::test]
async fn the_sql_can_be_changed_where_it_could_be_written() {
    let queries = json!({
        "plain": "select name from t where id > :least",
        "magic": "select :_now_epoch",
        "pragma": "pragma table_info(t)",
    });
    let config =
        |allow: bool| json!({"databases": {"data": {"allow_sql": allow, "queries": queries}}});
    let open = TestSite::build()
        .database("data", SQL)
        .config(config(true))
        .start()
        .await;
    let closed = TestSite::build()
        .database("data", SQL)
        .config(config(false))
        .start()
        .await;
    let path = "/data/plain?least=1&x=2";
    let link = "href=\"/data/-/query?sql=select+name+from+t+where+id+%3E+%3Aleast&amp;least=1\"";
    assert!(open.get(path).await.with_status(200).text().contains(link));
    assert!(
        !closed
            .get(path)
            .await
            .with_status(200)
            .text()
            .contains("Edit SQL")
    );
    for path in ["/data/magic", "/data/pragma"] {
        assert!(
            !open
                .get(path)
                .await
                .with_status(200)
                .text()
                .contains("Edit SQL"),
            "{path}"
        );
    }
}
