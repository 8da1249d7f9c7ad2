//! What exists, looked up once: a requested name becomes an entry here or it is not found.
//!
//! Permission checks and SQL builders take [`DatabaseRef`], [`TableRef`] and [`ColumnRef`], and
//! only this module makes them, so the name that was checked is the name that is executed.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indexmap::IndexMap;

use crate::schema::{Column, DatabaseSchema, Table};

/// One attached database as it was when its schema was last read.
#[derive(Clone, Debug)]
pub struct DatabaseEntry {
    /// The name that rules, configuration and JSON use.
    pub name: String,
    /// The name that URLs use, normally the same (ROUTE-26).
    pub route: String,
    /// The file; `None` for databases in memory.
    pub path: Option<PathBuf>,
    /// Whether the server may write to it.
    pub is_mutable: bool,
    /// Whether it lives in memory.
    pub is_memory: bool,
    /// SHA-256 of the file in lower-case hex, for immutable files whose hash is known.
    pub hash: Option<String>,
    /// Its tables and views.
    pub schema: Arc<DatabaseSchema>,
}

/// A database that exists.
#[derive(Clone)]
pub struct DatabaseRef(Arc<DatabaseEntry>);

impl DatabaseRef {
    /// The name that rules, configuration and JSON use.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The name that URLs use.
    pub fn route(&self) -> &str {
        &self.0.route
    }

    /// All that is known about it.
    pub fn entry(&self) -> &DatabaseEntry {
        &self.0
    }

    /// Its schema.
    pub fn schema(&self) -> &DatabaseSchema {
        &self.0.schema
    }

    /// The same database with a schema that was read later: what a write finds when it begins.
    pub fn with_schema(&self, schema: Arc<DatabaseSchema>) -> Self {
        let entry = DatabaseEntry {
            schema,
            ..DatabaseEntry::clone(&self.0)
        };
        Self(Arc::new(entry))
    }

    /// The table or view of exactly that name (ROUTE-27).
    pub fn table(&self, name: &str) -> Option<TableRef> {
        let table = self.0.schema.tables.get(name)?;
        Some(TableRef {
            database: self.clone(),
            table: Arc::clone(table),
        })
    }

    /// All tables and views in schema order.
    pub fn tables(&self) -> impl Iterator<Item = TableRef> {
        self.0.schema.tables.values().map(|table| TableRef {
            database: self.clone(),
            table: Arc::clone(table),
        })
    }
}

impl fmt::Debug for DatabaseRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DatabaseRef({:?})", self.0.name)
    }
}

/// A table or view that exists. Dereferences to its description.
#[derive(Clone)]
pub struct TableRef {
    database: DatabaseRef,
    table: Arc<Table>,
}

impl TableRef {
    /// The database it is in.
    pub fn database(&self) -> &DatabaseRef {
        &self.database
    }

    /// The name as stored.
    pub fn name(&self) -> &str {
        &self.table.name
    }

    /// The column of exactly that name.
    pub fn column(&self, name: &str) -> Option<ColumnRef> {
        let index = self.table.column_index(name)?;
        Some(ColumnRef {
            table: self.clone(),
            index,
        })
    }

    /// The column at `index` of [`Table::columns`], if there is one.
    pub fn column_at(&self, index: usize) -> Option<ColumnRef> {
        (index < self.table.columns.len()).then(|| ColumnRef {
            table: self.clone(),
            index,
        })
    }
}

impl std::ops::Deref for TableRef {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl fmt::Debug for TableRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "TableRef({:?}.{:?})",
            self.database.name(),
            self.table.name
        )
    }
}

/// A column that exists. Dereferences to its description.
#[derive(Clone)]
pub struct ColumnRef {
    table: TableRef,
    index: usize,
}

impl ColumnRef {
    /// The table it is in.
    pub fn table(&self) -> &TableRef {
        &self.table
    }

    /// Its place in [`Table::columns`].
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.table.table.columns[self.index].name
    }
}

impl std::ops::Deref for ColumnRef {
    type Target = Column;

    fn deref(&self) -> &Column {
        &self.table.table.columns[self.index]
    }
}

impl fmt::Debug for ColumnRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ColumnRef({:?}.{:?})", self.table, self.name())
    }
}

/// A snapshot of every attached database, in attach order.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    by_route: IndexMap<String, Arc<DatabaseEntry>>,
    serial: u64,
}

/// Numbers catalogues.
static SERIALS: AtomicU64 = AtomicU64::new(1);

impl Catalogue {
    /// A catalogue of these databases; a later entry with the same route replaces the earlier.
    pub fn new(entries: impl IntoIterator<Item = Arc<DatabaseEntry>>) -> Self {
        let by_route = entries
            .into_iter()
            .map(|entry| (entry.route.clone(), entry))
            .collect();
        Self {
            by_route,
            serial: SERIALS.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// A number that no other catalogue of this process has; 0 is an empty one.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The database that URLs call `route` (ROUTE-26), spelled exactly.
    pub fn database_by_route(&self, route: &str) -> Option<DatabaseRef> {
        self.by_route.get(route).cloned().map(DatabaseRef)
    }

    /// The database of exactly that name.
    pub fn database(&self, name: &str) -> Option<DatabaseRef> {
        self.by_route
            .values()
            .find(|entry| entry.name == name)
            .cloned()
            .map(DatabaseRef)
    }

    /// All databases in attach order.
    pub fn databases(&self) -> impl ExactSizeIterator<Item = DatabaseRef> {
        self.by_route.values().cloned().map(DatabaseRef)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, route: &str) -> Arc<DatabaseEntry> {
        Arc::new(DatabaseEntry {
            name: name.to_owned(),
            route: route.to_owned(),
            path: None,
            is_mutable: true,
            is_memory: true,
            hash: None,
            schema: Arc::default(),
        })
    }

    // Proves: ROUTE-26, ROUTE-27
    #[test]
    fn only_the_exact_route_answers() {
        let catalogue = Catalogue::new([entry("data", "data"), entry("one", "uno")]);
        assert!(catalogue.database_by_route("data").is_some());
        assert!(catalogue.database_by_route("DATA").is_none());
        assert!(catalogue.database_by_route("data\n").is_none());
        assert!(catalogue.database_by_route("one").is_none());
        assert_eq!(catalogue.database_by_route("uno").unwrap().name(), "one");
        assert_eq!(catalogue.database("one").unwrap().route(), "uno");
    }
}
