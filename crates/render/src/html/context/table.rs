//! `table.html` (CTX-48 to CTX-77).

use std::sync::Arc;

use datasette_core::RowBatch;
use datasette_engine::page::{FacetResults, TablePage};
use datasette_engine::read::schema::definition;
use datasette_hooks::ActionItem;
use minijinja::context;
use minijinja::value::Value;
use serde_json::{Value as Json, json};

use super::{action_menu, csv_hidden_arguments, pairs, slot};
use crate::css_class::{css_class, database_color};
use crate::facets;
use crate::html::cells::Cells;
use crate::html::data::{data, list};
use crate::html::filters::Filters;
use crate::html::functions;
use crate::html::{alter_form, row_tools};
use crate::json::describe;
use crate::json::table::{all_columns, custom_table_templates, form_hidden_arguments, next_url};
use crate::location::Location;
use crate::urls::Urls;

/// The variables of a table or view page.
#[derive(Debug)]
pub struct TableContext<'a> {
    /// The page.
    pub page: &'a TablePage,
    /// Where the request arrived.
    pub location: &'a Location,
    /// Paths of pages.
    pub urls: &'a Urls,
    /// How cells are made.
    pub cells: Cells<'a>,
    /// Metadata of the table, with `columns`.
    pub metadata: Json,
    /// Types of columns: `type` and `config` by name.
    pub column_types: Json,
    /// Types that columns may be given; null without the right to it.
    pub set_column_type_ui: Json,
    /// What the dialog that changes the table is made of; null without the right to it.
    pub alter_form: Json,
    /// Other formats and their URLs.
    pub renderers: Json,
    /// All settings.
    pub settings: Json,
    /// Whether the actor may run SQL.
    pub allow_execute_sql: bool,
    /// HTML of plugins.
    pub top: String,
    /// Entries of the actions menu.
    pub actions: Vec<ActionItem>,
}

impl TableContext<'_> {
    /// As template variables; takes the rows.
    pub fn variables(&self, batch: RowBatch) -> Value {
        let page = self.page;
        let question = &page.question;
        let table = &question.table;
        let entry = table.database().entry();
        let empty = FacetResults::default();
        let found = page.facets.as_ref().unwrap_or(&empty);
        let display_columns =
            describe::display_columns(page, &self.metadata["columns"], &self.column_types);
        let is_sortable = display_columns
            .iter()
            .any(|column| column["sortable"] == true);
        let (display_rows, rows) = self.cells.of_table(page, batch).into_values();
        let filters = Filters::new(question, &page.columns, &self.location.query);
        let (sort, sort_desc) = self.sort();
        let insert_form = self.insert_form();
        let mut page_data = row_tools::page_data(table, self.urls, &page.expandable);
        if !insert_form.is_null() {
            page_data["insertRow"] = insert_form.clone();
        }
        if !self.alter_form.is_null() {
            page_data["alterTable"] = self.alter_form.clone();
        }
        let first = context! {
            ok => true,
            database => entry.name.clone(),
            table => table.name(),
            is_view => table.is_view(),
            private => page.private,
            database_color => database_color(&entry.name, entry.hash.as_deref()),
            columns => page.columns.clone(),
            primary_keys => table.primary_key_names().map(str::to_owned).collect::<Vec<_>>(),
            all_columns => data(&all_columns(table)),
            count => page.count.map(|count| count.rows),
            count_truncated => page.count.is_some_and(|count| count.truncated),
            count_sql => page.plan.count_sql.as_str(),
            rows => rows,
            display_columns => list(&display_columns),
            display_rows => display_rows,
            filter_columns => filters.columns(),
            filters => Value::from_dyn_object(Arc::new(filters)),
            human_description_en => question.describe(),
            supports_search => question.fts_table.is_some(),
            extra_wheres_for_ui => list(&self.extra_wheres()),
            facet_results => data(&facets::results(found, self.location)),
            sorted_facet_results => list(&facets::sorted_for_pages(found, self.location)),
            facets_timed_out => found.timed_out.clone(),
            suggested_facets => list(&facets::suggested(&page.suggested, &page.added_suggestions, self.location)),
        };
        let second = context! {
            datasette_allow_facet => if self.settings["allow_facet"] == true { "true" } else { "false" },
            sort => sort,
            sort_desc => sort_desc,
            is_sortable => is_sortable,
            next => page.next.clone(),
            next_url => next_url(page, self.location),
            query => data(&describe::query(&page.plan.sql, &page.plan.params)),
            query_ms => page.query_ms,
            metadata => data(&self.metadata),
            expandable_columns => data(&describe::expandable(&page.expandable)),
            renderers => data(&self.renderers),
            url_csv => self.csv_url(),
            url_csv_path => self.urls.path(&format!("{}.csv", self.location.path)),
            url_csv_hidden_args => csv_hidden_arguments(&self.location.query),
            append_querystring => functions::append_querystring(),
            path_with_replaced_args => functions::path_with_replaced_args(),
            fix_path => functions::fix_path(self.urls),
            form_hidden_args => pairs(&form_hidden_arguments(self.location)),
            actions => action_menu(&self.menu()),
            top_table => slot(&self.top),
            settings => data(&self.settings),
            allow_execute_sql => self.allow_execute_sql,
            custom_table_templates => custom_table_templates(table, "table"),
            set_column_type_ui => data(&self.set_column_type_ui),
            table_insert_ui => data(&insert_form),
            table_alter_ui => data(&self.alter_form),
            table_page_data => data(&page_data),
            table_definition => (!table.is_view()).then(|| definition(table)),
            view_definition => table.is_view().then(|| definition(table)),
        };
        context! { ..first, ..second }
    }

    /// What plugins offer, then the way to the dialog that changes the table.
    fn menu(&self) -> Vec<ActionItem> {
        let mut entries = self.actions.clone();
        if !self.alter_form.is_null() {
            entries.push(alter_form::entry(&self.page.question.table));
        }
        entries
    }

    /// What the form for new rows is made of; null without the right to it.
    fn insert_form(&self) -> Json {
        let tools = self.cells.tools;
        if !tools.insert {
            return Json::Null;
        }
        let table = &self.page.question.table;
        row_tools::insert_form(table, self.urls, &self.column_types, tools, &self.settings)
    }

    /// With no sort asked for, the key that orders the rows counts as the sort (CTX-62).
    fn sort(&self) -> (Option<String>, Option<String>) {
        let question = &self.page.question;
        match &question.sort {
            Some(sort) if sort.descending => (None, Some(sort.column.spelled().to_owned())),
            Some(sort) => (Some(sort.column.spelled().to_owned()), None),
            None => {
                let mut key = question.table.row_key_names();
                ((key.len() == 1).then(|| key.remove(0).to_owned()), None)
            }
        }
    }

    fn extra_wheres(&self) -> Vec<Json> {
        self.page
            .question
            .wheres
            .iter()
            .map(|clause| {
                let remove = self
                    .location
                    .without(|key, value| key == "_where" && value == clause);
                json!({"text": clause, "remove_url": remove})
            })
            .collect()
    }

    fn csv_url(&self) -> String {
        let labels = if self.page.expandable.is_empty() {
            None
        } else {
            Some(("_labels", "on"))
        };
        let mut added: Vec<(&str, &str)> = labels.into_iter().collect();
        added.push(("_size", "max"));
        self.location.in_format(&self.location.path, "csv", &added)
    }
}

/// Candidates for the template (TPL-07).
pub fn templates(database: &str, table: &str) -> Vec<String> {
    vec![
        format!("table-{}-{}.html", css_class(database), css_class(table)),
        "table.html".to_owned(),
    ]
}
