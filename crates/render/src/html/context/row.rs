//! `row.html` (CTX-78 to CTX-87).

use datasette_engine::page::RowPage;
use datasette_hooks::ActionItem;
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Value as Json, json};

use super::{action_links, csv_hidden_arguments, slot};
use crate::css_class::{css_class, database_color};
use crate::html::cells::Cells;
use crate::html::data::{data, list};
use crate::html::row_tools::{self, row_name};
use crate::html::rows::ShownRows;
use crate::json::row::foreign_key_tables;
use crate::json::table::custom_table_templates;
use crate::location::Location;
use crate::urls::Urls;

/// The variables of a row page.
#[derive(Debug)]
pub struct RowContext<'a> {
    /// The page.
    pub page: &'a RowPage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Paths of pages.
    pub urls: &'a Urls,
    /// How cells are made.
    pub cells: Cells<'a>,
    /// Types of columns: `type` and `config` by name.
    pub column_types: Json,
    /// What is told about columns, by name (META-14).
    pub column_descriptions: Json,
    /// Other formats and their URLs.
    pub renderers: Json,
    /// All settings.
    pub settings: Json,
    /// HTML of plugins.
    pub top: String,
    /// Entries of the actions menu.
    pub actions: Vec<ActionItem>,
}

impl RowContext<'_> {
    /// As template variables. Of the table's metadata the page shows what is
    /// told about columns, in their headings, and nothing else (ROW-17, META-14).
    pub fn variables(&self) -> Value {
        let page = self.page;
        let table = &page.table;
        let entry = table.database().entry();
        let columns = self.columns();
        let shown = self.cells.of_row(page);
        let menu = self.menu(&shown);
        let (display_rows, rows) = shown.into_values();
        context! {
            ok => true,
            database => entry.name.clone(),
            table => table.name(),
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            private => page.private,
            query_ms => page.query_ms,
            settings => data(&self.settings),
            columns => columns.clone(),
            rows => rows,
            primary_keys => page.primary_keys.clone(),
            primary_key_values => page.primary_key_values.clone(),
            display_columns => list(&self.display_columns(&columns)),
            display_rows => display_rows,
            foreign_key_tables => data(&foreign_key_tables(page, self.urls)),
            row_actions => action_links(&menu),
            row_mutation_ui => self.cells.tools.any_of_a_row(),
            metadata => data(&json!({})),
            table_page_data => data(&row_tools::page_data(table, self.urls, &page.expandable)),
            custom_table_templates => custom_table_templates(table, "row"),
            renderers => data(&self.renderers),
            url_csv => self.location.in_format(&self.location.path, "csv", &[("_size", "max")]),
            url_csv_path => self.urls.path(&format!("{}.csv", self.location.path)),
            url_csv_hidden_args => csv_hidden_arguments(&self.location.query),
            top_row => slot(&self.top),
        }
    }

    /// What the visitor may do to the row, then what plugins offer.
    fn menu(&self, shown: &ShownRows) -> Vec<ActionItem> {
        let mut entries = match shown.rows.first() {
            Some(row) => {
                let path = row.row_path.as_deref().unwrap_or_default();
                let key = row.pk_path.as_deref().unwrap_or_default();
                let label = row.label.as_deref();
                self.cells.tools.menu(path, &row_name(key, label), label)
            }
            None => Vec::new(),
        };
        entries.extend(self.actions.iter().cloned());
        entries
    }

    /// Primary keys first, in the order of the table (CTX-79).
    fn columns(&self) -> Vec<String> {
        let keys = &self.page.primary_keys;
        let names = self.page.rows.column_names().iter().cloned();
        let (first, rest): (Vec<String>, Vec<String>) = names.partition(|name| keys.contains(name));
        [first, rest].concat()
    }

    fn display_columns(&self, columns: &[String]) -> Vec<Json> {
        columns
            .iter()
            .map(|name| {
                let column = self.page.table.column(name);
                json!({
                    "name": name,
                    "sortable": false,
                    "is_pk": self.page.primary_keys.contains(name),
                    "type": column.as_ref().map_or("integer", |column| &column.declared_type),
                    "notnull": u8::from(column.as_ref().is_some_and(|column| column.not_null)),
                    "description": self.column_descriptions[name],
                    "column_type": self.column_types[name]["type"],
                    "column_type_config": self.column_types[name]["config"],
                })
            })
            .collect()
    }
}

/// Candidates for the template (TPL-08).
pub fn templates(database: &str, table: &str) -> Vec<String> {
    vec![
        format!("row-{}-{}.html", css_class(database), css_class(table)),
        "row.html".to_owned(),
    ]
}
