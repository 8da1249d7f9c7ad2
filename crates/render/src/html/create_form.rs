//! What a visitor who may make tables finds on the page of a database: the entry of the menu, and
//! what the dialog is made of (UI-01, UI-08).

use datasette_core::DatabaseRef;
use datasette_hooks::ActionItem;
use serde_json::{Value as Json, json};

use crate::column_choices::{self, DeclaredTypes};
use crate::urls::Urls;

/// The rights beside the one to make tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreateTools {
    /// To put rows into the tables of the database.
    pub insert: bool,
    /// To give columns of a new table custom types.
    pub set_column_type: bool,
}

/// What the dialog is made of.
pub fn create_form(
    database: &DatabaseRef,
    urls: &Urls,
    declared: &DeclaredTypes,
    tools: CreateTools,
) -> Json {
    let url = urls.database(database);
    let mut form = json!({
        "path": format!("{url}/-/create"),
        "foreignKeyTargetsPath": format!("{url}/-/foreign-key-targets"),
        "databaseName": database.name(),
        "columnTypes": column_choices::column_types(),
        "defaultExpressions": column_choices::default_expressions(),
        "canInsertRows": tools.insert,
    });
    if tools.set_column_type {
        form["customColumnTypes"] = column_choices::custom_types(declared);
    }
    form
}

/// The entry of the menu that opens the dialog.
pub fn create_entry(database: &DatabaseRef) -> ActionItem {
    let attributes = vec![
        (
            "aria-label".to_owned(),
            format!("Create table in {}", database.name()),
        ),
        ("data-database-action".to_owned(), "create-table".to_owned()),
    ];
    ActionItem::button("Create table", attributes).described("Create a new table in this database.")
}
