//! What the instance tells about itself.

use datasette_sqlite::{SqliteVersions, versions};

use crate::Instance;

impl Instance {
    /// Version, modules and options of SQLite.
    pub fn sqlite_versions(&self) -> SqliteVersions {
        versions()
    }
}
