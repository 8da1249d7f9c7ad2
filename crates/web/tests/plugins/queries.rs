//! Queries that plugins store.

use std::sync::{Arc, Mutex};

use datasette_core::{Actor, FaultKind, StoredQuery};
use datasette_hooks::{Answer, Context, HookName, HookSet, HostServices, Plugin};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use serde_json::json;

use crate::{SQL, hooks};

/// Stores its queries when the server starts.
#[derive(Clone, Default)]
struct Librarian(Arc<Mutex<Option<Arc<dyn HostServices>>>>);

fn query(name: &str, sql: &str) -> StoredQuery {
    StoredQuery {
        database: "data".to_owned(),
        name: name.to_owned(),
        sql: sql.to_owned(),
        source: "librarian".to_owned(),
        ..StoredQuery::default()
    }
}

impl Plugin for Librarian {
    fn name(&self) -> &str {
        "librarian"
    }

    fn implements(&self) -> HookSet {
        hooks(&[HookName::Startup])
    }

    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let host = context.shared_host();
            let trusted = StoredQuery {
                is_trusted: true,
                ..query("trusted", "select name from t where id = :id")
            };
            let private = StoredQuery {
                is_private: true,
                owner_id: Some("ann".to_owned()),
                ..query("private", "select 1 as one")
            };
            for query in [trusted, private, query("untrusted", "select 2 as two")] {
                host.store_query(query, true).await?;
            }
            *self.0.lock().unwrap() = Some(host);
            Ok(())
        })
    }
}

async fn site(librarian: &Librarian) -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"allow_sql": {"id": "ann"}}}}))
        .plugin(Arc::new(librarian.clone()))
        .start()
        .await
}

// Proves: STORED-07
#[tokio::test]
async fn queries_of_plugins_obey_the_rules_of_all() {
    let librarian = Librarian::default();
    let site = site(&librarian).await;
    let ann = Actor::with_id("ann");
    // A trusted one needs no right to run SQL, an untrusted one does, a private one its owner.
    let trusted = site.get("/data/trusted.json?id=2&_shape=arrayfirst").await;
    assert_eq!(trusted.with_status(200).json(), json!(["bob"]));
    for (path, anybody, owner) in [
        ("/data/untrusted.json", 403, 200),
        ("/data/private.json", 403, 200),
        ("/data/nosuch.json", 404, 404),
    ] {
        assert_eq!(site.get(path).await.status, anybody, "{path}");
        assert_eq!(site.get_as(&ann, path).await.status, owner, "{path}");
    }
    let listed = site
        .get("/data/-/queries.json")
        .await
        .with_status(200)
        .json();
    let queries = listed["queries"].as_array().unwrap().iter();
    let names: Vec<&str> = queries
        .map(|query| query["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["trusted", "untrusted"]);
}

// Proves: STORED-07
#[tokio::test]
async fn plugins_find_replace_and_remove_queries() {
    let librarian = Librarian::default();
    let site = site(&librarian).await;
    let host = librarian.0.lock().unwrap().clone().unwrap();
    let found = host.stored_query("data", "untrusted").await.unwrap();
    assert_eq!(
        found.as_deref(),
        Some(&query("untrusted", "select 2 as two"))
    );
    assert!(host.stored_query("data", "nosuch").await.unwrap().is_none());

    let changed = query("trusted", "select 3 as three");
    let taken = host.store_query(changed.clone(), false).await.unwrap_err();
    assert_eq!(taken.kind(), FaultKind::Conflict);
    host.store_query(changed.clone(), true).await.unwrap();
    let found = host.stored_query("data", "trusted").await.unwrap();
    assert_eq!(found.as_deref(), Some(&changed));

    let nowhere = StoredQuery {
        database: "nosuch".to_owned(),
        ..changed
    };
    let refused = host.store_query(nowhere, true).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::NotFound);

    assert!(
        !host
            .remove_query("data", "trusted", Some("config"))
            .await
            .unwrap()
    );
    assert!(
        host.remove_query("data", "trusted", Some("librarian"))
            .await
            .unwrap()
    );
    assert!(!host.remove_query("data", "trusted", None).await.unwrap());
    assert_eq!(site.get("/data/trusted.json").await.status, 404);
}
