//! `debug_autocomplete.html`: a field to try completing keys with.

use datasette_core::{ColumnRef, QueryString, TableRef};
use datasette_engine::labelled_tables::LabelledTables;
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Value as Json, json};

use crate::html::data::list;
use crate::location::append;
use crate::urls::Urls;

/// The variables of the page (DEBUG-50, DEBUG-51).
#[derive(Debug)]
pub struct DebugAutocompleteContext<'a> {
    /// Paths of pages.
    pub urls: &'a Urls,
    /// The database as the visitor named it; may be empty.
    pub database: &'a str,
    /// The table as the visitor named it; may be empty.
    pub table: &'a str,
    /// What is below the form.
    pub shown: Shown,
}

/// What is below the form.
#[derive(Debug)]
pub enum Shown {
    /// Tables to try, while none is named.
    Suggestions(LabelledTables),
    /// A field for this table and its label column.
    Table(TableRef, Option<ColumnRef>),
    /// Why there is no field.
    Mistake(&'static str),
}

impl DebugAutocompleteContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let form = context! {
            database_name => named(self.database),
            table_name => named(self.table),
        };
        match &self.shown {
            Shown::Mistake(message) => context! { error => *message, ..form },
            Shown::Table(table, label) => context! {
                autocomplete_url => format!("{}/-/autocomplete", self.urls.table(table)),
                label_column => label.as_ref().map(ColumnRef::name),
                ..form
            },
            Shown::Suggestions(found) => context! {
                suggestions => list(&self.suggestions(found)),
                scanned => found.scanned,
                reached_scan_limit => found.reached_limit,
                ..form
            },
        }
    }

    fn suggestions(&self, found: &LabelledTables) -> Vec<Json> {
        let tables = found.tables.iter();
        tables
            .map(|(table, label)| {
                let (database, table) = (table.database().name(), table.name());
                let arguments = [("database", database), ("table", table)];
                let arguments = QueryString::default().adding(&arguments).encode();
                let path = self.urls.path("/-/debug/autocomplete");
                json!({
                    "database": database,
                    "table": table,
                    "label_column": label.name(),
                    "url": append(&path, &arguments),
                })
            })
            .collect()
    }
}
