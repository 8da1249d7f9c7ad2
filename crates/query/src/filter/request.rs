//! Filters of a query string.

use std::borrow::Cow;

use datasette_core::{Fault, QueryString, TableRef, Value, identifier};

use super::lookup::{self, Lookup, Naming};
use crate::binding::Bindings;
use crate::column_name::{ColumnName, Resolved, no_such_column};

/// One column filter.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The column.
    pub column: ColumnName,
    /// What follows `__`, `exact` without it.
    pub lookup_key: String,
    /// The lookup; an unknown one has no effect (FILTER-32).
    pub lookup: Option<&'static Lookup>,
    /// The value as given.
    pub value: String,
    bound: Vec<Value>,
}

/// The filters of a query string sorted by key and value (FILTER-26); arguments that start with
/// `_` and have no `__` are none (FILTER-33).
///
/// # Errors
/// 400 for an invalid list (FILTER-30).
pub(crate) fn parse(table: &TableRef, arguments: &QueryString) -> Result<Vec<Filter>, Fault> {
    let mut pairs: Vec<&(String, String)> = arguments
        .pairs()
        .iter()
        .filter(|(key, _)| is_filter(key))
        .collect();
    pairs.sort();
    pairs
        .into_iter()
        .map(|(key, value)| Filter::parse(table, key, value))
        .collect()
}

/// Whether an argument of this name is a filter (FILTER-33).
pub(crate) fn is_filter(key: &str) -> bool {
    !key.starts_with('_') || key.contains("__")
}

impl Filter {
    fn parse(table: &TableRef, key: &str, value: &str) -> Result<Self, Fault> {
        let (name, lookup_key) = key.rsplit_once("__").unwrap_or((key, "exact"));
        let column = ColumnName::resolve(table, name);
        let lookup = lookup::find(lookup_key);
        let bound = match lookup {
            Some(lookup) => (lookup.bind)(value)?,
            None => Vec::new(),
        };
        Ok(Self {
            column,
            lookup_key: lookup_key.to_owned(),
            lookup,
            value: value.to_owned(),
            bound,
        })
    }

    /// The condition, unless the lookup is unknown.
    pub(crate) fn write(&self, table: &TableRef, bindings: &mut Bindings) -> Option<String> {
        let lookup = self.lookup?;
        let names: Vec<String> = self
            .bound
            .iter()
            .map(|value| bindings.positional(value.clone()))
            .collect();
        let spelled = self.column.spelled();
        let column = match (self.column.resolved(), lookup.naming) {
            (Resolved::Unknown, _) => format!(":{}", bindings.literal(spelled)),
            (_, Naming::AsNeeded) => self.column.sql().into_owned(),
            (_, Naming::Quoted) => identifier::quote(spelled),
            (_, Naming::Qualified) => {
                let table = identifier::quote(table.name());
                format!("{table}.{}", identifier::quote(spelled))
            }
        };
        Some((lookup.condition)(&column, &names))
    }

    /// # Errors
    /// 400 for an unknown column where that is an error (FILTER-34).
    pub(crate) fn check(&self, table: &TableRef) -> Result<(), Fault> {
        let Some(lookup) = self.lookup.filter(|_| self.column.is_unknown()) else {
            return Ok(());
        };
        let name = self.column.spelled();
        match lookup.naming {
            Naming::Quoted => Ok(()),
            Naming::AsNeeded if matches!(identifier::quote_if_needed(name), Cow::Owned(_)) => {
                Ok(())
            }
            Naming::AsNeeded => self.column.check(),
            Naming::Qualified => Err(no_such_column(&format!("{}.{name}", table.name()))),
        }
    }

    /// The clause of the description, unless the lookup is unknown.
    pub(crate) fn describe(&self) -> Option<String> {
        let lookup = self.lookup?;
        Some((lookup.describe)(self.column.spelled(), &self.value))
    }
}
