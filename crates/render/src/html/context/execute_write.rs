//! `execute_write.html`: SQL that writes (UI-43 to UI-47).

use datasette_core::DatabaseRef;
use datasette_engine::write::{Preview, SqlTemplate, WriteTemplates};
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Map, Value as Json, json};

use crate::css_class::database_color;
use crate::html::data::{data, list, object};
use crate::json::analysis::judged;

/// What fields of parameters are called before their own name, so that a parameter may be called
/// `sql` (WRITE-133).
pub const PARAMETER_PREFIX: &str = "_sql_param_";

/// The variables of the page.
#[derive(Debug)]
pub struct ExecuteWriteContext<'a> {
    /// The database.
    pub database: &'a DatabaseRef,
    /// What is known about the statement in the editor.
    pub preview: &'a Preview,
    /// What was given for its parameters.
    pub values: Map<String, Json>,
    /// What came of running it.
    pub outcome: Option<WriteOutcome>,
    /// First statements.
    pub templates: &'a WriteTemplates,
    /// Tables and their columns, for completion.
    pub table_columns: Json,
    /// Where statements are stored, for those who may store them.
    pub store_path: Option<String>,
}

/// What came of running a statement.
#[derive(Debug)]
pub struct WriteOutcome {
    /// In a sentence.
    pub message: String,
    /// Whether it ran.
    pub ok: bool,
    /// Where the row is that it inserted.
    pub row_url: Option<String>,
    /// Rows that it returned.
    pub returned: Option<Returned>,
}

/// Rows that a statement returned.
#[derive(Debug)]
pub struct Returned {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows as lists of cells.
    pub display_rows: Value,
    /// Whether there were more.
    pub truncated: bool,
}

impl ExecuteWriteContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        let preview = self.preview;
        let entry = self.database.entry();
        let reason = preview.execute_disabled_reason();
        let save = self.store_path.as_ref().filter(|_| reason.is_none());
        let save = save.map(|path| {
            let mut url = format!("{path}?sql=");
            datasette_core::query_string::encode_form(&mut url, &preview.sql);
            url
        });
        let field = |name: &String| {
            let value = self.values.get(name).cloned().unwrap_or_else(|| json!(""));
            (name.clone(), value)
        };
        let fields: Map<String, Json> = preview.parameters.iter().map(field).collect();
        let outcome = self.outcome.as_ref();
        let returned = outcome.and_then(|outcome| outcome.returned.as_ref());
        let links: Vec<Json> = outcome
            .and_then(|outcome| outcome.row_url.as_ref())
            .map(|url| json!({"href": url, "label": "View row"}))
            .into_iter()
            .collect();
        let shared = context! {
            database => entry.name.clone(),
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            sql => preview.sql.clone(),
            parameter_names => preview.parameters.clone(),
            parameter_values => object(&self.values),
            named_parameter_values => object(&fields),
            analysis_error => preview.error.clone(),
            analysis_rows => data(&judged(&preview.operations)),
            sql_parameter_name_prefix => PARAMETER_PREFIX,
            execute_disabled => reason.is_some(),
            execute_disabled_reason => reason,
            table_columns => data(&self.table_columns),
            write_template_tables => data(&tables(self.templates)),
            write_template_operations => list(&operations(self.templates)),
            write_create_table_template_sql => self.templates.create,
            save_query_url => save,
            save_query_base_url => self.store_path.clone(),
        };
        context! {
            execution_message => outcome.map(|outcome| outcome.message.clone()),
            execution_links => list(&links),
            execution_ok => outcome.map(|outcome| outcome.ok),
            execute_write_returns_rows => returned.is_some(),
            execute_write_columns => returned.map(|rows| rows.columns.clone()).unwrap_or_default(),
            execute_write_display_rows => returned
                .map_or_else(|| Value::from(Vec::<Value>::new()), |rows| rows.display_rows.clone()),
            execute_write_truncated => returned.is_some_and(|rows| rows.truncated),
            ..shared
        }
    }
}

fn tables(templates: &WriteTemplates) -> Json {
    let table = |(name, statements): &(String, Vec<(SqlTemplate, String)>)| {
        let statements = statements
            .iter()
            .map(|(template, sql)| (template.name().to_owned(), json!(sql)))
            .collect::<Map<String, Json>>();
        (name.clone(), json!({ "templates": statements }))
    };
    let tables: Map<String, Json> = templates.tables.iter().map(table).collect();
    tables.into()
}

fn operations(templates: &WriteTemplates) -> Vec<Json> {
    let is_offered = |template: &SqlTemplate| {
        let mut statements = templates.tables.iter().flat_map(|(_, all)| all);
        statements.any(|(offered, _)| offered == template)
    };
    SqlTemplate::ALL
        .into_iter()
        .filter(is_offered)
        .map(|template| json!({"name": template.name(), "label": template.label()}))
        .collect()
}
