//! What the instance tells about itself.

use datasette_sqlite::{Detail, Extension, SqliteVersions, spatialite_details, versions};

use crate::Instance;

/// What its operator lets the instance tell.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// A note beside the version (CLI-42).
    pub version_note: Option<String>,
    /// The extensions of SQLite that every connection has (EXT-01).
    pub extensions: Vec<Extension>,
}

impl Instance {
    /// Version, modules and options of SQLite.
    pub fn sqlite_versions(&self) -> SqliteVersions {
        versions()
    }

    /// What SpatiaLite says about itself, where it is loaded (EXT-14).
    pub fn spatialite_details(&self) -> Option<Vec<Detail>> {
        spatialite_details(&self.about.extensions)
    }
}
