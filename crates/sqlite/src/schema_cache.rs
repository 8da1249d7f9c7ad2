//! The schema as last introspected, kept until its version or the file changes.

use std::sync::Arc;

use datasette_core::DatabaseSchema;
use parking_lot::RwLock;

use crate::probe::ChangeStamp;

#[derive(Clone)]
struct Known {
    generation: u64,
    schema: Arc<DatabaseSchema>,
    /// The state of the database for which the schema was last found to be current.
    current_at: Option<ChangeStamp>,
}

/// The latest schema of one database.
#[derive(Default)]
pub(crate) struct SchemaCache {
    known: RwLock<Option<Known>>,
}

impl SchemaCache {
    /// The schema of that version of that file.
    pub(crate) fn get(&self, generation: u64, version: i64) -> Option<Arc<DatabaseSchema>> {
        let known = self.known.read();
        let known = known.as_ref()?;
        (known.generation == generation && known.schema.version == version)
            .then(|| Arc::clone(&known.schema))
    }

    /// The schema, if the database has not changed at all since it was last found current.
    pub(crate) fn current(&self, stamp: ChangeStamp) -> Option<Arc<DatabaseSchema>> {
        let known = self.known.read();
        let known = known.as_ref()?;
        (known.current_at == Some(stamp)).then(|| Arc::clone(&known.schema))
    }

    /// The schema as last seen, current or not.
    pub(crate) fn latest(&self) -> Option<Arc<DatabaseSchema>> {
        let known = self.known.read();
        known.as_ref().map(|known| Arc::clone(&known.schema))
    }

    /// Keeps a schema that was just introspected.
    pub(crate) fn put(&self, generation: u64, schema: &Arc<DatabaseSchema>) {
        *self.known.write() = Some(Known {
            generation,
            schema: Arc::clone(schema),
            current_at: None,
        });
    }

    /// Notes that `schema` was read no earlier than `stamp`.
    pub(crate) fn confirm(&self, schema: &Arc<DatabaseSchema>, stamp: ChangeStamp) {
        if let Some(known) = self.known.write().as_mut()
            && Arc::ptr_eq(&known.schema, schema)
        {
            known.current_at = Some(stamp);
        }
    }
}
