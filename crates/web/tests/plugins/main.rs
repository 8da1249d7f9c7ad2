//! What plugins add, seen in responses.

// Plugins of tests may break like tests.
#![allow(clippy::unwrap_used)]

mod additions;
mod background;
mod built_in;
mod connections;
mod files;
mod formats;
mod gates;
mod menus;
mod queries;
mod rows;
mod services;
mod slots;
mod templates;
mod writes;

use std::sync::Arc;

use datasette_hooks::{HookName, HookSet, Plugin};
use datasette_testkit::TestSite;

const SQL: &str = "create table t (id integer primary key, name text, n integer, site text);
     insert into t values (1, 'ann', 1, 'https://a.example/'), (2, 'bob', 1, null), (3, 'cleo', 2, 'x');
     create view v as select name from t;";

/// A site with the database `data` and this plugin.
async fn site(plugin: impl Plugin + 'static) -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(plugin))
        .start()
        .await
}

fn hooks(names: &[HookName]) -> HookSet {
    HookSet::of(names)
}
