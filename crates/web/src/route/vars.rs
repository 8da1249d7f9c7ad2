//! The named parts of a path.

use super::{Change, Route};

impl Route {
    /// The named parts of the path, undecoded, as plugins see them (API-100).
    pub(crate) fn url_vars(&self, path: &str) -> Vec<(String, String)> {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let stem = |at: usize| {
            let segment = segments.get(at).copied().unwrap_or_default();
            segment.split('.').next().unwrap_or_default().to_owned()
        };
        let mut vars = Vec::new();
        let mut add = |name: &str, value: String| vars.push((name.to_owned(), value));
        match self {
            Self::Schema {
                database: Some(_),
                table,
                ..
            } => {
                add("database", stem(0));
                if table.is_some() {
                    add("table", stem(1));
                }
            }
            Self::Download { .. }
            | Self::Database { .. }
            | Self::Query { .. }
            | Self::QueryParameters { .. }
            | Self::KeyTargets { .. }
            | Self::Change(Change::CreateTable { .. })
            | Self::Queries {
                database: Some(_), ..
            } => add("database", stem(0)),
            Self::Queries { database: None, .. } => {}
            Self::Write { page, .. } => {
                add("database", stem(0));
                if page.is_of_query() {
                    add("query", stem(1));
                }
            }
            Self::Definition { .. } => {
                add("database", stem(0));
                add("query", stem(1));
            }
            Self::Autocomplete { .. }
            | Self::Fragment { .. }
            | Self::Count { .. }
            | Self::Change(_)
            | Self::KeySuggestions { .. }
            | Self::Table { .. } => {
                add("database", stem(0));
                add("table", stem(1));
                if let Self::Change(change) = self
                    && let Some(identifier) = change.identifier()
                {
                    add("pks", identifier.to_owned());
                }
            }
            Self::Row { identifier, .. } => {
                add("database", stem(0));
                add("table", stem(1));
                add("pks", identifier.clone());
            }
            _ => return vars,
        }
        let format = match self {
            Self::Database { format, .. }
            | Self::Query { format, .. }
            | Self::Table { format, .. }
            | Self::Row { format, .. } => format.clone(),
            Self::Queries { json: true, .. } => Some("json".to_owned()),
            _ => None,
        };
        if let Some(format) = format {
            add("format", format);
        }
        vars
    }
}
