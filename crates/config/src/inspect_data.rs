//! What `datasette inspect` found out about immutable files, read back.

use std::collections::HashMap;
use std::path::Path;

use datasette_core::Fault;
use indexmap::IndexMap;
use serde_json::Value;

use crate::mistake::{Mistake, Place};
use crate::{text_file, yaml};

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
    pub counts: HashMap<String, u64>,
}

impl InspectData {
    /// Reads the file that `--inspect-file` names or a configuration directory brings.
    ///
    /// # Errors
    /// The file cannot be read, or does not hold what `datasette inspect` writes (CLI-162).
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let shown = path.display().to_string();
        let text = text_file::decode(text_file::bytes(path)?, &shown)?;
        let value: Value = serde_json::from_str(&text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default();
            Fault::bad_request(format!(
                "{shown}:{line}:{column}: inspect data is not valid JSON: {words}"
            ))
        })?;
        let Value::Object(databases) = &value else {
            return Err(Fault::bad_request(format!(
                "{shown}: inspect data must be a JSON object, as `datasette inspect` writes it"
            )));
        };
        let root = Place::root(&value);
        let read = |(name, value): (&String, &Value)| {
            let database = InspectedDatabase::read(&root.at(name, value))?;
            Ok((name.clone(), database))
        };
        let databases: Result<_, Mistake> = databases.iter().map(read).collect();
        let databases = databases.map_err(|mistake| {
            let line = yaml::locate::line_of(&text, mistake.path());
            let place = line.map_or_else(|| shown.clone(), |(_, line)| format!("{shown}:{line}"));
            Fault::bad_request(mistake.told_at(Some(&place)))
        })?;
        Ok(Self { databases })
    }

    /// What is known about the database of that name.
    pub fn get(&self, database: &str) -> Option<&InspectedDatabase> {
        self.databases.get(database)
    }

    /// Whether a database in it has a file of this name, whatever its folder (CLI-156).
    pub fn names_file(&self, path: &Path) -> bool {
        let Some(name) = path.file_name() else {
            return false;
        };
        let mut files = self
            .databases
            .values()
            .filter_map(|database| database.file.as_ref());
        files.any(|file| name == file.as_str())
    }
}

impl InspectedDatabase {
    /// What is left out or null is not known.
    fn read(place: &Place<'_>) -> Result<Self, Mistake> {
        place.mapping()?;
        let mut counts = HashMap::new();
        let tables = place.get("tables");
        for (name, value) in tables.mapping()?.into_iter().flatten() {
            let table = tables.at(name, value);
            table.mapping()?;
            if let Some(rows) = whole(&table.get("count"))? {
                counts.insert(name.clone(), rows);
            }
        }
        Ok(Self {
            hash: place.get("hash").text()?,
            size: whole(&place.get("size"))?,
            file: place.get("file").text()?,
            counts,
        })
    }
}

/// A whole number; `None` for null.
fn whole(place: &Place<'_>) -> Result<Option<u64>, Mistake> {
    if place.value().is_null() {
        return Ok(None);
    }
    let number = place.value().as_u64();
    number
        .map(Some)
        .ok_or_else(|| place.must_be("a whole number"))
}

#[cfg(test)]
mod tests {
    use super::InspectData;
    use std::path::Path;

    fn read(text: &str) -> Result<InspectData, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("inspect-data.json");
        std::fs::write(&path, text).unwrap();
        let folder = format!("{}/", directory.path().display());
        InspectData::read(&path).map_err(|fault| fault.message().replace(&folder, ""))
    }

    // Proves: CLI-156, CLI-157
    #[test]
    fn hashes_files_and_counts_are_read() {
        let text = r#"{"one": {"hash": "ab", "size": 8192, "file": "one.db",
            "tables": {"t": {"count": 12000}, "odd": {}, "none": null}}, "two": {}, "three": null}"#;
        let data = read(text).unwrap();
        let one = data.get("one").unwrap();
        assert_eq!(one.hash.as_deref(), Some("ab"));
        assert_eq!(
            (one.size, one.counts["t"], one.counts.len()),
            (Some(8192), 12000, 1)
        );
        assert!(data.get("two").unwrap().hash.is_none());
        assert!(data.get("four").is_none());
        assert!(data.names_file(Path::new("folder/one.db")));
        assert!(!data.names_file(Path::new("two.db")));
    }

    // Proves: CLI-162
    #[test]
    fn bad_inspect_data_is_explained() {
        for (text, words) in [
            (
                "",
                ":1:0: inspect data is not valid JSON: EOF while parsing a value",
            ),
            (
                "{\n",
                ":2:0: inspect data is not valid JSON: EOF while parsing an object",
            ),
            (
                "[]",
                ": inspect data must be a JSON object, as `datasette inspect` writes it",
            ),
            ("{\n\"one\": 5}", ":2: one must be a mapping, not a number"),
            (
                "{\n\"one\": {\n\"tables\": []}}",
                ":3: one.tables must be a mapping, not a list",
            ),
            (
                "{\"one\": {\"tables\": {\n\"t\": {\"count\": \"5\"}}}}",
                ":2: one.tables.t.count must be a whole number, not text",
            ),
            (
                "{\"one\": {\"hash\": []}}",
                ":1: one.hash must be text, not a list",
            ),
        ] {
            let told = read(text).unwrap_err();
            assert_eq!(told, format!("inspect-data.json{words}"), "{text}");
        }
    }
}
