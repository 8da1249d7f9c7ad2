//! What `datasette inspect` found out about immutable files, read back.

use std::path::Path;

use datasette_core::Fault;
use indexmap::IndexMap;
use serde_json::Value;

/// What is known about databases without opening them, by database name (IMM-08).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InspectData {
    databases: IndexMap<String, InspectedDatabase>,
}

/// What is known about one database. Nothing here is checked against the file (CLI-157).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InspectedDatabase {
    /// SHA-256 of the file in lower-case hex.
    pub hash: Option<String>,
    /// Size of the file in bytes.
    pub size: Option<u64>,
    /// The base name of the file; one of that name in a configuration directory is immutable
    /// (CLI-156).
    pub file: Option<String>,
    /// Rows by table.
    pub counts: IndexMap<String, u64>,
}

impl InspectData {
    /// Reads the file that `--inspect-file` names or a configuration directory brings.
    ///
    /// # Errors
    /// The file cannot be read or is not a JSON object (CLI-162).
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let wrong = |what: String| Fault::bad_request(format!("{}: {what}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| wrong(format!("inspect data is not valid JSON: {error}")))?;
        let Value::Object(databases) = value else {
            return Err(wrong("inspect data must be a JSON object".to_owned()));
        };
        let databases = databases
            .iter()
            .map(|(name, value)| (name.clone(), InspectedDatabase::from_json(value)))
            .collect();
        Ok(Self { databases })
    }

    /// What is known about the database of that name.
    pub fn get(&self, database: &str) -> Option<&InspectedDatabase> {
        self.databases.get(database)
    }

    /// Whether a file of that base name was inspected (CLI-156).
    pub fn names_file(&self, base_name: &str) -> bool {
        self.databases
            .values()
            .any(|database| database.file.as_deref() == Some(base_name))
    }
}

impl InspectedDatabase {
    fn from_json(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let tables = value.get("tables").and_then(Value::as_object);
        let count = |(table, value): (&String, &Value)| {
            Some((table.clone(), value.get("count")?.as_u64()?))
        };
        Self {
            hash: text("hash"),
            size: value.get("size").and_then(Value::as_u64),
            file: text("file"),
            counts: tables.into_iter().flatten().filter_map(count).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InspectData;

    #[test]
    fn hashes_sizes_and_counts_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("inspect-data.json");
        let text = r#"{"one": {"hash": "ab", "size": 8192, "file": "one.db",
            "tables": {"t": {"count": 12000}, "odd": {}}}, "two": {}}"#;
        std::fs::write(&path, text).unwrap();
        let data = InspectData::read(&path).unwrap();
        let one = data.get("one").unwrap();
        assert_eq!(one.hash.as_deref(), Some("ab"));
        assert_eq!(
            (one.size, one.counts["t"], one.counts.len()),
            (Some(8192), 12000, 1)
        );
        assert!(data.get("two").unwrap().hash.is_none());
        assert!(data.get("three").is_none());
        assert!(data.names_file("one.db") && !data.names_file("two.db"));
    }

    // Proves: CLI-162
    #[test]
    fn bad_inspect_data_is_explained() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("inspect-data.json");
        for (text, words) in [("{", "is not valid JSON"), ("[]", "must be a JSON object")] {
            std::fs::write(&path, text).unwrap();
            let message = InspectData::read(&path).unwrap_err().message();
            assert!(
                message.contains("inspect-data.json: inspect data"),
                "{message}"
            );
            assert!(message.contains(words), "{message}");
        }
    }
}
