//! All stored queries, found by name and listed in order.

use std::sync::Arc;

use datasette_core::{Fault, StoredQuery};
use datasette_sqlite::{Limits, Reader};
use indexmap::IndexMap;

use super::row::{self, COLUMNS};
use crate::cell::fault;
use crate::internal::Internal;

/// All stored queries at one moment.
#[derive(Debug, Default)]
pub struct StoredQueries {
    databases: IndexMap<String, IndexMap<String, Arc<StoredQuery>>>,
}

impl StoredQueries {
    /// The query of that database and name.
    pub fn get(&self, database: &str, name: &str) -> Option<&Arc<StoredQuery>> {
        self.databases.get(database)?.get(name)
    }

    /// The queries of a database by lower-cased title or name, then name (DEBUG-60).
    pub fn of(&self, database: &str) -> impl Iterator<Item = &Arc<StoredQuery>> {
        self.databases
            .get(database)
            .into_iter()
            .flat_map(IndexMap::values)
    }

    /// All queries by database, then as [`StoredQueries::of`] has them (DEBUG-60).
    pub fn all(&self) -> impl Iterator<Item = &Arc<StoredQuery>> {
        self.databases.values().flat_map(IndexMap::values)
    }

    fn load(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        let sql = format!(
            "select {COLUMNS} from queries \
             order by database_name, lower(coalesce(nullif(title, ''), name)), name"
        );
        let (rows, _) = reader.batch(&sql, &[], &Limits::NONE).map_err(fault)?;
        let mut queries = Self::default();
        for row in rows.rows() {
            let query = row::read(row);
            queries
                .databases
                .entry(query.database.clone())
                .or_default()
                .insert(query.name.clone(), Arc::new(query));
        }
        Ok(queries)
    }
}

impl Internal {
    /// All stored queries as they are now.
    pub async fn stored_queries(&self) -> Result<Arc<StoredQueries>, Fault> {
        self.queries
            .current(self.database(), StoredQueries::load)
            .await
    }

    /// The stored query of that database and name.
    pub async fn query(
        &self,
        database: &str,
        name: &str,
    ) -> Result<Option<Arc<StoredQuery>>, Fault> {
        Ok(self.stored_queries().await?.get(database, name).cloned())
    }

    /// The stored queries of a database in the order of DEBUG-60.
    pub async fn queries(&self, database: &str) -> Result<Vec<Arc<StoredQuery>>, Fault> {
        Ok(self.stored_queries().await?.of(database).cloned().collect())
    }
}
