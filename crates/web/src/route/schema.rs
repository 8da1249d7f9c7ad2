//! The spellings of a schema page (ROUTE-10).

/// The spellings of a schema page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemaFormat {
    /// A page.
    Html,
    /// `.json`.
    Json,
    /// `.md`.
    Markdown,
}

/// The format that the last segment of a path names.
pub(super) fn schema_format(page: &str) -> Option<SchemaFormat> {
    match page {
        "schema" => Some(SchemaFormat::Html),
        "schema.json" => Some(SchemaFormat::Json),
        "schema.md" => Some(SchemaFormat::Markdown),
        _ => None,
    }
}
