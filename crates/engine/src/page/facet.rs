//! Facets of a table page.

use datasette_core::Value;

/// One value with its count.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetValue {
    /// The value as it is stored (FACET-25).
    pub value: Value,
    /// The label of the referenced row, else the value (FACET-26).
    pub label: Value,
    /// How many rows have it.
    pub count: i64,
}

/// One computed facet.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetResult {
    /// The column.
    pub column: String,
    /// `column`, `array`, `date` or a plugin's kind.
    pub kind: String,
    /// Whether it was configured and so cannot be hidden (FACET-19).
    pub configured: bool,
    /// Place in the configuration, among configured facets.
    pub place: usize,
    /// The most frequent values, at most facet-size (FACET-32).
    pub values: Vec<FacetValue>,
    /// Whether there are more values.
    pub truncated: bool,
}

/// All facets of one page (FACET-16).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacetResults {
    /// In evaluation order (FACET-07).
    pub results: Vec<FacetResult>,
    /// What kinds counted that work by themselves; shown after the others.
    pub added: Vec<datasette_hooks::FacetResult>,
    /// Columns whose facet ran into its time limit (FACET-35).
    pub timed_out: Vec<String>,
}

/// A column that would make a useful facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedFacet {
    /// The column.
    pub column: String,
    /// `column`, `date`, `array` or a plugin's kind.
    pub kind: String,
}
