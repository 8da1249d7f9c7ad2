//! The settings that bound a question.

/// What the instance's settings allow. Sizes are rows, times are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows on a page unless the table or the request says otherwise (`default_page_size`).
    pub default_page_size: u32,
    /// The most rows any answer holds (`max_returned_rows`).
    pub max_returned_rows: u32,
    /// Values in a facet unless the table or the request says otherwise (`default_facet_size`).
    pub default_facet_size: u32,
    /// The longest a statement may run (`sql_time_limit_ms`).
    pub sql_time_limit_ms: u32,
    /// Whether visitors may ask for facets (`allow_facet`).
    pub allow_facet: bool,
    /// Whether facets are suggested (`suggest_facets`).
    pub suggest_facets: bool,
}

impl Default for Limits {
    /// The values the settings have when nobody changes them.
    fn default() -> Self {
        Self {
            default_page_size: 100,
            max_returned_rows: 1000,
            default_facet_size: 30,
            sql_time_limit_ms: 1000,
            allow_facet: true,
            suggest_facets: true,
        }
    }
}
