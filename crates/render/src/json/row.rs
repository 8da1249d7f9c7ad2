//! The JSON of a row page.

use datasette_engine::extras::{Scope, Wanted, offered};
use datasette_engine::page::RowPage;
use serde_json::{Map, Value as Json, json};

use super::describe;
use crate::css_class::database_color;
use crate::location::Location;
use crate::urls::Urls;

/// What the extras of a row page are made of, beside the page itself.
#[derive(Debug)]
pub struct RowJson<'a> {
    /// The page.
    pub page: &'a RowPage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Paths of pages.
    pub urls: &'a Urls,
    /// Title, description, source and licence of the table, with `columns`.
    pub metadata: Json,
    /// Host and names that the route found, for `debug`.
    pub debug: Json,
    /// Types of columns: `type` and `config` by name (EXTRA-31).
    pub column_types: Json,
    /// HTML of cells that a column type or plugin rendered.
    pub render_cell: Json,
}

impl RowJson<'_> {
    /// The members before `rows` (ROW-04).
    pub fn before(&self) -> Map<String, Json> {
        let table = &self.page.table;
        let mut members = Map::new();
        members.insert("ok".to_owned(), Json::Bool(true));
        members.insert("database".to_owned(), json!(table.database().name()));
        members.insert("table".to_owned(), json!(table.name()));
        members
    }

    /// The members after `rows` (ROW-04, ROW-05).
    pub fn after(&self, wanted: &Wanted) -> Map<String, Json> {
        let page = self.page;
        let mut members = Map::new();
        if wanted.has("columns") {
            members.insert("columns".to_owned(), json!(page.rows.column_names()));
        }
        members.insert("primary_keys".to_owned(), json!(page.primary_keys));
        members.insert(
            "primary_key_values".to_owned(),
            json!(page.primary_key_values),
        );
        for extra in offered(Scope::Row) {
            let fixed = matches!(
                extra.name,
                "columns" | "primary_keys" | "database" | "table"
            );
            if wanted.has(extra.name) && !fixed {
                members.insert(extra.name.to_owned(), self.extra(extra.name, wanted));
            }
        }
        members.insert("query_ms".to_owned(), json!(page.query_ms));
        members.insert("truncated".to_owned(), Json::Bool(false));
        members
    }

    fn extra(&self, name: &str, wanted: &Wanted) -> Json {
        let page = self.page;
        let database = page.table.database();
        match name {
            "column_details" => describe::column_details(&page.table),
            "render_cell" => self.render_cell.clone(),
            "debug" => self.debug.clone(),
            "request" => describe::request(self.location),
            "query" => describe::query(&page.plan.sql, &page.plan.params),
            "column_types" => self.column_types.clone(),
            "metadata" => self.metadata.clone(),
            "extras" => describe::extras(Scope::Row, wanted, self.location),
            "database_color" => {
                json!(database_color(
                    database.name(),
                    database.entry().hash.as_deref()
                ))
            }
            "private" => json!(page.private),
            "foreign_key_tables" => foreign_key_tables(page, self.urls),
            _ => Json::Null,
        }
    }
}

/// `foreign_key_tables` (EXTRA-49, ROW-13).
pub fn foreign_key_tables(page: &RowPage, urls: &Urls) -> Json {
    let key = page.primary_key_values.join(",");
    page.incoming
        .iter()
        .map(|link| {
            let mut argument = link.other_column.clone();
            if argument.starts_with('_') {
                argument.push_str("__exact");
            }
            let mut url = format!("{}?", urls.table(&link.other_table));
            datasette_core::query_string::encode_form(&mut url, &argument);
            url.push('=');
            datasette_core::query_string::encode_form(&mut url, &key);
            json!({
                "other_table": link.other_table.name(),
                "column": link.column,
                "other_column": link.other_column,
                "count": link.count,
                "link": url,
            })
        })
        .collect()
}
