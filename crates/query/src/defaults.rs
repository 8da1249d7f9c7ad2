//! What configuration says about one table, already typed.

use crate::facet::FacetRequest;

/// A configured number of rows or values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageSize {
    /// This many; 0 counts as not configured.
    Rows(u32),
    /// As many as `max_returned_rows` allows (TABLE-16).
    Max,
    /// Neither a number nor `max`: a request that needs the size fails as TABLE-17 says.
    Invalid,
}

/// Configuration of one table or view that changes its page.
#[derive(Clone, Debug, Default)]
pub struct TableDefaults {
    /// Column to sort by (SORT-05).
    pub sort: Option<String>,
    /// Column to sort by, last first (SORT-05).
    pub sort_desc: Option<String>,
    /// Rows on a page (TABLE-15).
    pub size: Option<PageSize>,
    /// The only columns that may be sorted by (SORT-04).
    pub sortable_columns: Option<Vec<String>>,
    /// Facets that are always computed, in this order (FACET-05).
    pub facets: Vec<FacetRequest>,
    /// Values in a facet (FACET-33).
    pub facet_size: Option<PageSize>,
    /// The full-text table, in place of the one that was found (SEARCH-01).
    pub fts_table: Option<String>,
    /// The column that full-text rowids are matched with, `rowid` unless configured (SEARCH-04).
    pub fts_pk: Option<String>,
    /// Whether the search text is passed on unescaped (SEARCH-10).
    pub search_raw: bool,
    /// The label column, in place of the one that was found (LABEL-08).
    pub label_column: Option<String>,
}
