//! What the handle and all lanes of one database have in common.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{RwLock, RwLockReadGuard};

use crate::error::SqlError;
use crate::open::{Location, Opener};
use crate::preparation::Preparation;
use crate::probe::Probe;
use crate::schema_cache::SchemaCache;

pub(crate) struct Shared {
    pub(crate) opener: Opener,
    pub(crate) probe: Probe,
    pub(crate) schemas: SchemaCache,
    /// In memory, SQLite answers "busy" instead of waiting; this lock lets readers and the writer
    /// wait for each other. Files have locks of their own.
    pub(crate) memory: Option<RwLock<()>>,
    preparations: RwLock<Arc<[Preparation]>>,
    immutable_size: AtomicU64,
}

impl Shared {
    /// Keeps the writer of a database in memory out while somebody reads.
    ///
    /// # Errors
    /// It writes for longer than readers wait.
    pub(crate) fn among_readers(&self) -> Result<Option<RwLockReadGuard<'_, ()>>, SqlError> {
        let Some(lock) = &self.memory else {
            return Ok(None);
        };
        let wait = self.opener.options.read_wait;
        lock.try_read_for(wait).map(Some).ok_or(SqlError::Busy)
    }

    pub(crate) fn new(opener: Opener, probe: Probe) -> Self {
        let memory = matches!(opener.location, Location::Memory(_)).then(RwLock::default);
        let known_size = opener.options.known_size.filter(|_| !opener.is_mutable());
        Self {
            immutable_size: AtomicU64::new(known_size.unwrap_or(0)),
            opener,
            probe,
            schemas: SchemaCache::default(),
            memory,
            preparations: RwLock::new(Arc::new([])),
        }
    }

    /// What every connection is prepared with. Those that are open already are opened anew.
    pub(crate) fn prepare(&self, preparations: Vec<Preparation>) {
        *self.preparations.write() = preparations.into();
    }

    pub(crate) fn preparations(&self) -> Arc<[Preparation]> {
        Arc::clone(&self.preparations.read())
    }

    /// The size of the file, remembered for immutable ones (IMM-04).
    pub(crate) fn size_bytes(&self) -> u64 {
        let known = self.immutable_size.load(Ordering::Relaxed);
        if known > 0 {
            return known;
        }
        let Some(path) = self.opener.path() else {
            return 0;
        };
        let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        if !self.opener.is_mutable() {
            self.immutable_size.store(size, Ordering::Relaxed);
        }
        size
    }
}
