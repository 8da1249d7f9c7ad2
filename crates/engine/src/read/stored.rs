//! Stored queries: finding one, the right to run it, and its page when it is not run.

use datasette_core::action::{ExecuteSql, QueryRef, ViewQuery};
use datasette_core::{Actor, DatabaseRef, Fault, QueryString, Value};
use datasette_permissions::Permit;

use crate::page::QueryPage;
use crate::{Instance, ask};

/// The stored query of exactly that name.
pub async fn find_stored(
    instance: &Instance,
    database: &DatabaseRef,
    name: &str,
) -> Result<Option<QueryRef>, Fault> {
    let stored = instance.internal.query(database.name(), name).await?;
    Ok(stored.map(|stored| QueryRef::new(database.clone(), stored)))
}

/// Proof that somebody may run a stored query on a connection that only reads: a trusted one by
/// viewing it alone (STORED-05), every other one by being allowed to run SQL as well (STORED-06).
#[derive(Clone, Debug)]
pub struct RunPermit {
    view: Permit<ViewQuery>,
}

impl RunPermit {
    /// Asks for what running the query needs beyond viewing it.
    ///
    /// # Errors
    /// 403 `execute-sql`.
    pub async fn require(instance: &Instance, view: &Permit<ViewQuery>) -> Result<Self, Fault> {
        let query = view.resource();
        if !query.stored().is_trusted {
            let gate = &instance.gate;
            gate.require::<ExecuteSql>(view.actor(), query.database())
                .await?;
        }
        Ok(Self { view: view.clone() })
    }

    /// What may be run.
    pub fn query(&self) -> &QueryRef {
        self.view.resource()
    }

    /// Who may; `None` for an anonymous visitor.
    pub fn actor(&self) -> Option<&Actor> {
        self.view.actor()
    }
}

/// The page of a stored query that is not run, because it writes (QUERY-37, STORED-11).
pub async fn show_stored(
    instance: &Instance,
    permit: &Permit<ViewQuery>,
    arguments: &QueryString,
) -> Result<QueryPage, Fault> {
    let query = permit.resource();
    let stored = query.stored();
    let fields = ask::parameter_fields(&stored.sql, stored.fixed_parameters(), arguments);
    let gate = &instance.gate;
    Ok(QueryPage {
        database: query.database().clone(),
        stored: Some(query.clone()),
        sql: stored.sql.clone(),
        params: fields
            .into_iter()
            .map(|(name, value)| (name, Value::Text(value)))
            .collect(),
        columns: Vec::new(),
        rows: 0,
        truncated: false,
        error: None,
        private: gate.is_private::<ViewQuery>(permit.actor(), query).await?,
        query_ms: 0.0,
    })
}
