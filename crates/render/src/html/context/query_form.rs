//! `query_create.html`, `query_edit.html` and `query_delete.html`: the forms around stored queries
//! (UI-51, UI-52).

use datasette_core::{DatabaseRef, StoredQuery};
use datasette_engine::write::Preview;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;

use crate::css_class::database_color;
use crate::html::data::data;
use crate::json::analysis::judged;

/// What a form about a stored query is filled with.
#[derive(Debug)]
pub struct QueryFormContext<'a> {
    /// The database.
    pub database: &'a DatabaseRef,
    /// What is known about the statement.
    pub preview: &'a Preview,
    /// The name in URLs.
    pub name: String,
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// Whether only its owner sees it.
    pub is_private: bool,
    /// Where the query is, if it is already stored.
    pub query_url: Option<String>,
}

impl QueryFormContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        let entry = self.database.entry();
        let preview = self.preview;
        context! {
            database => entry.name.clone(),
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            sql => preview.sql.clone(),
            name => self.name.clone(),
            title => self.title.clone(),
            description => self.description.clone(),
            is_private => self.is_private,
            query_url => self.query_url.clone(),
            parameters => preview.parameters.clone(),
            analysis_error => preview.error.clone(),
            analysis_rows => data(&judged(&preview.operations)),
            has_sql => preview.has_sql(),
            analysis_is_write => preview.writes,
            save_disabled => preview.save_disabled(),
        }
    }
}

/// The variables of the page that asks whether a query is to be deleted.
pub fn deletion(database: &DatabaseRef, query: &StoredQuery, query_url: &str) -> Value {
    let entry = database.entry();
    let members = serde_json::to_value(query).unwrap_or(Json::Null);
    context! {
        database => entry.name.clone(),
        database_color => database_color(&entry.name, entry.hash.as_deref()),
        query => data(&members),
        query_url => query_url,
    }
}
