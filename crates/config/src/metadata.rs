//! Titles, descriptions, sources and licences: what describes data without changing pages' work.

use std::collections::HashSet;

use datasette_core::{MetadataEntry, MetadataScope, stored_json};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Metadata as the file has it, what is below databases by its keys. Every value is a string: other types became JSON text (META-05).
/// Nothing is inherited from one level to the next (META-09).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Keys of the root.
    pub instance: Map<String, Value>,
    /// Databases by name.
    pub databases: IndexMap<String, DatabaseMetadata>,
}

/// Metadata of one database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatabaseMetadata {
    /// Keys of the database itself.
    pub own: Map<String, Value>,
    /// Keys of tables and views, without `columns`.
    pub tables: IndexMap<String, Map<String, Value>>,
    /// Column descriptions by table or view, then column (META-06).
    pub columns: IndexMap<String, Map<String, Value>>,
}

impl DatabaseMetadata {
    fn to_json(&self) -> Value {
        let mut tables = Map::new();
        let with_columns = self.columns.keys();
        for table in self.tables.keys().chain(with_columns) {
            let mut own = self.tables.get(table).cloned().unwrap_or_default();
            if let Some(columns) = self.columns.get(table) {
                own.insert("columns".to_owned(), Value::Object(columns.clone()));
            }
            tables.insert(table.clone(), Value::Object(own));
        }
        let mut document = self.own.clone();
        if !tables.is_empty() {
            document.insert("tables".to_owned(), Value::Object(tables));
        }
        Value::Object(document)
    }
}

impl Metadata {
    /// All of it as one document, in the form of a metadata file.
    pub fn to_json(&self) -> Value {
        let mut document = self.instance.clone();
        let databases = self.databases.iter();
        let databases: Map<String, Value> = databases
            .map(|(name, database)| (name.clone(), database.to_json()))
            .collect();
        if !databases.is_empty() {
            document.insert("databases".to_owned(), Value::Object(databases));
        }
        Value::Object(document)
    }

    /// Metadata from a file whose configuration was moved away. `dates` are the paths of values
    /// that were written as YAML dates.
    pub(crate) fn from_file(file: &Map<String, Value>, dates: &HashSet<Vec<String>>) -> Self {
        let spelling = Spelling { dates };
        let mut metadata = Self {
            instance: spelling.all(file, &[], &["databases"]),
            databases: IndexMap::new(),
        };
        for (name, keys) in entries_of(file, "databases") {
            let path = ["databases", name];
            let mut database = DatabaseMetadata {
                own: sorted(spelling.all(keys, &path, &["tables", "queries"])),
                ..DatabaseMetadata::default()
            };
            for (table, keys) in entries_of(keys, "tables") {
                let path = ["databases", name, "tables", table];
                let own = spelling.all(keys, &path, &["columns"]);
                database.tables.insert(table.clone(), sorted(own));
                if let Some(Value::Object(columns)) = keys.get("columns") {
                    let descriptions = columns
                        .iter()
                        .filter_map(|(column, value)| Some((column.clone(), description(value)?)))
                        .collect();
                    database.columns.insert(table.clone(), sorted(descriptions));
                }
            }
            metadata.databases.insert(name.clone(), database);
        }
        metadata
    }

    /// Keys of the instance.
    pub fn instance(&self) -> &Map<String, Value> {
        &self.instance
    }

    /// Keys of a database.
    pub fn database(&self, name: &str) -> Option<&Map<String, Value>> {
        Some(&self.databases.get(name)?.own)
    }

    /// Keys of a table or view.
    pub fn table(&self, database: &str, table: &str) -> Option<&Map<String, Value>> {
        self.databases.get(database)?.tables.get(table)
    }

    /// Descriptions of columns by name.
    pub fn columns(&self, database: &str, table: &str) -> Option<&Map<String, Value>> {
        self.databases.get(database)?.columns.get(table)
    }

    /// Everything as single entries, ready to be stored (META-04).
    pub fn entries(&self) -> Vec<MetadataEntry> {
        let mut entries = Vec::new();
        collect(&mut entries, &MetadataScope::Instance, &self.instance);
        for (name, database) in &self.databases {
            collect(
                &mut entries,
                &MetadataScope::Database(name.clone()),
                &database.own,
            );
            for (table, keys) in &database.tables {
                let scope = MetadataScope::Resource(name.clone(), table.clone());
                collect(&mut entries, &scope, keys);
            }
            for (table, columns) in &database.columns {
                for (column, description) in columns {
                    entries.push(MetadataEntry {
                        scope: MetadataScope::Column(name.clone(), table.clone(), column.clone()),
                        key: "description".to_owned(),
                        value: text(description),
                    });
                }
            }
        }
        entries
    }
}

fn collect(entries: &mut Vec<MetadataEntry>, scope: &MetadataScope, keys: &Map<String, Value>) {
    entries.extend(keys.iter().map(|(key, value)| MetadataEntry {
        scope: scope.clone(),
        key: key.clone(),
        value: text(value),
    }));
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => stored_json::text(other),
    }
}

/// In the order in which pages list the keys of a database, a table and its columns; those of the
/// instance stand as they were written.
fn sorted(mut keys: Map<String, Value>) -> Map<String, Value> {
    keys.sort_keys();
    keys
}

/// The entries of a mapping of mappings; null counts as empty.
fn entries_of<'a>(
    keys: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'a String, &'a Map<String, Value>)> {
    let entries = keys.get(name).and_then(Value::as_object);
    entries
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name, value.as_object()?)))
}

/// How values become text (META-05).
struct Spelling<'a> {
    dates: &'a HashSet<Vec<String>>,
}

impl Spelling<'_> {
    fn all(&self, keys: &Map<String, Value>, path: &[&str], except: &[&str]) -> Map<String, Value> {
        keys.iter()
            .filter(|(key, _)| !except.contains(&key.as_str()))
            .map(|(key, value)| {
                let mut path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
                path.push(key.clone());
                let spelled = if self.dates.contains(&path) {
                    stored_json::text(value)
                } else {
                    text(value)
                };
                (key.clone(), Value::String(spelled))
            })
            .collect()
    }
}

/// Column descriptions are stored as SQLite would make text of them (META-06).
fn description(value: &Value) -> Option<Value> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(truth) => u8::from(*truth).to_string(),
        other => text(other),
    };
    Some(Value::String(text))
}
