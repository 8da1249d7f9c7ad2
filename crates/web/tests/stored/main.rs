//! Stored queries, as visitors and plugins see them.

// Plugins of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod lists;
mod plugins;
mod rights;
mod running;
mod templates;

use datasette_core::StoredQuery;
use datasette_testkit::TestSite;

const SQL: &str = "create table t (id integer primary key, name text);
    insert into t values (1, 'one'), (2, 'two');";

/// A query of a user.
fn query(name: &str, sql: &str) -> StoredQuery {
    StoredQuery {
        database: "data".to_owned(),
        name: name.to_owned(),
        sql: sql.to_owned(),
        source: "user".to_owned(),
        ..StoredQuery::default()
    }
}

/// Stores queries in the server's own database, as its users do.
async fn store(site: &TestSite, queries: impl IntoIterator<Item = StoredQuery>) {
    for query in queries {
        site.instance().internal.save_query(query).await.unwrap();
    }
}
