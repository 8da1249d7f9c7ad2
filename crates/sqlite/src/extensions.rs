//! Loading of SQLite extensions the operator named (EXT-01 to EXT-05).

use std::path::PathBuf;

use datasette_core::{Fault, FaultKind};
use rusqlite::Connection;

/// An extension to load on every connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The library; SQLite adds the platform's suffix where it is missing (EXT-03).
    pub path: PathBuf,
    /// Its entry point, where it is not the default one (EXT-02).
    pub entry_point: Option<String>,
}

/// Loads the extensions in order (EXT-04). Loading is enabled for just as long (EXT-05).
#[allow(unsafe_code)]
pub(crate) fn load(connection: &Connection, extensions: &[Extension]) -> rusqlite::Result<()> {
    if extensions.is_empty() {
        return Ok(());
    }
    // SAFETY: only `load_extension` of this function can use the permission: it ends below, and
    // the connection is not yet shared with anybody.
    unsafe { connection.load_extension_enable()? };
    let loaded = extensions.iter().try_for_each(|extension| {
        // SAFETY: foreign code runs in this process because its operator asked for it by name;
        // that is the whole point of the option and its stated risk.
        unsafe { connection.load_extension(&extension.path, extension.entry_point.as_deref()) }
    });
    connection.load_extension_disable()?;
    loaded
}

/// Loads the extensions into an empty database, to see whether they can be.
///
/// # Errors
/// One of them cannot; SQLite's own words (EXT-06).
pub fn check_extensions(extensions: &[Extension]) -> Result<(), Fault> {
    Connection::open_in_memory()
        .and_then(|connection| load(&connection, extensions))
        .map_err(|error| {
            let words = match &error {
                rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
                other => other.to_string(),
            };
            Fault::new(FaultKind::Internal, words).caused_by(error)
        })
}
