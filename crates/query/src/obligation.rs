//! What an actor must be allowed besides viewing the table, because the question reads more.

use datasette_core::{DatabaseRef, Fault, QueryString, TableRef};
use serde_json::Value as Json;

use crate::defaults::TableDefaults;
use crate::search;

/// A further permission that a table question needs.
#[derive(Clone, Debug)]
pub enum Obligation {
    /// `execute-sql` on the database, for `_where` (FILTER-46).
    ExecuteSql(DatabaseRef),
    /// `view-table` on another table that the conditions read (SEARCH-12, FILTER-50).
    ViewTable(TableRef),
    /// `view-table` on a name that no table of the database has: that there is none is not told to
    /// those who could not view it (FILTER-50).
    ViewMissing(DatabaseRef, String),
}

impl Obligation {
    /// What a query string demands. Cheap, never fails, and to be checked before the outcome of
    /// [`crate::TableQuestion::parse`] is shown: that outcome tells columns and foreign keys of
    /// the tables named here.
    pub fn demanded(
        table: &TableRef,
        arguments: &QueryString,
        defaults: &TableDefaults,
    ) -> Vec<Self> {
        let mut obligations = Vec::new();
        if arguments.contains("_where") {
            obligations.push(Self::ExecuteSql(table.database().clone()));
        }
        let through = arguments.get_all("_through").filter_map(|text| {
            let named: Json = serde_json::from_str(text).ok()?;
            let name = named.get("table")?.as_str()?;
            let database = table.database();
            Some(match database.table(name) {
                Some(found) => Self::ViewTable(found),
                None => Self::ViewMissing(database.clone(), name.to_owned()),
            })
        });
        obligations.extend(through);
        // A search elsewhere is refused before anything is told of the table that it would use.
        if search::is_requested(arguments) && !search::asks_elsewhere(table, arguments, defaults) {
            let searched = search::full_text_table(table, defaults);
            obligations.extend(
                searched
                    .and_then(|name| table.database().table(name))
                    .map(Self::ViewTable),
            );
        }
        obligations
    }

    /// The refusal when the actor may not.
    pub fn refusal(&self) -> Fault {
        match self {
            Self::ExecuteSql(_) => Fault::forbidden("_where= is not allowed").titled("Error 403"),
            Self::ViewTable(_) | Self::ViewMissing(..) => Fault::forbidden("view-table"),
        }
    }
}
