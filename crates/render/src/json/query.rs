//! The JSON of a query page.

use datasette_engine::extras::{Scope, Wanted, offered};
use datasette_engine::page::QueryPage;
use serde_json::{Map, Value as Json, json};

use super::describe;
use crate::css_class::database_color;
use crate::location::Location;

/// What the extras of a query page are made of, beside the page itself.
#[derive(Debug)]
pub struct QueryJson<'a> {
    /// The page.
    pub page: &'a QueryPage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Metadata of the database, or the stored query.
    pub metadata: Json,
    /// Host and names that the route found, for `debug`.
    pub debug: Json,
    /// HTML of cells that a plugin rendered, one object per row.
    pub render_cell: Json,
}

impl QueryJson<'_> {
    /// The members before `rows`: whether the statement worked (QUERY-17, QUERY-19).
    pub fn before(&self) -> Map<String, Json> {
        let mut members = Map::new();
        members.insert("ok".to_owned(), Json::Bool(self.page.error.is_none()));
        members
    }

    /// The members after `rows`.
    pub fn after(&self, wanted: &Wanted) -> Map<String, Json> {
        let mut members = Map::new();
        for extra in offered(Scope::Query).filter(|extra| wanted.has(extra.name)) {
            members.insert(extra.name.to_owned(), self.extra(extra.name, wanted));
        }
        if let Some(error) = &self.page.error {
            members.insert("error".to_owned(), json!(error));
            members.insert("errors".to_owned(), json!([error]));
            members.insert("status".to_owned(), json!(400));
        }
        members.insert("truncated".to_owned(), Json::Bool(self.page.truncated));
        members
    }

    fn extra(&self, name: &str, wanted: &Wanted) -> Json {
        let page = self.page;
        match name {
            "columns" => json!(page.columns),
            "render_cell" => self.render_cell.clone(),
            "debug" => self.debug.clone(),
            "request" => describe::request(self.location),
            "query" => describe::query(&page.sql, &page.params),
            "metadata" => self.metadata.clone(),
            "extras" => describe::extras(Scope::Query, wanted, self.location),
            "database" => json!(page.database.name()),
            "database_color" => {
                json!(database_color(
                    page.database.name(),
                    page.database.entry().hash.as_deref()
                ))
            }
            "private" => json!(page.private),
            _ => Json::Null,
        }
    }
}
