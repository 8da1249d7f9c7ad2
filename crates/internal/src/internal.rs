//! The internal database itself.

use std::path::PathBuf;
use std::sync::Arc;

use datasette_core::{Fault, FaultKind};
use datasette_sqlite::{Database, Observer, OpenOptions, Source};

use crate::column_types::ColumnTypes;
use crate::metadata::StoredMetadata;
use crate::migration;
use crate::queries::StoredQueries;
use crate::snapshot::Snapshot;

/// The name by which plugins and errors know it; no URL leads to it (INT-01).
pub const NAME: &str = "__INTERNAL__";

/// The server's own database. Plugins may keep tables of their own in it (INT-08).
pub struct Internal {
    database: Database,
    pub(crate) metadata: Snapshot<StoredMetadata>,
    pub(crate) column_types: Snapshot<ColumnTypes>,
    pub(crate) queries: Snapshot<StoredQueries>,
}

impl Internal {
    /// Opens the file at `location`, created if needed and kept (INT-03), or a temporary one that
    /// goes with the process (INT-02), and makes its tables.
    ///
    /// # Errors
    /// The location is a directory, cannot be written or is not a database (INT-04).
    pub async fn open(location: Option<PathBuf>) -> Result<Self, Fault> {
        Self::open_watched(location, None).await
    }

    /// The same, with somebody who is told what is done with it.
    ///
    /// # Errors
    /// As [`Internal::open`].
    pub async fn open_watched(
        location: Option<PathBuf>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Result<Self, Fault> {
        let explain = |location: &Option<PathBuf>, error: Fault| {
            let place = match location {
                Some(path) => path.display().to_string(),
                None => "in the temporary directory".to_owned(),
            };
            let words = match error.cause() {
                Some(cause) if error.message() == "Internal server error" => cause.to_string(),
                _ => error.message(),
            };
            let message = format!("The internal database {place} cannot be used: {words}");
            Fault::new(FaultKind::Internal, message).caused_by(error)
        };
        let source = match &location {
            Some(path) => Source::File(path.clone()),
            None => Source::TemporaryFile,
        };
        let mut options = OpenOptions::new(source);
        options.create = true;
        options.observer = observer;
        let database = Database::open(options).map_err(|error| explain(&location, error))?;
        database
            .write(migration::apply)
            .await
            .map_err(|error| explain(&location, error))?;
        Ok(Self {
            database,
            metadata: Snapshot::default(),
            column_types: Snapshot::default(),
            queries: Snapshot::default(),
        })
    }

    /// The database, for plugins and for rules written in SQL.
    pub fn database(&self) -> &Database {
        &self.database
    }
}
