//! A query that somebody gave a name.

use serde::{Deserialize, Serialize};

/// A stored query, whether it came from configuration, from a user or from a plugin. Serialises
/// with the keys and the order of DEBUG-60.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredQuery {
    /// The database it belongs to.
    pub database: String,
    /// Its name, unique in the database.
    pub name: String,
    /// The statement.
    pub sql: String,
    /// The heading of its page.
    pub title: Option<String>,
    /// Shown escaped.
    pub description: Option<String>,
    /// Shown as it is, in place of `description`.
    pub description_html: Option<String>,
    /// Whether its page starts with the SQL hidden.
    pub hide_sql: bool,
    /// What links to it append after `#`.
    pub fragment: Option<String>,
    /// Names of the parameters in order; empty means: as the SQL mentions them.
    pub parameters: Vec<String>,
    /// Whether it writes, and so is executed by POST only.
    pub is_write: bool,
    /// Whether only its owner may see it.
    pub is_private: bool,
    /// Whether it runs without asking for the permissions its SQL would need.
    pub is_trusted: bool,
    /// `config`, `user`, `plugin` or a plugin's own word (INT-32).
    pub source: String,
    /// The id of the actor who stored it.
    pub owner_id: Option<String>,
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
}

impl StoredQuery {
    /// What lists sort by: the title, or the name where there is none, with the letters of ASCII
    /// in lower case (DEBUG-60).
    pub fn sort_key(&self) -> String {
        let title = self.title.as_deref().filter(|title| !title.is_empty());
        title.unwrap_or(&self.name).to_ascii_lowercase()
    }

    /// The names of its parameters in order, where it fixes them; `None` means: as the SQL
    /// mentions them (CONF-67).
    pub fn fixed_parameters(&self) -> Option<&[String]> {
        (!self.parameters.is_empty()).then_some(self.parameters.as_slice())
    }
}
