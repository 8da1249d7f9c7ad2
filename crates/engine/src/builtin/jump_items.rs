//! `datasette.default_jump_items`: databases, tables, views and stored queries in the jump menu.

use std::collections::HashSet;

use datasette_core::ValueRef;
use datasette_hooks::{
    Answer, Context, HookName, HookSet, JumpContribution, JumpItem, Plugin, PluginInfo,
};
use datasette_internal::NAME as INTERNAL;
use futures_util::future::BoxFuture;
use serde_json::json;

use super::listed::built_in;

/// The plugin.
pub(super) struct JumpItems;

impl Plugin for JumpItems {
    fn name(&self) -> &str {
        "datasette.default_jump_items"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::JumpItemsSql])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn jump_items_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<JumpContribution>> {
        Box::pin(async move {
            let (host, actor) = (context.host(), context.actor());
            let mut found = JumpContribution::default();
            for allowed in host.allowed_resources(actor, "view-database", None).await? {
                let Some(database) = allowed.parent else {
                    continue;
                };
                let url = json!({"method": "database", "database": database});
                found
                    .items
                    .push(item("database", database.clone(), url, database));
            }
            let views = views(context).await?;
            for allowed in host.allowed_resources(actor, "view-table", None).await? {
                let (Some(database), Some(table)) = (allowed.parent, allowed.child) else {
                    continue;
                };
                let label = format!("{database}: {table}");
                let text = format!("{database} {table}");
                let url = json!({"method": "table", "database": database, "table": table});
                let kind = match views.contains(&(database, table)) {
                    true => "view",
                    false => "table",
                };
                found.items.push(item(kind, label, url, text));
            }
            for allowed in host.allowed_resources(actor, "view-query", None).await? {
                let (Some(database), Some(query)) = (allowed.parent, allowed.child) else {
                    continue;
                };
                let label = format!("{database}: {query}");
                let text = format!("{database} {query}");
                let url = json!({"method": "query", "database": database, "query": query});
                found.items.push(item("query", label, url, text));
            }
            Ok(found)
        })
    }
}

/// Database and name of every view.
async fn views(context: &Context<'_>) -> Answer<HashSet<(String, String)>> {
    let sql = "select database_name, view_name from catalog_views";
    let answer = context.host().execute(INTERNAL, sql, Vec::new()).await?;
    let text = |value: ValueRef<'_>| value.as_text().unwrap_or_default().into_owned();
    let rows = answer.rows.rows();
    Ok(rows
        .map(|row| (text(row.get(0)), text(row.get(1))))
        .collect())
}

fn item(kind: &str, label: String, url: serde_json::Value, search_text: String) -> JumpItem {
    JumpItem {
        kind: kind.to_owned(),
        label,
        description: None,
        url: url.to_string(),
        search_text,
        display_name: None,
    }
}
