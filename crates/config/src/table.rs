//! Configuration of one table or view.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::allow::AllowBlock;

/// What configuration says about one table or view (CONF-31 to CONF-39).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableConfig {
    /// Whether listings leave it out (CONF-35).
    pub hidden: bool,
    /// The column to sort by (CONF-31).
    pub sort: Option<String>,
    /// The column to sort by, last first (CONF-31).
    pub sort_desc: Option<String>,
    /// Rows on a page (CONF-32).
    pub size: Option<Size>,
    /// The only columns that may be sorted by (CONF-33).
    pub sortable_columns: Option<Vec<String>>,
    /// The column that labels links to its rows (CONF-34).
    pub label_column: Option<String>,
    /// Facets that are always shown, in this order (CONF-36).
    pub facets: Vec<FacetConfig>,
    /// Values per facet (CONF-37).
    pub facet_size: Option<Size>,
    /// The full-text table to search with (CONF-38).
    pub fts_table: Option<String>,
    /// The column that full-text rowids are matched with (CONF-38).
    pub fts_pk: Option<String>,
    /// How the search text is read: `raw` passes it on unescaped (CONF-38).
    pub searchmode: Option<String>,
    /// Column types by column name (CONF-39).
    pub column_types: IndexMap<String, ColumnTypeConfig>,
    /// Who may see it (CONF-25).
    pub allow: Option<AllowBlock>,
    /// Who may do what, by full action name (CONF-22).
    pub permissions: IndexMap<String, AllowBlock>,
    /// Plugin configuration by plugin name (CONF-21).
    pub plugins: Map<String, Value>,
}

/// A number of rows or values. What counts as unset (`0`, the empty text, null) is `None` where
/// one may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Size {
    /// This many.
    Exactly(u64),
    /// As many as `max_returned_rows` allows.
    Max,
    /// Neither: using it is an error of the request (CONF-32).
    Invalid(String),
}

/// One item of `facets`.
#[derive(Clone, Debug, PartialEq)]
pub enum FacetConfig {
    /// A facet.
    Facet {
        /// `column`, `array`, `date` or a plugin's own.
        kind: String,
        /// `{"simple": COLUMN}`, or the object as configured.
        config: Value,
    },
    /// An object without exactly one key: using it is an error of the request (CONF-36).
    Malformed,
}

/// The type given to one column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnTypeConfig {
    /// The name of the type.
    pub type_name: String,
    /// Its options.
    pub config: Option<Map<String, Value>>,
}
