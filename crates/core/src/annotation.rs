//! What people add to data without changing it: metadata and column types.

use serde_json::{Map, Value};

/// What a metadata entry describes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MetadataScope {
    /// The instance.
    Instance,
    /// A database by name.
    Database(String),
    /// A table, view or stored query: database, name.
    Resource(String, String),
    /// A column: database, table or view, column.
    Column(String, String, String),
}

/// One key and value about something, attached or not (META-08).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataEntry {
    /// What it describes.
    pub scope: MetadataScope,
    /// The key, for instance `title`.
    pub key: String,
    /// The value as text: other types are JSON text (META-05).
    pub value: String,
}

/// The column type given to one column, which need not exist (CONF-49).
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnTypeAssignment {
    /// The database's name.
    pub database: String,
    /// The table's or view's name.
    pub resource: String,
    /// The column's name.
    pub column: String,
    /// The name of the type, registered or not (CONF-48).
    pub type_name: String,
    /// Options of the type; `None` when there are none.
    pub config: Option<Map<String, Value>>,
}
