//! What a visitor who may change rows finds on pages: buttons, and what scripts know of the table
//! (UI-02 to UI-10).

use datasette_core::schema::Affinity;
use datasette_core::{ColumnRef, TableRef};
use datasette_engine::page::Expandable;
use datasette_hooks::ActionItem;
use serde_json::{Map, Value as Json, json};

use super::cell::escape;
use crate::urls::Urls;

/// What the visitor may do to the rows of the page's table. Nothing of a view and of an immutable
/// database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowTools {
    /// New rows.
    pub insert: bool,
    /// Changes of rows.
    pub update: bool,
    /// Removal of rows.
    pub delete: bool,
}

impl RowTools {
    /// Whether a row that is there can be changed or removed.
    pub fn any_of_a_row(self) -> bool {
        self.update || self.delete
    }

    /// The buttons beside the link to a row, which is `link` (UI-07).
    pub(crate) fn around_link(self, link: String, name: &str) -> String {
        if !self.any_of_a_row() {
            return link;
        }
        let mut html = String::with_capacity(link.len() + 1024);
        html.push_str("<span class=\"row-link-with-actions\">");
        html.push_str(&link);
        html.push_str("<span class=\"row-inline-actions\">");
        if self.update {
            button(&mut html, "edit", "Edit row", name, PENCIL);
        }
        if self.delete {
            button(&mut html, "delete", "Delete row", name, BIN);
        }
        html.push_str("</span></span>");
        html
    }

    /// The entries of the menu of a row page (UI-10).
    pub(crate) fn menu(self, row_path: &str, name: &str, label: Option<&str>) -> Vec<ActionItem> {
        let entry = |action: &str, text: &str| {
            let mut attributes = vec![
                ("aria-label".to_owned(), format!("{text} {name}")),
                ("data-row".to_owned(), row_path.to_owned()),
                ("data-row-action".to_owned(), action.to_owned()),
            ];
            if let Some(label) = label {
                attributes.push(("data-row-label".to_owned(), label.to_owned()));
            }
            ActionItem::button(text, attributes)
        };
        let mut entries = Vec::new();
        if self.update {
            let edit = entry("edit", "Edit row");
            entries.push(edit.described("Open a dialog to edit this row."));
        }
        if self.delete {
            let delete = entry("delete", "Delete row");
            entries.push(delete.described("Open a confirmation dialog to delete this row."));
        }
        entries
    }
}

const PENCIL: &str =
    "<path d=\"M2 12l.7-3L9.4 2.3a1 1 0 0 1 1.4 0l.9.9a1 1 0 0 1 0 1.4L5 11.3z\"/>";
const BIN: &str = "<path d=\"M2 4h10M5 4V2h4v2M3.5 4l.6 8h5.8l.6-8M6 6.5v3M8 6.5v3\"/>";

fn button(html: &mut String, action: &str, text: &str, name: &str, drawing: &str) {
    html.push_str("<button type=\"button\" class=\"row-inline-action row-inline-action-");
    html.push_str(action);
    html.push_str("\" aria-label=\"");
    html.push_str(text);
    html.push(' ');
    escape(html, name);
    html.push_str("\" title=\"");
    html.push_str(text);
    html.push_str("\" data-row-action=\"");
    html.push_str(action);
    html.push_str(
        "\"><svg class=\"row-inline-action-icon\" aria-hidden=\"true\" viewBox=\"0 0 14 14\">",
    );
    html.push_str(drawing);
    html.push_str("</svg></button>");
}

/// What buttons call a row: its key, and its label where that says more.
pub(crate) fn row_name(key: &str, label: Option<&str>) -> String {
    match label {
        Some(label) if label != key => format!("{key} {label}"),
        _ => key.to_owned(),
    }
}

/// What scripts know about the table of a page (HTML-79).
pub(crate) fn page_data(table: &TableRef, urls: &Urls, expandable: &[Expandable]) -> Json {
    let mut page_data = json!({
        "database": table.database().name(),
        "table": table.name(),
        "tableUrl": urls.table(table),
    });
    let completed = foreign_keys(urls, expandable);
    if !completed.is_empty() {
        page_data["foreignKeys"] = Json::Object(completed);
    }
    page_data
}

/// Where values of foreign keys are completed: those that refer to the whole key of a table
/// that the actor may view (UI-06).
fn foreign_keys(urls: &Urls, expandable: &[Expandable]) -> Map<String, Json> {
    let refers_to_key = |key: &&Expandable| {
        let refers_to = |column: &ColumnRef| key.other_table.primary_key == [column.index()];
        let is_whole_key = key.other_column.as_ref().is_some_and(refers_to);
        key.visible && !key.other_table.is_view() && is_whole_key
    };
    let keys = expandable.iter().filter(refers_to_key);
    keys.map(|key| {
        let url = format!("{}/-/autocomplete", urls.table(&key.other_table));
        (key.column.name().to_owned(), Json::String(url))
    })
    .collect()
}

/// What the form for new rows is made of (UI-03, UI-04). `types` are the types of columns by name,
/// `settings` those of the server.
pub(crate) fn insert_form(
    table: &TableRef,
    urls: &Urls,
    types: &Json,
    tools: RowTools,
    settings: &Json,
) -> Json {
    let single_key = match table.primary_key.as_slice() {
        [key] => Some(*key),
        _ => None,
    };
    let mut columns = Vec::new();
    let mut all = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        if column.hidden != 0 {
            continue;
        }
        let affinity = column.affinity();
        let is_auto = single_key == Some(place) && affinity == Affinity::Integer;
        let described = json!({
            "name": column.name,
            "sqlite_type": affinity.name(),
            "notnull": u8::from(column.not_null),
            "default": column.default,
            "has_default": column.default.is_some(),
            "is_pk": column.primary_key_position > 0,
            "is_auto_pk": is_auto,
            "value_kind": match affinity {
                Affinity::Integer | Affinity::Real => "number",
                Affinity::Text | Affinity::Blob | Affinity::Numeric => "string",
            },
            "column_type": types[&column.name],
        });
        if !is_auto {
            columns.push(described.clone());
        }
        all.push(described);
    }
    let url = urls.table(table);
    let mut form = json!({
        "path": format!("{url}/-/insert"),
        "tableName": table.name(),
        "columns": columns,
        "bulkColumns": all,
        "primaryKeys": table.primary_key_names().collect::<Vec<_>>(),
        "maxInsertRows": settings["max_insert_rows"],
    });
    // Where one call may stream more rows than it may bring otherwise, files are sent that way.
    if settings["max_streamed_rows"].as_i64() > settings["max_insert_rows"].as_i64() {
        form["maxStreamedRows"] = settings["max_streamed_rows"].clone();
    }
    if tools.update {
        form["upsertPath"] = json!(format!("{url}/-/upsert"));
    }
    form
}
