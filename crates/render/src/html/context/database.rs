//! `database.html` (CTX-17 to CTX-32).

use datasette_engine::page::DatabasePage;
use datasette_hooks::ActionItem;
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Value as Json, json};

use super::{action_menu, slot};
use crate::css_class::{css_class, database_color};
use crate::html::create_form::create_entry;
use crate::html::data::{data, list};
use crate::json::database::{table, table_columns};
use crate::urls::Urls;

/// The variables of a database page.
#[derive(Debug)]
pub struct DatabaseContext<'a> {
    /// The page.
    pub page: &'a DatabasePage,
    /// Paths of pages.
    pub urls: &'a Urls,
    /// Stored queries that the actor may see, at most five (CTX-23).
    pub queries: Vec<Json>,
    /// How many there are.
    pub queries_count: usize,
    /// Metadata of the database.
    pub metadata: Json,
    /// The value of `_show_hidden`.
    pub show_hidden: Option<&'a str>,
    /// Whether the file may be downloaded (DB-17).
    pub allow_download: bool,
    /// Databases attached in cross-database mode (DB-18).
    pub attached_databases: Vec<String>,
    /// HTML of plugins.
    pub top: String,
    /// Entries of the actions menu that plugins add.
    pub actions: Vec<ActionItem>,
    /// What the dialog that makes a table is made of; null without the right to it (UI-01).
    pub create_form: Json,
}

impl DatabaseContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        let page = self.page;
        let entry = page.database.entry();
        let views: Vec<Json> = page
            .views
            .iter()
            .map(|view| json!({"name": view.view.name(), "private": view.private}))
            .collect();
        context! {
            database => entry.name.clone(),
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            path => self.urls.database(&page.database),
            size => page.size,
            private => page.private,
            tables => list(&page.tables.iter().map(table).collect::<Vec<_>>()),
            hidden_count => page.tables.iter().filter(|table| table.hidden).count(),
            show_hidden => self.show_hidden,
            views => list(&views),
            queries => list(&self.queries),
            queries_more => self.queries_count > self.queries.len(),
            queries_count => self.queries_count,
            allow_execute_sql => page.allow_execute_sql,
            allow_download => self.allow_download,
            editable => true,
            table_columns => data(&table_columns(page)),
            metadata => data(&self.metadata),
            database_actions => action_menu(&self.menu()),
            database_page_data => data(&self.page_data()),
            attached_databases => self.attached_databases.clone(),
            top_database => slot(&self.top),
        }
    }

    /// The entries of the actions menu (UI-08).
    fn menu(&self) -> Vec<ActionItem> {
        let own = (!self.create_form.is_null()).then(|| create_entry(&self.page.database));
        own.into_iter()
            .chain(self.actions.iter().cloned())
            .collect()
    }

    /// What scripts know about the database.
    fn page_data(&self) -> Json {
        match self.create_form.is_null() {
            true => json!({}),
            false => json!({"createTable": self.create_form}),
        }
    }
}

/// Candidates for the template (TPL-04).
pub fn templates(database: &str) -> Vec<String> {
    vec![
        format!("database-{}.html", css_class(database)),
        "database.html".to_owned(),
    ]
}
