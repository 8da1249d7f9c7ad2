//! What a page tells hooks about itself, and what hooks add to it.

use serde::{Deserialize, Serialize};

/// The page being rendered (HOOK-38 to HOOK-40).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageInfo {
    /// Name of the template.
    pub template: String,
    /// The database, where the page has one.
    pub database: Option<String>,
    /// The table or view, where the page has one.
    pub table: Option<String>,
    /// Column names, where the page has rows.
    pub columns: Option<Vec<String>>,
    /// The kind of page, for instance `table` (HOOK-40).
    pub view_name: Option<String>,
}

/// A style sheet or script to load.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetUrl {
    /// Its address; the key by which duplicates are dropped (HOOK-46).
    pub url: String,
    /// Subresource integrity hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sri: Option<String>,
    /// Whether a script is a module.
    #[serde(default)]
    pub module: bool,
}

impl AssetUrl {
    /// An address without hash.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..Self::default()
        }
    }
}

/// A script written into the end of the page, verbatim (HOOK-51).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyScript {
    /// Source text.
    pub script: String,
    /// Whether it is a module.
    #[serde(default)]
    pub module: bool,
}

/// The place on a page that a `top_*` hook fills with HTML (HOOK-188).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateSlot {
    /// `top_homepage`.
    Homepage,
    /// `top_database`.
    Database {
        /// The database.
        database: String,
    },
    /// `top_table`, also on views.
    Table {
        /// The database.
        database: String,
        /// The table or view.
        table: String,
    },
    /// `top_row`.
    Row {
        /// The database.
        database: String,
        /// The table.
        table: String,
        /// The row without label expansion (HOOK-192), by column.
        row: Vec<(String, crate::Data)>,
    },
    /// `top_query`, for SQL that a visitor wrote.
    Query {
        /// The database.
        database: String,
        /// The statement, when there is one.
        sql: Option<String>,
    },
    /// `top_stored_query`.
    StoredQuery {
        /// The database.
        database: String,
        /// The stored query's name.
        query_name: String,
    },
}
