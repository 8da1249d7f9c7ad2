//! Entries of menus.

use serde::{Deserialize, Serialize};

use crate::wire::Data;

/// A link in the menu of every page (HOOK-171).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    /// Where it leads, used as given (HOOK-172).
    pub href: String,
    /// Its text.
    pub label: String,
}

impl MenuItem {
    /// A link.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// An entry of an actions menu: a link or a button (HOOK-173).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionItem {
    /// Where a link leads; `None` makes it a button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Its text.
    pub label: String,
    /// A line below the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Attributes of a button (HOOK-174).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attrs: Vec<(String, String)>,
}

impl ActionItem {
    /// A link.
    pub fn link(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            label: label.into(),
            description: None,
            attrs: Vec::new(),
        }
    }

    /// A button with attributes.
    pub fn button(label: impl Into<String>, attrs: Vec<(String, String)>) -> Self {
        Self {
            href: None,
            label: label.into(),
            description: None,
            attrs,
        }
    }

    /// The item with a line below its text.
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Whether it is a button.
    pub fn is_button(&self) -> bool {
        self.href.is_none()
    }
}

/// The thing whose actions menu is being built; each has its own hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionTarget {
    /// `homepage_actions`.
    Homepage,
    /// `database_actions`.
    Database {
        /// The database.
        database: String,
    },
    /// `table_actions`.
    Table {
        /// The database.
        database: String,
        /// The table.
        table: String,
    },
    /// `view_actions`.
    View {
        /// The database.
        database: String,
        /// The view.
        view: String,
    },
    /// `row_actions`.
    Row {
        /// The database.
        database: String,
        /// The table.
        table: String,
        /// The row without label expansion (HOOK-179), by column.
        row: Vec<(String, Data)>,
    },
    /// `query_actions`.
    Query {
        /// The database.
        database: String,
        /// Name of a stored query; `None` for SQL that a visitor wrote.
        query_name: Option<String>,
        /// The statement, when there is one (HOOK-178).
        sql: Option<String>,
        /// Submitted parameters.
        params: Vec<(String, String)>,
    },
}
