//! What a visitor who may change a table finds on its page: what the dialog is made of (UI-05).

use std::collections::HashMap;

use datasette_core::TableRef;
use datasette_core::schema::ForeignKeyPart;
use datasette_engine::page::Expandable;
use datasette_engine::write::{ColumnKind, DefaultExpression};
use datasette_hooks::ActionItem;
use serde_json::{Value as Json, json};

use crate::column_choices::{self, DeclaredTypes};
use crate::urls::Urls;

/// The rights beside the one to change the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlterTools {
    /// To give columns custom types.
    pub set_column_type: bool,
    /// To drop the table.
    pub drop: bool,
}

/// The entry of the table's menu that opens the dialog (UI-09).
pub(crate) fn entry(table: &TableRef) -> ActionItem {
    let attributes = vec![
        (
            "aria-label".to_owned(),
            format!("Alter table {}", table.name()),
        ),
        ("data-table-action".to_owned(), "alter-table".to_owned()),
    ];
    ActionItem::button("Alter table", attributes)
        .described("Change columns and primary key for this table.")
}

/// What the dialog is made of. `types` are the custom types of columns by name; the names of
/// columns that only a table which cannot be seen tells stand in no reference.
pub fn alter_form(
    table: &TableRef,
    urls: &Urls,
    expandable: &[Expandable],
    (declared, types): (&DeclaredTypes, &Json),
    tools: AlterTools,
) -> Json {
    let references = references(table, expandable);
    let shown = table.columns.iter().filter(|column| column.hidden == 0);
    let columns: Vec<Json> = shown
        .map(|column| {
            let affinity = column.affinity();
            let default = column.default.as_deref();
            let named = default.and_then(DefaultExpression::of_sql);
            let mut described = json!({
                "name": column.name,
                // Numbers of any kind are nothing that a column could be made as.
                "type": ColumnKind::of(affinity).unwrap_or(ColumnKind::Text).name(),
                "sqlite_type": affinity.name(),
                "notnull": u8::from(column.not_null),
                "default": default.filter(|_| named.is_none()),
                "has_default": default.is_some(),
                "is_pk": column.primary_key_position > 0,
                "foreign_key": references.get(column.name.as_str()),
                "column_type": types[&column.name],
            });
            if let Some(named) = named {
                described["default_expr"] = json!(named.name);
            }
            described
        })
        .collect();
    let url = urls.table(table);
    let mut form = json!({
        "path": format!("{url}/-/alter"),
        "tableName": table.name(),
        "columns": columns,
        "primaryKeys": table.primary_key_names().collect::<Vec<_>>(),
        "columnTypes": column_choices::column_types(),
        "defaultExpressions": column_choices::default_expressions(),
        "foreignKeyTargetsPath": urls.key_targets(table),
    });
    if tools.set_column_type {
        form["customColumnTypes"] = column_choices::custom_types(declared);
    }
    if tools.drop {
        form["dropPath"] = json!(format!("{url}/-/drop"));
    }
    form
}

/// What single columns refer to, by their names. A table that does not exist may be referred to.
fn references<'a>(table: &'a TableRef, expandable: &[Expandable]) -> HashMap<&'a str, Json> {
    let parts = &table.foreign_key_parts;
    let is_single =
        |part: &&ForeignKeyPart| parts.iter().filter(|each| each.id == part.id).count() == 1;
    let referred = |part: &ForeignKeyPart| {
        let known = || {
            let key = expandable.iter().find(|key| {
                key.column.name() == part.from
                    && key.other_table.name().eq_ignore_ascii_case(&part.table)
            });
            key.and_then(|key| key.other_name.clone())
        };
        part.to.clone().or_else(known)
    };
    let found = parts.iter().filter(is_single).filter_map(|part| {
        let column = referred(part)?;
        let reference = json!({"fk_table": part.table, "fk_column": column});
        Some((part.from.as_str(), reference))
    });
    found.collect()
}
