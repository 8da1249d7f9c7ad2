//! The configuration as a visitor may read it: without what is said about databases, tables and
//! stored queries that are hidden from them.

use datasette_config::redact::redact;
use datasette_core::action::{Instance as WholeInstance, PermissionsDebug};
use datasette_core::{Actor, Fault};
use serde_json::{Map, Value as Json};

use crate::Instance;

impl Instance {
    /// The merged configuration with its secrets starred (CONF-85 to CONF-88). It is whole for those
    /// who may debug permissions, since they may read every rule as it is; for others it has no word
    /// about what they may not view.
    pub async fn shown_config(&self, actor: Option<&Actor>) -> Result<Json, Fault> {
        let debugs = self.gate.allows::<PermissionsDebug>(actor, &WholeInstance);
        let mut config = self.config.raw.clone();
        if debugs.await?.is_none()
            && let Some(Json::Object(databases)) = config.get_mut("databases")
        {
            let all = std::mem::take(databases);
            for (name, database) in all {
                let shown = self.shown_database(actor, &name, database).await?;
                databases.extend(shown.map(|shown| (name, shown)));
            }
        }
        Ok(redact(&config))
    }

    /// What is said about one database; of a hidden one that is what is said about those of its
    /// tables and queries that are not hidden (PERM-45).
    async fn shown_database(
        &self,
        actor: Option<&Actor>,
        name: &str,
        mut database: Json,
    ) -> Result<Option<Json>, Fault> {
        let visible = self.may_view(actor, "view-database", name, None).await?;
        let Some(told) = database.as_object_mut() else {
            return Ok(visible.then_some(database));
        };
        for (key, action) in [("tables", "view-table"), ("queries", "view-query")] {
            let Some(Json::Object(children)) = told.get_mut(key) else {
                continue;
            };
            let all = std::mem::take(children);
            for (child, about) in all {
                if self.may_view(actor, action, name, Some(&child)).await? {
                    children.insert(child, about);
                }
            }
        }
        if visible {
            return Ok(Some(database));
        }
        let is_left = |(key, about): &(String, Json)| {
            let children = about.as_object().is_some_and(|about| !about.is_empty());
            matches!(key.as_str(), "tables" | "queries") && children
        };
        let left: Map<String, Json> = std::mem::take(told).into_iter().filter(is_left).collect();
        Ok((!left.is_empty()).then_some(Json::Object(left)))
    }

    /// Whether something of that name, which need not exist, would be shown to the actor.
    async fn may_view(
        &self,
        actor: Option<&Actor>,
        action: &str,
        database: &str,
        child: Option<&str>,
    ) -> Result<bool, Fault> {
        let stored = self.internal.stored_queries().await?;
        let query = child.and_then(|child| stored.get(database, child));
        let catalogue = self.registry.catalogue();
        let query = query.map(AsRef::as_ref);
        self.gate
            .allows_named(actor, action, Some(database), child, &catalogue, query)
            .await
    }
}
