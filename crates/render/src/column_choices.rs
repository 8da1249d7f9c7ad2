//! What a column may be made of, as pages and JSON tell it: types, custom types and default
//! expressions (UI-01, UI-05, UI-42, EXTRA-32).

use std::sync::Arc;

use datasette_core::TableRef;
use datasette_engine::write::{ColumnKind, DefaultExpression};
use datasette_hooks::ColumnType;
use serde_json::{Map, Value as Json, json};

use crate::urls::Urls;

/// Custom types by name, as plugins declared them.
pub type DeclaredTypes = indexmap::IndexMap<String, Arc<dyn ColumnType>>;

/// The types that requests may ask for.
pub fn column_types() -> Json {
    ColumnKind::ALL.map(ColumnKind::name).as_slice().into()
}

/// The expressions that requests may name, with what people read.
pub fn default_expressions() -> Json {
    DefaultExpression::ALL
        .iter()
        .map(|known| {
            json!({
                "value": known.name,
                "label": known.label,
                "sqliteType": known.kind.name(),
            })
        })
        .collect()
}

/// The custom types that a column of some type can have, and which types those are.
pub fn custom_types(declared: &DeclaredTypes) -> Json {
    let described = |declared: &Arc<dyn ColumnType>| {
        let fitting = declared.affinities();
        let fits = |kind: &ColumnKind| fitting.is_empty() || fitting.contains(&kind.affinity());
        let kinds: Vec<ColumnKind> = ColumnKind::ALL.into_iter().filter(fits).collect();
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let mut described = json!({
            "name": declared.name(),
            "description": declared.description(),
            "sqliteTypes": names,
        });
        if let ([kind], [_]) = (kinds.as_slice(), fitting) {
            described["fixedSqliteType"] = json!(kind.name());
        }
        (!kinds.is_empty()).then_some(described)
    };
    by_name(declared)
        .into_iter()
        .filter_map(described)
        .collect()
}

/// The custom types that each column may be given and the one it has; `types` are those that
/// columns have, by name.
pub fn set_column_type(
    table: &TableRef,
    urls: &Urls,
    declared: &DeclaredTypes,
    types: &Json,
) -> Json {
    let declared = by_name(declared);
    let mut columns = Map::new();
    for column in &table.columns {
        let affinity = column.affinity();
        let fits = |declared: &&&Arc<dyn ColumnType>| {
            let fitting = declared.affinities();
            fitting.is_empty() || fitting.contains(&affinity)
        };
        let options: Vec<Json> = declared
            .iter()
            .filter(fits)
            .map(|one| json!({"name": one.name(), "description": one.description()}))
            .collect();
        let choices = json!({"current": types[&column.name], "options": options});
        columns.insert(column.name.clone(), choices);
    }
    json!({
        "path": format!("{}/-/set-column-type", urls.table(table)),
        "columns": columns,
    })
}

fn by_name(declared: &DeclaredTypes) -> Vec<&Arc<dyn ColumnType>> {
    let mut types: Vec<_> = declared.values().collect();
    types.sort_by(|one, other| one.name().cmp(other.name()));
    types
}
