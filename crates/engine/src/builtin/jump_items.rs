//! `datasette.default_jump_items`: databases, tables, views and stored queries in the jump menu.

use std::collections::HashSet;
use std::fmt::Write;

use datasette_core::ValueRef;
use datasette_hooks::{
    Answer, Context, HookName, HookSet, JumpContribution, JumpItem, Plugin, PluginInfo,
};
use datasette_internal::NAME as INTERNAL;
use futures_util::future::BoxFuture;
use serde_json::Value as Json;

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
                let url = url("database", &[("database", &database)]);
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
                let url = url("table", &[("database", &database), ("table", &table)]);
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
                let url = url("query", &[("database", &database), ("query", &query)]);
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

/// What names a URL builder (HOOK-185), written out: there may be very many.
fn url(method: &str, names: &[(&str, &str)]) -> String {
    let mut url = format!(r#"{{"method":"{method}""#);
    for (key, name) in names {
        let name = Json::from(*name);
        // Writing to a String cannot fail.
        let _ = write!(url, r#","{key}":{name}"#);
    }
    url.push('}');
    url
}

fn item(kind: &str, label: String, url: String, search_text: String) -> JumpItem {
    JumpItem {
        kind: kind.to_owned(),
        label,
        description: None,
        url,
        search_text,
        display_name: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    // Proves: HOOK-185
    #[test]
    fn urls_are_json_whatever_the_names() {
        let url = super::url("table", &[("database", "a\"b\\"), ("table", "\n\u{e9}")]);
        let read: Value = serde_json::from_str(&url).unwrap();
        let expected = json!({"method": "table", "database": "a\"b\\", "table": "\n\u{e9}"});
        assert_eq!(read, expected);
    }
}
