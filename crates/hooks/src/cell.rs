//! The cells of a page, offered to `render_cell` all at once.

use std::collections::HashMap;

use datasette_core::Value;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::column_type::AssignedType;
use crate::wire::Data;

/// One cell.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum CellValue {
    /// A foreign key whose label was found (HOOK-66).
    Labelled {
        /// The key.
        value: Data,
        /// The label of the row it refers to.
        label: Data,
    },
    /// Any other value.
    Plain(Data),
}

impl Serialize for CellValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::Labelled { value, label } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("value", value)?;
                map.serialize_entry("label", label)?;
                map.end()
            }
        }
    }
}

impl From<Value> for CellValue {
    fn from(value: Value) -> Self {
        Self::Plain(Data(value))
    }
}

/// All cells of one page (HOOK-63). One call per page, whatever its size.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CellBatch {
    /// The database.
    pub database: String,
    /// The table or view; `None` on query pages (HOOK-68).
    pub table: Option<String>,
    /// Primary key columns; `["rowid"]` without one, empty for views and queries (HOOK-68).
    pub primary_keys: Vec<String>,
    /// Column names.
    pub columns: Vec<String>,
    /// The column type of each column, where one is assigned (HOOK-69).
    pub column_types: Vec<Option<AssignedType>>,
    /// Whether the cells of each column are wanted (HOOK-74); columns beyond its end are.
    pub skipped: Vec<bool>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<CellValue>>,
}

impl CellBatch {
    /// Whether a plugin should answer for the column.
    pub fn wants(&self, column: usize) -> bool {
        !self.skipped.get(column).copied().unwrap_or(false)
    }
}

/// What a cell shows instead of its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellContent {
    /// Text, which the page escapes.
    Text(String),
    /// HTML, which the page trusts (HOOK-70).
    Html(String),
}

impl CellContent {
    /// Whether there is nothing in it, which ends the search but shows the default on table and row
    /// pages (HOOK-71).
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) | Self::Html(text) => text.is_empty(),
        }
    }
}

/// Answers for some cells of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellAnswers {
    cells: HashMap<(usize, usize), CellContent>,
}

impl CellAnswers {
    /// Answers for the cell at row and column, unless it has been answered.
    pub fn put(&mut self, row: usize, column: usize, content: CellContent) {
        self.cells.entry((row, column)).or_insert(content);
    }

    /// The answer for the cell at row and column.
    pub fn get(&self, row: usize, column: usize) -> Option<&CellContent> {
        self.cells.get(&(row, column))
    }

    /// Whether no cell was answered.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Adds answers of a plugin that is later in call order: earlier ones stay (HOOK-65).
    pub fn merge(&mut self, later: Self) {
        for ((row, column), content) in later.cells {
            self.put(row, column, content);
        }
    }
}
