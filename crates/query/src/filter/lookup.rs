//! What a lookup is, and all of them.

use datasette_core::{Fault, Value};

pub use super::registry::{LOOKUPS, find};

/// One way to compare a column.
pub struct Lookup {
    /// What stands after `__` in the query string.
    pub key: &'static str,
    /// What the menu shows (FILTER-23).
    pub label: &'static str,
    /// Whether the value means anything (FILTER-31).
    pub takes_value: bool,
    /// How its SQL names the column.
    pub(super) naming: Naming,
    /// The value of the query string as values to bind.
    pub(super) bind: fn(&str) -> Result<Vec<Value>, Fault>,
    /// The SQL condition, from the column's SQL and the names of the bound values.
    pub(super) condition: fn(&str, &[String]) -> String,
    /// The clause of the description, from the column's name and the value.
    pub(super) describe: fn(&str, &str) -> String,
}

/// How the SQL of a lookup names the column, which decides what an unknown name means
/// (FILTER-34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Always quoted: an unknown name is a text.
    Quoted,
    /// Smart-quoted: an unknown name is an error if it can stand bare, else a text.
    AsNeeded,
    /// Quoted behind the quoted table: an unknown name is an error.
    Qualified,
}

impl std::fmt::Debug for Lookup {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Lookup({})", self.key)
    }
}

/// Binds the text itself (FILTER-25).
pub(super) fn as_text(value: &str) -> Result<Vec<Value>, Fault> {
    Ok(vec![Value::from(value)])
}
