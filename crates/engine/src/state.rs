//! The present state of what a page is read from.

use datasette_core::DatabaseRef;
use datasette_sqlite::ChangeStamp;

use crate::Instance;

/// Equal to another one, or to its hash, only if nothing changed in between: neither in the
/// databases nor in the server's own. The size of a file may change without the content.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    internal: ChangeStamp,
    databases: Vec<ChangeStamp>,
}

impl Instance {
    /// The state of these databases; take it before anything is read from them. `None` where a
    /// change could go unnoticed: in memory, with other files attached, or while a database cannot
    /// be asked.
    pub fn state(&self, databases: &[DatabaseRef]) -> Option<State> {
        let mut stamps = Vec::with_capacity(databases.len());
        for database in databases {
            let handle = self.registry.database_handle(database)?;
            if handle.is_memory() || !handle.options().attached.is_empty() {
                return None;
            }
            stamps.push(handle.change_stamp()?);
        }
        let internal = self.internal.database();
        Some(State {
            // Nobody else finds a temporary file.
            internal: match internal.is_temporary() {
                true => internal.own_change_stamp(),
                false => internal.change_stamp()?,
            },
            databases: stamps,
        })
    }
}
