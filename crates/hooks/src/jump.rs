//! Entries of the jump menu.

use serde::{Deserialize, Serialize};

use crate::wire::Data;

/// One entry (HOOK-183).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JumpItem {
    /// What it is: `database`, `table`, `view`, `query` or a plugin's own word.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name.
    pub label: String,
    /// A line about it.
    pub description: Option<String>,
    /// Where it leads: a path, or a JSON object that names a URL builder (HOOK-185).
    pub url: String,
    /// What searches look at.
    pub search_text: String,
    /// What is shown instead of the name.
    pub display_name: Option<String>,
}

/// Entries that a statement finds (HOOK-182).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JumpSql {
    /// Yields `type`, `label`, `description`, `url`, `search_text`, `display_name`.
    pub sql: String,
    /// Named parameters.
    #[serde(default)]
    pub params: Vec<(String, Data)>,
    /// Where it runs; `None` is the internal database (HOOK-184).
    #[serde(default)]
    pub database: Option<String>,
}

/// What one plugin adds to the jump menu.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JumpContribution {
    /// Entries that are known.
    #[serde(default)]
    pub items: Vec<JumpItem>,
    /// Entries that statements find.
    #[serde(default)]
    pub sql: Vec<JumpSql>,
}
