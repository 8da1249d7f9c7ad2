//! The JSON of a table or view page.

use datasette_core::TableRef;
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::{FacetResults, TablePage};
use datasette_engine::read::schema::definition;
use serde_json::{Map, Value as Json, json};

use super::describe;
use crate::css_class::{css_class, database_color};
use crate::facets;
use crate::location::Location;

/// What the extras of a table page are made of, beside the page itself.
#[derive(Debug)]
pub struct TableJson<'a> {
    /// The page.
    pub page: &'a TablePage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Title, description, source and licence of the table, with `columns`.
    pub metadata: Json,
    /// Other formats and their URLs.
    pub renderers: Json,
    /// Host and names that the route found, for `request` and `debug`.
    pub debug: Json,
    /// Types of columns: `type` and `config` by name (EXTRA-31).
    pub column_types: Json,
    /// Types that columns may be given; null without the right to it (EXTRA-32).
    pub set_column_type_ui: Json,
    /// HTML of cells that a column type or plugin rendered, one object per row.
    pub render_cell: Json,
}

impl TableJson<'_> {
    /// The members before `rows`: `ok`, `next`, `next_url` and the wanted extras (TABLE-02,
    /// TABLE-03).
    pub fn before(&self, wanted: &Wanted) -> Map<String, Json> {
        let mut members = Map::new();
        members.insert("ok".to_owned(), Json::Bool(true));
        members.insert("next".to_owned(), json!(self.page.next));
        members.insert("next_url".to_owned(), json!(self.next_url()));
        for extra in datasette_engine::extras::offered(Scope::Table) {
            if wanted.has(extra.name) && !members.contains_key(extra.name) {
                let value = self.extra(extra.name, wanted);
                members.insert(extra.name.to_owned(), value);
                if extra.name == "count" {
                    members.insert("count_truncated".to_owned(), self.count_truncated());
                }
            }
        }
        members
    }

    /// The members after `rows`.
    pub fn after() -> Map<String, Json> {
        let mut members = Map::new();
        members.insert("truncated".to_owned(), Json::Bool(false));
        members
    }

    /// The absolute URL of the next page (PAGE-11).
    pub fn next_url(&self) -> Option<String> {
        next_url(self.page, self.location)
    }

    fn count_truncated(&self) -> Json {
        Json::Bool(self.page.count.is_some_and(|count| count.truncated))
    }

    fn extra(&self, name: &str, wanted: &Wanted) -> Json {
        let page = self.page;
        let table = &page.question.table;
        let database = table.database();
        let empty = FacetResults::default();
        let found = page.facets.as_ref().unwrap_or(&empty);
        match name {
            "count" => json!(page.count.map(|count| count.rows)),
            "count_truncated" => self.count_truncated(),
            "count_sql" => json!(page.plan.count_sql),
            "facet_results" => facets::results(found, self.location),
            "sorted_facet_results" => json!(facets::sorted(found, self.location)),
            "facets_timed_out" => json!(found.timed_out),
            "suggested_facets" => json!(facets::suggested(
                &page.suggested,
                &page.added_suggestions,
                self.location
            )),
            "human_description_en" => json!(page.question.describe()),
            "columns" => json!(page.columns),
            "all_columns" => all_columns(table),
            "primary_keys" => json!(table.primary_key_names().collect::<Vec<_>>()),
            "column_details" => describe::column_details(table),
            "display_columns" => json!(describe::display_columns(
                page,
                &self.metadata["columns"],
                &self.column_types
            )),
            "render_cell" => self.render_cell.clone(),
            "debug" => self.debug.clone(),
            "request" => describe::request(self.location),
            "query" => describe::query(&page.plan.sql, &page.plan.params),
            "column_types" => self.column_types.clone(),
            "set_column_type_ui" => self.set_column_type_ui.clone(),
            "metadata" => self.metadata.clone(),
            "extras" => describe::extras(Scope::Table, wanted, self.location),
            "database" => json!(database.name()),
            "table" => json!(table.name()),
            "database_color" => json!(database_color(
                database.name(),
                database.entry().hash.as_deref()
            )),
            "renderers" => self.renderers.clone(),
            "custom_table_templates" => json!(custom_table_templates(table, "table")),
            "table_definition" if !table.is_view() => json!(definition(table)),
            "view_definition" if table.is_view() => json!(definition(table)),
            "is_view" => json!(table.is_view()),
            "private" => json!(page.private),
            "expandable_columns" => describe::expandable(&page.expandable),
            "form_hidden_args" => json!(form_hidden_arguments(self.location)),
            _ => Json::Null,
        }
    }
}

/// The absolute URL of the next page (PAGE-11).
pub fn next_url(page: &TablePage, location: &Location) -> Option<String> {
    let token = page.next.as_ref()?;
    let query = page.question.next_arguments(&location.query, token);
    Some(location.absolute(&location.with_query(&query)))
}

/// Every column in schema order, without a rowid (EXTRA-20).
pub fn all_columns(table: &TableRef) -> Json {
    table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect::<Vec<_>>()
        .into()
}

/// Templates that may render the rows of a page of this kind, `table` or `row` (TPL-09, TPL-10).
pub fn custom_table_templates(table: &TableRef, kind: &str) -> Vec<String> {
    let database = css_class(table.database().name()).into_owned();
    let name = css_class(table.name());
    vec![
        format!("_table-{database}-{name}.html"),
        format!("_table-{kind}-{database}-{name}.html"),
        "_table.html".to_owned(),
    ]
}

/// Arguments that the filter form keeps as hidden fields (EXTRA-48).
pub fn form_hidden_arguments(location: &Location) -> Vec<(String, String)> {
    let own = |key: &str| {
        matches!(key, "_sort" | "_sort_desc" | "_search" | "_next")
            || key.starts_with("_filter_column")
            || key.starts_with("_filter_op")
            || key.starts_with("_filter_value")
            || key == "_sort_by_desc"
    };
    let mut kept: Vec<(String, String)> = Vec::new();
    for (key, value) in location.query.pairs() {
        if !key.starts_with('_') || key.contains("__") || own(key) {
            continue;
        }
        // All values of a key stand where its first one does.
        let after = kept.iter().rposition(|(known, _)| known == key);
        let place = after.map_or(kept.len(), |last| last + 1);
        kept.insert(place, (key.clone(), value.clone()));
    }
    kept
}
