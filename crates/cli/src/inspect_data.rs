//! `inspect-data.json`: what is known about files that nobody writes to (CLI-156, CLI-157).

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};

use crate::args::reason;
use crate::failure::Failure;

/// The content of the file; empty without one.
#[derive(Clone, Debug, Default)]
pub(crate) struct InspectData {
    databases: Map<String, Value>,
}

impl InspectData {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read or is not a JSON object (CLI-162).
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::error(format!("Could not read {shown}: {}", reason(&error)))
        })?;
        match serde_json::from_str(&text) {
            Ok(Value::Object(databases)) => Ok(Self { databases }),
            Ok(_) => Err(Failure::error(format!("{shown} is not a JSON object"))),
            Err(error) => Err(Failure::error(format!(
                "{shown} is not valid JSON: {error}"
            ))),
        }
    }

    /// Whether a database in it has a file of this name, whatever its folder.
    pub(crate) fn names_file(&self, path: &Path) -> bool {
        let Some(name) = path.file_name() else {
            return false;
        };
        let mut files = self
            .databases
            .values()
            .filter_map(|database| database.get("file")?.as_str());
        files.any(|file| name == file)
    }

    /// The rows of the tables of the database of that name, unverified (IMM-08).
    pub(crate) fn row_counts(&self, database: &str) -> HashMap<String, u64> {
        let tables = self.databases.get(database);
        let tables = tables.and_then(|database| database.get("tables")?.as_object());
        let counted = tables.into_iter().flatten();
        counted
            .filter_map(|(name, table)| Some((name.clone(), table.get("count")?.as_u64()?)))
            .collect()
    }

    /// The hash of the file of the database of that name, unverified (IMM-08).
    pub(crate) fn hash(&self, database: &str) -> Option<&str> {
        self.databases.get(database)?.get("hash")?.as_str()
    }
}
