//! `datasette.default_database_actions` and `datasette.default_query_actions`: the ways from pages
//! to where SQL is written to be run or kept (UI-08, STORED-59).

use datasette_core::{Value, ValueRef};
use datasette_hooks::{
    ActionItem, ActionTarget, Answer, Context, HookName, HookSet, Plugin, PluginInfo, UrlOf, ready,
};
use datasette_internal::NAME as INTERNAL;
use futures_util::future::BoxFuture;

use super::listed::built_in;

/// What can be done to a database.
pub(super) struct DatabaseActions;

impl Plugin for DatabaseActions {
    fn name(&self) -> &str {
        "datasette.default_database_actions"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::DatabaseActions])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn database_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        let ActionTarget::Database { database } = target else {
            return ready(Vec::new());
        };
        Box::pin(async move {
            let host = context.host();
            let is_mutable = |name: &str| {
                let databases = host.databases();
                databases
                    .iter()
                    .any(|one| one.name == name && one.is_mutable)
            };
            let (actor, action) = (context.actor(), "execute-write-sql");
            if !is_mutable(database) || !host.allowed(actor, action, Some(database), None).await? {
                return Ok(Vec::new());
            }
            let url = host.url(&UrlOf::Database(database.clone()))?;
            let write = ActionItem::link(format!("{url}/-/execute-write"), "Execute write SQL")
                .described("Run writable SQL with table permission checks.");
            Ok(vec![write])
        })
    }
}

/// What can be done to a stored query.
pub(super) struct QueryActions;

impl Plugin for QueryActions {
    fn name(&self) -> &str {
        "datasette.default_query_actions"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::QueryActions])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn query_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        let ActionTarget::Query {
            database,
            query_name: Some(query),
            ..
        } = target
        else {
            return ready(Vec::new());
        };
        Box::pin(async move {
            if !is_changeable(context, database, query).await? {
                return Ok(Vec::new());
            }
            let host = context.host();
            let url = host.url(&UrlOf::Table(database.clone(), query.clone()))?;
            let may = |action: &'static str| {
                host.allowed(context.actor(), action, Some(database), Some(query))
            };
            let mut items = Vec::new();
            if may("update-query").await? {
                let edit = ActionItem::link(format!("{url}/-/edit"), "Edit this query");
                items.push(edit.described("Change the title, description, SQL or visibility."));
            }
            if may("delete-query").await? {
                let delete = ActionItem::link(format!("{url}/-/delete"), "Delete this query");
                items.push(delete.described("Permanently remove this saved query."));
            }
            Ok(items)
        })
    }
}

/// Whether people may change a query at all: configured and trusted ones are the operator's.
async fn is_changeable(context: &Context<'_>, database: &str, query: &str) -> Answer<bool> {
    let sql = "select 1 from queries where database_name = :database and name = :name \
               and source <> 'config' and not is_trusted";
    let params = vec![
        ("database".to_owned(), Value::from(database)),
        ("name".to_owned(), Value::from(query)),
    ];
    let found = context.host().execute(INTERNAL, sql, params).await?;
    let mut rows = found.rows.rows();
    Ok(rows
        .next()
        .is_some_and(|row| row.get(0) == ValueRef::Integer(1)))
}
