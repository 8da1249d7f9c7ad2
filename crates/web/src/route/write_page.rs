//! Pages and calls where SQL is written to be run or kept.

use super::Route;

/// One of them, of a database or of one of its stored queries. Names are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WritePage {
    /// `/{db}/-/execute-write` (WRITE-132).
    Execute,
    /// `/{db}/-/execute-write/analyze` (WRITE-152).
    Analyze,
    /// `/{db}/-/queries/store` (STORED-40, STORED-49).
    Store,
    /// `/{db}/-/queries/analyze` (STORED-67).
    AnalyzeQuery,
    /// `/{db}/{query}/-/edit` (STORED-56).
    EditQuery(String),
    /// `/{db}/{query}/-/update` (STORED-52).
    UpdateQuery(String),
    /// `/{db}/{query}/-/delete` (STORED-57).
    DeleteQuery(String),
}

impl WritePage {
    /// Whether it answers GET, and whether POST.
    pub(crate) fn methods(&self) -> (bool, bool) {
        match self {
            Self::Execute | Self::Store | Self::EditQuery(_) | Self::DeleteQuery(_) => (true, true),
            Self::Analyze | Self::AnalyzeQuery => (true, false),
            Self::UpdateQuery(_) => (false, true),
        }
    }

    /// The stored query, where it is about one.
    pub(super) fn is_of_query(&self) -> bool {
        matches!(
            self,
            Self::EditQuery(_) | Self::UpdateQuery(_) | Self::DeleteQuery(_)
        )
    }

    pub(super) fn pattern(&self) -> &'static str {
        match self {
            Self::Execute => r"/(?P<database>[^\/\.]+)/-/execute-write$",
            Self::Analyze => r"/(?P<database>[^\/\.]+)/-/execute-write/analyze$",
            Self::Store => r"/(?P<database>[^\/\.]+)/-/queries/store$",
            Self::AnalyzeQuery => r"/(?P<database>[^\/\.]+)/-/queries/analyze$",
            Self::EditQuery(_) => r"/(?P<database>[^\/\.]+)/(?P<query>[^\/\.]+)/-/edit$",
            Self::UpdateQuery(_) => r"/(?P<database>[^\/\.]+)/(?P<query>[^\/\.]+)/-/update$",
            Self::DeleteQuery(_) => r"/(?P<database>[^\/\.]+)/(?P<query>[^\/\.]+)/-/delete$",
        }
    }
}

/// `/{db}/-/{page}/{part}`; a table may be called `-`, so others are not about this.
pub(super) fn part_of_page(page: &str, part: &str) -> Option<WritePage> {
    match (page, part) {
        ("execute-write", "analyze") => Some(WritePage::Analyze),
        ("queries", "store") => Some(WritePage::Store),
        ("queries", "analyze") => Some(WritePage::AnalyzeQuery),
        _ => None,
    }
}

/// `/{db}/{query}/-/{verb}`.
pub(super) fn query_page(database: String, query: String, verb: &str) -> Route {
    let page = match verb {
        "edit" => WritePage::EditQuery(query),
        "update" => WritePage::UpdateQuery(query),
        _ => WritePage::DeleteQuery(query),
    };
    Route::Write { database, page }
}
