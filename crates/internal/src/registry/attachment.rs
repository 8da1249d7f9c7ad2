//! One attached database and its entry in the catalogue.

use std::sync::Arc;

use datasette_core::{DatabaseEntry, DatabaseSchema};
use datasette_sqlite::Database;
use parking_lot::Mutex;

/// A database under its name and route.
pub(super) struct Attachment {
    name: String,
    route: Mutex<String>,
    database: Database,
    /// `None` until its schema was read for the first time.
    entry: Mutex<Option<Arc<DatabaseEntry>>>,
    hash: Mutex<Option<String>>,
}

impl Attachment {
    pub(super) fn new(name: String, route: String, database: Database) -> Self {
        Self {
            name,
            route: Mutex::new(route),
            database,
            entry: Mutex::new(None),
            hash: Mutex::new(None),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn entry(&self) -> Option<Arc<DatabaseEntry>> {
        self.entry.lock().clone()
    }

    /// Keeps the schema; answers the new entry when it differs from what was known.
    pub(super) fn learn(&self, schema: &Arc<DatabaseSchema>) -> Option<Arc<DatabaseEntry>> {
        let mut entry = self.entry.lock();
        if let Some(known) = entry.as_ref()
            && Arc::ptr_eq(&known.schema, schema)
        {
            return None;
        }
        let new = Arc::new(DatabaseEntry {
            name: self.name.clone(),
            route: self.route.lock().clone(),
            path: self.database.path().map(Into::into),
            is_mutable: self.database.is_mutable(),
            is_memory: self.database.is_memory(),
            hash: self.hash.lock().clone(),
            schema: Arc::clone(schema),
        });
        *entry = Some(Arc::clone(&new));
        Some(new)
    }

    pub(super) fn set_route(&self, route: String) {
        *self.route.lock() = route.clone();
        if let Some(known) = self.entry.lock().as_mut() {
            *known = Arc::new(DatabaseEntry {
                route,
                ..DatabaseEntry::clone(known)
            });
        }
    }

    pub(super) fn set_hash(&self, hash: String) {
        *self.hash.lock() = Some(hash.clone());
        if let Some(known) = self.entry.lock().as_mut() {
            *known = Arc::new(DatabaseEntry {
                hash: Some(hash),
                ..DatabaseEntry::clone(known)
            });
        }
    }
}
