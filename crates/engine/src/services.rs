//! What plugins may ask about data, by name. Nothing here asks for permission: plugins are code of
//! the instance's owner, and ask for it themselves.

use std::sync::Arc;
use std::time::Duration;

use datasette_core::action::QueryRef;
use datasette_core::live::LiveParameters;
use datasette_core::{Actor, Fault, MetadataEntry, MetadataScope, StoredQuery, Value};
use datasette_hooks::{
    AllowedReasons, AllowedResource, DatabaseInfo, MetadataOf, QueryAnswer, QueryBounds,
    RequestInfo, WriteAnswer,
};
use datasette_internal::NAME as INTERNAL;
use datasette_permissions::Candidate;
use datasette_sqlite::{Database, Limits, Writer};
use serde_json::{Map, Value as Json, json};

use crate::Instance;
use crate::write::{Analysis, Author, Judge, Refusal};

impl Instance {
    /// The attached databases in order.
    pub fn databases(&self) -> Vec<DatabaseInfo> {
        let catalogue = self.registry.catalogue();
        catalogue
            .databases()
            .map(|database| {
                let entry = database.entry();
                let handle = self.registry.database_handle(&database);
                DatabaseInfo {
                    name: entry.name.clone(),
                    route: entry.route.clone(),
                    path: entry.path.as_ref().map(|path| path.display().to_string()),
                    is_mutable: entry.is_mutable,
                    is_memory: entry.is_memory,
                    hash: entry.hash.clone(),
                    size: handle.map(|handle| handle.size_bytes()),
                }
            })
            .collect()
    }

    /// The lanes of the database of that name, the internal one included. Its catalogue tables say
    /// what is attached at this moment (INT-33).
    async fn named(&self, name: &str) -> Result<Database, Fault> {
        if name == INTERNAL {
            self.registry.settled().await;
        }
        self.lanes_of(name)
    }

    /// Runs a reading statement within the time limit; all its rows are returned.
    pub async fn execute(
        &self,
        database: &str,
        sql: &str,
        params: Vec<(String, Value)>,
    ) -> Result<QueryAnswer, Fault> {
        let params = LiveParameters::Named(params);
        self.execute_within(database, sql, params, QueryBounds::default())
            .await
    }

    /// The same within other bounds.
    ///
    /// # Errors
    /// 404 for an unknown database; what SQLite refuses; the time was not enough.
    pub async fn execute_within(
        &self,
        database: &str,
        sql: &str,
        params: LiveParameters,
        bounds: QueryBounds,
    ) -> Result<QueryAnswer, Fault> {
        let longest = u64::from(self.config.settings.sql_time_limit_ms);
        let wanted = bounds.time_limit_ms.filter(|wanted| *wanted < longest);
        let limits = Limits {
            rows: bounds.rows,
            tentative: bounds.quiet,
            ..Limits::time(Duration::from_millis(wanted.unwrap_or(longest)))
        };
        let sql = sql.to_owned();
        self.named(database)
            .await?
            .read(move |reader| {
                let (rows, outcome) = match &params {
                    LiveParameters::Named(pairs) => reader.batch(&sql, pairs, &limits)?,
                    LiveParameters::Positional(values) => {
                        reader.batch_values(&sql, values, &limits)?
                    }
                };
                Ok(QueryAnswer {
                    rows,
                    truncated: outcome.truncated,
                })
            })
            .await
    }

    /// Runs a writing statement in a transaction, with what plugins put around writes and the events
    /// of renamed tables, as every write (HOOK-202, EVT-14). `request` is the one that the plugin
    /// answers, if any.
    ///
    /// # Errors
    /// 404 for an unknown database; what SQLite or a plugin refuses.
    pub async fn execute_write(
        self: &Arc<Self>,
        database: &str,
        sql: &str,
        params: Vec<(String, Value)>,
        request: Option<&RequestInfo>,
    ) -> Result<WriteAnswer, Fault> {
        let author = Author {
            instance: Arc::clone(self),
            actor: request.and_then(|request| request.actor.clone()),
            request: request.cloned(),
            call: None,
        };
        let sql = sql.to_owned();
        let told = |answer: &WriteAnswer| json!({"rowcount": answer.rowcount});
        let job = move |writer: &mut Writer<'_>| {
            let (rows, _) = writer.batch(&sql, &params, &Limits::NONE)?;
            Ok(WriteAnswer {
                rowcount: i64::try_from(writer.changes()).unwrap_or(i64::MAX),
                last_insert_rowid: writer.last_insert_rowid(),
                rows,
            })
        };
        if database == INTERNAL {
            self.registry.settled().await;
            return author.write_internal(told, job).await;
        }
        let unknown = || Fault::not_found("Database not found");
        let database = self.registry.catalogue().database(database);
        let database = database.ok_or_else(unknown)?;
        author
            .write(&database, told, move |writer, _| job(writer))
            .await
    }

    /// Whether the actor may do an action known by name (PERM-18).
    ///
    /// # Errors
    /// There is no such action.
    pub async fn allowed(
        &self,
        actor: Option<&Actor>,
        action: &str,
        parent: Option<&str>,
        child: Option<&str>,
    ) -> Result<bool, Fault> {
        let catalogue = self.registry.catalogue();
        let query = match (parent, child) {
            (Some(database), Some(name)) => self.internal.query(database, name).await?,
            _ => None,
        };
        self.gate
            .allows_named(actor, action, parent, child, &catalogue, query.as_deref())
            .await
    }

    /// Everything of the action's level that the actor may do it to, in the order of lists.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn allowed_resources(
        &self,
        actor: Option<&Actor>,
        action: &str,
        parent: Option<&str>,
    ) -> Result<Vec<AllowedResource>, Fault> {
        let catalogue = self.registry.catalogue();
        let described = self.gate.actions().find(action)?.clone();
        let within = |name: &str| parent.is_none_or(|parent| parent == name);
        let mut found = Vec::new();
        if action == "view-database" {
            for visible in self.gate.visible_databases(actor, &catalogue).await? {
                if within(visible.item.name()) {
                    found.push(resource(visible.item.name(), None, visible.private));
                }
            }
            return Ok(found);
        }
        if !described.takes_parent {
            let allowed = self.allowed(actor, action, None, None).await?;
            let private =
                allowed && actor.is_some() && !self.allowed(None, action, None, None).await?;
            return Ok(match allowed {
                true => vec![AllowedResource {
                    parent: None,
                    child: None,
                    private,
                }],
                false => found,
            });
        }
        for database in catalogue
            .databases()
            .filter(|database| within(database.name()))
        {
            let name = database.name();
            match action {
                "view-table" => {
                    for visible in self.gate.visible_tables(actor, &database).await? {
                        found.push(resource(name, Some(visible.item.name()), visible.private));
                    }
                }
                "view-query" => {
                    let stored = self.internal.queries(name).await?;
                    let queries = stored
                        .into_iter()
                        .map(|query| QueryRef::new(database.clone(), query));
                    for visible in self.gate.visible_queries(actor, queries).await? {
                        found.push(resource(name, Some(visible.item.name()), visible.private));
                    }
                }
                _ => {
                    let candidates = self.candidates(&described, Some(name), None).await?;
                    let gate = &self.gate;
                    let allowed = gate.allowed_among(actor, action, candidates).await?;
                    let public = gate.allowed_among(None, action, allowed.clone()).await?;
                    let mut public = public.iter().map(Candidate::child).peekable();
                    for candidate in &allowed {
                        // What an anonymous visitor may is a part of the list, in its order.
                        let open = public
                            .next_if(|child| *child == candidate.child())
                            .is_some();
                        let private = actor.is_some() && !open;
                        found.push(resource(name, candidate.child(), private));
                    }
                }
            }
        }
        Ok(found)
    }

    /// The rules behind [`Self::allowed_resources`], in the order of names; none of actions on the
    /// instance.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn allowed_reasons(
        &self,
        actor: Option<&Actor>,
        action: &str,
        parent: Option<&str>,
    ) -> Result<Vec<AllowedReasons>, Fault> {
        let described = self.gate.actions().find(action)?.clone();
        let candidates = self.candidates(&described, parent, None).await?;
        let allowed = self.gate.allowed_among(actor, action, candidates).await?;
        let reasons = self.gate.reasons(actor, action, &allowed).await?;
        let named = allowed.iter().map(|one| {
            let child = one.child().map(str::to_owned);
            (Some(one.parent().to_owned()), child)
        });
        let mut found: Vec<AllowedReasons> = named
            .zip(reasons)
            .map(|((parent, child), reasons)| (parent, child, reasons))
            .collect();
        found.sort();
        Ok(found)
    }

    /// Whether the actor may run that SQL as a visitor who writes (API-71). Where nobody may, the
    /// answer says why.
    ///
    /// # Errors
    /// 404 for an unknown database; 403 where this actor may not, or SQLite cannot make sense of it.
    pub async fn judge_write(
        &self,
        actor: Option<&Actor>,
        database: &str,
        sql: &str,
        params: Vec<(String, Value)>,
    ) -> Result<Option<&'static str>, Fault> {
        let database = self.registry.catalogue().database(database);
        let database = database.ok_or_else(|| Fault::not_found("Database not found"))?;
        let analysis = Analysis::of(self, actor, &database, sql, params).await;
        let analysis = analysis.map_err(|error| {
            let fault = Fault::from(error);
            Fault::forbidden(fault.messages().join("; "))
        })?;
        match Judge::new(self, actor).require(&analysis).await {
            Ok(()) => Ok(None),
            Err(Refusal::Always(why)) => Ok(Some(why)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Stores a query of a plugin, in place of one of its name where `replace` says so.
    ///
    /// # Errors
    /// 404 where there is no such database; 409 where the name is taken and `replace` says no.
    pub async fn store_for_plugin(&self, query: StoredQuery, replace: bool) -> Result<(), Fault> {
        if self.registry.handle_of(&query.database).is_none() {
            return Err(Fault::not_found("Database not found"));
        }
        if replace {
            self.internal.save_query(query).await
        } else {
            self.internal.add_query(query).await
        }
    }

    /// Stored metadata as key and value (META-05).
    pub async fn metadata(&self, of: &MetadataOf) -> Result<Map<String, Json>, Fault> {
        let stored = self.internal.metadata().await?;
        let keys = match of {
            MetadataOf::Instance => stored.instance(),
            MetadataOf::Database(database) => stored.database(database),
            MetadataOf::Resource(database, name) => stored.resource(database, name),
            MetadataOf::Column(database, table, column) => stored.column(database, table, column),
        };
        Ok(keys
            .iter()
            .map(|(key, value)| (key.clone(), Json::from(value.as_str())))
            .collect())
    }

    /// Stores one metadata value; what is no text is stored as JSON (META-05).
    pub async fn set_metadata(&self, of: MetadataOf, key: &str, value: Json) -> Result<(), Fault> {
        let scope = match of {
            MetadataOf::Instance => MetadataScope::Instance,
            MetadataOf::Database(database) => MetadataScope::Database(database),
            MetadataOf::Resource(database, name) => MetadataScope::Resource(database, name),
            MetadataOf::Column(database, table, column) => {
                MetadataScope::Column(database, table, column)
            }
        };
        let value = match value {
            Json::String(text) => text,
            other => datasette_core::stored_json::text(&other),
        };
        let entry = MetadataEntry {
            scope,
            key: key.to_owned(),
            value,
        };
        self.internal.store_metadata(vec![entry]).await
    }
}

fn resource(parent: &str, child: Option<&str>, private: bool) -> AllowedResource {
    AllowedResource {
        parent: Some(parent.to_owned()),
        child: child.map(str::to_owned),
        private,
    }
}
