//! Configuration of one stored query.

use datasette_core::StoredQuery;
use indexmap::IndexMap;

use crate::allow::AllowBlock;

/// One entry of `queries` (CONF-65 to CONF-70).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueryConfig {
    /// The statement.
    pub sql: String,
    /// The heading of its page.
    pub title: Option<String>,
    /// Shown escaped.
    pub description: Option<String>,
    /// Shown as it is.
    pub description_html: Option<String>,
    /// Whether its page starts with the SQL hidden.
    pub hide_sql: bool,
    /// What links to it append after `#`.
    pub fragment: Option<String>,
    /// Names of the parameters in order; `None` means: as the SQL mentions them (CONF-67).
    pub params: Option<Vec<String>>,
    /// Whether it writes (CONF-68).
    pub write: bool,
    /// Whether `view-query` is all that running it needs (CONF-69).
    pub is_trusted: bool,
    /// The flash message after success.
    pub on_success_message: Option<String>,
    /// SQL whose first value is the flash message after success.
    pub on_success_message_sql: Option<String>,
    /// Where to go after success.
    pub on_success_redirect: Option<String>,
    /// The flash message after failure.
    pub on_error_message: Option<String>,
    /// Where to go after failure.
    pub on_error_redirect: Option<String>,
    /// Who may see it (CONF-25).
    pub allow: Option<AllowBlock>,
    /// Who may do what, by full action name (CONF-22).
    pub permissions: IndexMap<String, AllowBlock>,
}

impl QueryConfig {
    /// The query as it is stored: never private, without an owner (CONF-70, STORED-03).
    pub fn to_stored(&self, database: &str, name: &str) -> StoredQuery {
        StoredQuery {
            database: database.to_owned(),
            name: name.to_owned(),
            sql: self.sql.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            description_html: self.description_html.clone(),
            hide_sql: self.hide_sql,
            fragment: self.fragment.clone(),
            parameters: self.params.clone().unwrap_or_default(),
            is_write: self.write,
            is_private: false,
            is_trusted: self.is_trusted,
            source: "config".to_owned(),
            owner_id: None,
            on_success_message: self.on_success_message.clone(),
            on_success_message_sql: self.on_success_message_sql.clone(),
            on_success_redirect: self.on_success_redirect.clone(),
            on_error_message: self.on_error_message.clone(),
            on_error_redirect: self.on_error_redirect.clone(),
        }
    }
}
