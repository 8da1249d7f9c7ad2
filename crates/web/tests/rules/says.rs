//! A plugin that says about permissions what a test tells it to.

use std::sync::{Arc, Mutex};

use datasette_core::Value;
use datasette_hooks::{
    Answer, Context, Data, HookName, HookSet, PermissionAnswer, PermissionSql, Plugin, ready,
};
use futures_util::future::BoxFuture;

/// What a plugin says about `view-table`, or about every action.
pub(crate) struct Says {
    name: &'static str,
    about_all: bool,
    words: Mutex<PermissionAnswer>,
}

impl Says {
    /// A plugin that talks about every action, with nothing to say yet.
    pub(crate) fn nothing(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            about_all: true,
            words: Mutex::default(),
        })
    }

    /// A plugin that says this about `view-table`.
    pub(crate) fn these(name: &'static str, sql: Vec<PermissionSql>) -> Arc<Self> {
        Arc::new(Self {
            name,
            about_all: false,
            words: Mutex::new(PermissionAnswer {
                sql,
                ..PermissionAnswer::default()
            }),
        })
    }

    pub(crate) fn say(&self, words: PermissionAnswer) {
        *self.words.lock().unwrap() = words;
    }
}

impl Plugin for Says {
    fn name(&self) -> &str {
        self.name
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::PermissionResourcesSql])
    }

    fn permission_resources_sql<'a>(
        &'a self,
        _: &'a Context<'a>,
        action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        match self.about_all || action == "view-table" {
            true => ready(self.words.lock().unwrap().clone()),
            false => ready(PermissionAnswer::default()),
        }
    }
}

/// A statement that finds rules.
pub(crate) fn rules(sql: &str) -> PermissionSql {
    PermissionSql {
        sql: Some(sql.to_owned()),
        ..PermissionSql::default()
    }
}

/// A statement that finds what lies within limits.
pub(crate) fn limits(sql: &str) -> PermissionSql {
    PermissionSql {
        restriction_sql: Some(sql.to_owned()),
        ..PermissionSql::default()
    }
}

/// The statement with a parameter.
pub(crate) fn with(mut sql: PermissionSql, name: &str, value: impl Into<Value>) -> PermissionSql {
    sql.params.push((name.to_owned(), Data(value.into())));
    sql
}
