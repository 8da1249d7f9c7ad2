//! `query.html` (CTX-33 to CTX-47).

use datasette_core::StoredQuery;
use datasette_engine::page::QueryPage;
use datasette_hooks::ActionItem;
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Map, Value as Json, json};

use super::{action_menu, slot};
use crate::css_class::{css_class, database_color};
use crate::html::data::{data, list, object};
use crate::location::Location;

/// The variables of a page that runs SQL.
#[derive(Debug)]
pub struct QueryContext<'a> {
    /// The page; without SQL it has no columns and no rows.
    pub page: &'a QueryPage,
    /// Everything that was submitted, and parameters that were not.
    pub params: Vec<(String, String)>,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Rows as lists of cells.
    pub display_rows: Value,
    /// Metadata of the database, or the stored query (EXTRA-35).
    pub metadata: Json,
    /// Where the SQL of a stored query can be changed (QUERY-55).
    pub edit_sql_url: Option<String>,
    /// Where SQL that a visitor wrote can be stored (STORED-15).
    pub save_query_url: Option<String>,
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
        let stored = page.stored.as_ref().map(|query| query.stored());
        let toggle = Toggle::of(stored, self.location);
        let submitted = self.params.iter();
        let submitted: Map<String, Json> = submitted
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        let sql = Some(page.sql.as_str()).filter(|sql| !sql.is_empty());
        let fields: Map<String, Json> = page
            .params
            .iter()
            .map(|(name, value)| (name.clone(), crate::json::writer::json_of(value.as_ref())))
            .collect();
        let size = [("_size", "max")];
        let csv = self.location.in_format(&self.location.path, "csv", &size);
        context! {
            database => entry.name.clone(),
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            private => page.private,
            db_is_immutable => !entry.is_mutable,
            allow_execute_sql => self.allow_execute_sql,
            query => data(&json!({"sql": sql, "params": submitted})),
            stored_query => stored.map(|query| query.name.clone()),
            stored_query_write => stored.is_some_and(|query| query.is_write),
            metadata => data(&self.metadata),
            error => page.error.clone(),
            columns => page.columns.clone(),
            display_rows => self.display_rows.clone(),
            truncated => page.truncated,
            named_parameter_values => object(&fields),
            hide_sql => toggle.hidden,
            show_hide_link => toggle.link(self.location),
            show_hide_text => if toggle.hidden { "show" } else { "hide" },
            show_hide_hidden => toggle.field(),
            editable => stored.is_none(),
            edit_sql_url => self.edit_sql_url.clone(),
            save_query_url => self.save_query_url.clone(),
            renderers => data(&self.renderers),
            url_csv => csv,
            tables => list(&self.tables),
            table_columns => data(&self.table_columns),
            query_actions => action_menu(&self.actions),
            top_query => slot(if stored.is_none() { &self.top } else { "" }),
            top_stored_query => slot(if stored.is_some() { &self.top } else { "" }),
        }
    }
}

/// Whether the SQL is hidden, and the argument that says so: pages that hide it by themselves are
/// told to show it (QUERY-47).
struct Toggle {
    argument: &'static str,
    is_set: bool,
    hidden: bool,
}

impl Toggle {
    fn of(stored: Option<&StoredQuery>, location: &Location) -> Self {
        let hides = stored.is_some_and(|query| query.hide_sql);
        let argument = if hides { "_show_sql" } else { "_hide_sql" };
        let is_set = location.query.is_present(argument);
        Self {
            argument,
            is_set,
            hidden: hides != is_set,
        }
    }

    /// The same page, the other way round.
    fn link(&self, location: &Location) -> String {
        match self.is_set {
            true => location.without(|key, _| key == self.argument),
            false => location.adding(&[(self.argument, "1")]),
        }
    }

    /// A hidden field that keeps the choice (QUERY-48).
    fn field(&self) -> Value {
        if !self.is_set {
            return Value::from("");
        }
        let name = self.argument;
        Value::from_safe_string(format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"1\">"
        ))
    }
}

/// Candidates for the template (TPL-05, TPL-06).
pub fn templates(database: &str, stored: Option<&str>) -> Vec<String> {
    let database = css_class(database);
    let own = stored.map(|name| format!("query-{database}-{}.html", css_class(name)));
    let shared = [format!("query-{database}.html"), "query.html".to_owned()];
    own.into_iter().chain(shared).collect()
}
