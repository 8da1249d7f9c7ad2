//! Metadata as it is stored: text under keys, for the instance, databases, tables and columns.

use std::collections::HashMap;
use std::sync::Arc;

use datasette_core::row::BatchRow;
use datasette_core::{Fault, MetadataEntry, MetadataScope, Value};
use datasette_sqlite::{Limits, Reader, Writer};
use indexmap::IndexMap;

use crate::cell::{fault, required, text};
use crate::internal::Internal;

/// Keys and texts.
type Keys = IndexMap<String, String>;

/// All metadata (INT-16, INT-17). Nothing is inherited between levels (META-09).
#[derive(Debug, Default)]
pub struct StoredMetadata {
    instance: Keys,
    databases: HashMap<String, Keys>,
    resources: HashMap<(String, String), Keys>,
    columns: HashMap<(String, String), IndexMap<String, Keys>>,
    nothing: Keys,
    no_columns: IndexMap<String, Keys>,
}

impl StoredMetadata {
    /// Keys of the instance in the order they were first stored (META-20).
    pub fn instance(&self) -> &IndexMap<String, String> {
        &self.instance
    }

    /// Keys of a database, sorted (META-20).
    pub fn database(&self, name: &str) -> &IndexMap<String, String> {
        self.databases.get(name).unwrap_or(&self.nothing)
    }

    /// Keys of a table, view or stored query, sorted (META-20).
    pub fn resource(&self, database: &str, name: &str) -> &IndexMap<String, String> {
        let key = (database.to_owned(), name.to_owned());
        self.resources.get(&key).unwrap_or(&self.nothing)
    }

    /// Columns that anything is said about, sorted, whether they exist or not (META-14), and
    /// their keys.
    pub fn columns(
        &self,
        database: &str,
        table: &str,
    ) -> &IndexMap<String, IndexMap<String, String>> {
        let key = (database.to_owned(), table.to_owned());
        self.columns.get(&key).unwrap_or(&self.no_columns)
    }

    /// Keys of one column.
    pub fn column(&self, database: &str, table: &str, column: &str) -> &IndexMap<String, String> {
        let columns = self.columns(database, table);
        columns.get(column).unwrap_or(&self.nothing)
    }

    fn load(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        let mut metadata = Self::default();
        for line in lines(
            reader,
            "select '', '', '', key, value from metadata_instance order by rowid",
        )? {
            metadata.instance.insert(line.key, line.value);
        }
        for line in lines(
            reader,
            "select database_name, '', '', key, value from metadata_databases order by key",
        )? {
            let [database, ..] = line.names;
            let keys = metadata.databases.entry(database).or_default();
            keys.insert(line.key, line.value);
        }
        for line in lines(
            reader,
            "select database_name, resource_name, '', key, value from metadata_resources \
             order by key",
        )? {
            let [database, resource, _] = line.names;
            let keys = metadata.resources.entry((database, resource)).or_default();
            keys.insert(line.key, line.value);
        }
        for line in lines(
            reader,
            "select database_name, resource_name, column_name, key, value \
             from metadata_columns order by column_name, key",
        )? {
            let [database, resource, column] = line.names;
            let columns = metadata.columns.entry((database, resource)).or_default();
            let keys = columns.entry(column).or_default();
            keys.insert(line.key, line.value);
        }
        Ok(metadata)
    }
}

/// One stored entry; names that its level lacks are empty.
struct Line {
    names: [String; 3],
    key: String,
    value: String,
}

fn lines(reader: &mut Reader<'_>, sql: &str) -> Result<Vec<Line>, Fault> {
    let (rows, _) = reader.batch(sql, &[], &Limits::NONE).map_err(fault)?;
    let line = |row: BatchRow<'_>| {
        Some(Line {
            names: [0, 1, 2].map(|index| required(row.get(index))),
            key: required(row.get(3)),
            // A value of NULL is no value.
            value: text(row.get(4))?,
        })
    };
    Ok(rows.rows().filter_map(line).collect())
}

impl Internal {
    /// All metadata as it is stored now.
    pub async fn metadata(&self) -> Result<Arc<StoredMetadata>, Fault> {
        self.metadata
            .current(self.database(), StoredMetadata::load)
            .await
    }

    /// Stores entries, each in place of one with the same scope and key; others stay (META-07).
    pub async fn store_metadata(&self, entries: Vec<MetadataEntry>) -> Result<(), Fault> {
        if entries.is_empty() {
            return Ok(());
        }
        self.database()
            .write(move |writer| entries.iter().try_for_each(|entry| store(writer, entry)))
            .await
    }
}

fn store(writer: &mut Writer<'_>, entry: &MetadataEntry) -> Result<(), Fault> {
    let (sql, names): (_, Vec<&String>) = match &entry.scope {
        MetadataScope::Instance => (
            "insert into metadata_instance (key, value) values (?, ?) \
             on conflict (key) do update set value = excluded.value",
            vec![],
        ),
        MetadataScope::Database(database) => (
            "insert into metadata_databases (database_name, key, value) values (?, ?, ?) \
             on conflict (database_name, key) do update set value = excluded.value",
            vec![database],
        ),
        MetadataScope::Resource(database, resource) => (
            "insert into metadata_resources (database_name, resource_name, key, value) \
             values (?, ?, ?, ?) on conflict (database_name, resource_name, key) \
             do update set value = excluded.value",
            vec![database, resource],
        ),
        MetadataScope::Column(database, resource, column) => (
            "insert into metadata_columns (database_name, resource_name, column_name, key, value) \
             values (?, ?, ?, ?, ?) on conflict (database_name, resource_name, column_name, key) \
             do update set value = excluded.value",
            vec![database, resource, column],
        ),
    };
    let values: Vec<Value> = names
        .into_iter()
        .chain([&entry.key, &entry.value])
        .map(|text| Value::from(text.as_str()))
        .collect();
    writer.execute_values(sql, &values).map_err(fault)?;
    Ok(())
}
