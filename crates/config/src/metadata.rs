//! Titles, descriptions, sources and licences: what describes data without changing pages' work.

use datasette_core::{MetadataEntry, MetadataScope};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Metadata as the file has it. Every value is a string: other types became JSON text (META-05).
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

impl Metadata {
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

    /// Everything as single entries in file order, ready to be stored (META-04).
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
        other => other.to_string(),
    }
}
