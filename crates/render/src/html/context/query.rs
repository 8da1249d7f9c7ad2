//! `query.html` (CTX-33 to CTX-47).

use datasette_engine::page::QueryPage;
use datasette_hooks::ActionItem;
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Map, Value as Json, json};

use super::{action_menu, slot};
use crate::css_class::{css_class, database_color};
use crate::html::cell::escape;
use crate::html::data::{data, list, object};
use crate::location::Location;

/// The variables of a page that runs SQL.
#[derive(Debug)]
pub struct QueryContext<'a> {
    /// The page; without SQL it has no columns and no rows.
    pub page: &'a QueryPage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Rows as lists of cells.
    pub display_rows: Value,
    /// Names and values of the parameter fields.
    pub named_parameters: Vec<(String, String)>,
    /// Metadata of the database.
    pub metadata: Json,
    /// Other formats and their URLs.
    pub renderers: Json,
    /// Whether the actor may run SQL.
    pub allow_execute_sql: bool,
    /// Tables of the database, for the first statement that is offered (QUERY-21).
    pub tables: Vec<Json>,
    /// Tables and their columns, for completion.
    pub table_columns: Json,
    /// HTML of plugins.
    pub top: String,
    /// Entries of the actions menu.
    pub actions: Vec<ActionItem>,
}

impl QueryContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        let page = self.page;
        let entry = page.database.entry();
        let hide = self.location.query.is_present("_hide_sql");
        let values: Map<String, Json> = self
            .named_parameters
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        let params: Map<String, Json> = page
            .params
            .iter()
            .map(|(name, value)| (name.clone(), crate::json::writer::json_of(value.as_ref())))
            .collect();
        let size = [("_size", "max")];
        let csv = match page.sql.is_empty() {
            true => None,
            false => Some(self.location.in_format(&self.location.path, "csv", &size)),
        };
        context! {
            database => entry.name.clone(),
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            private => page.private,
            db_is_immutable => !entry.is_mutable,
            allow_execute_sql => self.allow_execute_sql,
            query => data(&json!({"sql": page.sql, "params": params})),
            stored_query => Value::from(()),
            stored_query_write => false,
            metadata => data(&self.metadata),
            error => page.error.clone(),
            columns => page.columns.clone(),
            display_rows => self.display_rows.clone(),
            truncated => page.truncated,
            named_parameter_values => object(&values),
            hide_sql => hide,
            show_hide_link => self.show_hide_link(hide),
            show_hide_text => if hide { "show" } else { "hide" },
            show_hide_hidden => self.show_hide_hidden(hide),
            editable => true,
            edit_sql_url => Value::from(()),
            save_query_url => Value::from(()),
            renderers => data(&self.renderers),
            url_csv => csv,
            tables => list(&self.tables),
            table_columns => data(&self.table_columns),
            query_actions => action_menu(&self.actions),
            top_query => slot(&self.top),
            top_stored_query => slot(""),
        }
    }

    /// The same page with the SQL hidden or shown (QUERY-47).
    fn show_hide_link(&self, hidden: bool) -> String {
        match hidden {
            true => self.location.without(|key, _| key == "_hide_sql"),
            false => self.location.adding(&[("_hide_sql", "1")]),
        }
    }

    /// A hidden field that keeps the choice (QUERY-48).
    fn show_hide_hidden(&self, hidden: bool) -> Value {
        if !hidden {
            return Value::from("");
        }
        let mut html = String::from("<input type=\"hidden\" name=\"_hide_sql\" value=\"");
        escape(
            &mut html,
            self.location.query.get("_hide_sql").unwrap_or_default(),
        );
        html.push_str("\">");
        Value::from_safe_string(html)
    }
}

/// Candidates for the template (TPL-05).
pub fn templates(database: &str) -> Vec<String> {
    vec![
        format!("query-{}.html", css_class(database)),
        "query.html".to_owned(),
    ]
}
