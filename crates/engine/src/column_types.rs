//! Which columns of a table have a type that exists and fits (HOOK-105 to HOOK-107).

use std::sync::Arc;

use datasette_config::Config;
use datasette_core::{Catalogue, ColumnTypeAssignment, Fault, TableRef};
use datasette_hooks::ColumnType;
use serde_json::Value as Json;

use crate::Instance;
use crate::declared::Declared;

/// A column and its type.
#[derive(Clone)]
pub struct TypedColumn {
    /// The column's name.
    pub name: String,
    /// Its type.
    pub column_type: Arc<dyn ColumnType>,
    /// The configuration of the type for this column; null without any.
    pub config: Json,
}

/// The typed columns of a table, in the order of their names. Assignments that no longer mean
/// anything are passed over.
pub async fn of(instance: &Instance, table: &TableRef) -> Result<Vec<TypedColumn>, Fault> {
    let assigned = instance.internal.column_types().await?;
    let assigned = assigned.of(table.database().name(), table.name());
    Ok(assigned
        .iter()
        .filter_map(|given| {
            let column_type = instance.declared.column_types.get(&given.type_name)?;
            fits(table, given, column_type.as_ref()).then(|| TypedColumn {
                name: given.column.clone(),
                column_type: Arc::clone(column_type),
                config: given.config.clone().map_or(Json::Null, Json::Object),
            })
        })
        .collect())
}

fn fits(table: &TableRef, given: &ColumnTypeAssignment, column_type: &dyn ColumnType) -> bool {
    let Some(column) = table.column(&given.column) else {
        return false;
    };
    let affinities = column_type.affinities();
    affinities.is_empty() || affinities.contains(&column.affinity())
}

/// The configured assignments that are worth storing; what is wrong with the others is logged
/// (CONF-47 to CONF-49, HOOK-106).
pub(crate) fn configured(
    config: &Config,
    declared: &Declared,
    catalogue: &Catalogue,
) -> Vec<ColumnTypeAssignment> {
    let keep = |given: &ColumnTypeAssignment| match objection(given, declared, catalogue) {
        None => true,
        Some(objection) => {
            let (table, column) = (given.resource.as_str(), given.column.as_str());
            let path = [
                "databases",
                &given.database,
                "tables",
                table,
                "column_types",
                column,
            ];
            let words = &objection.words;
            match config.origin.of(&path) {
                Some(place) => tracing::warn!("{words} ({place})"),
                None => tracing::warn!("{words}"),
            }
            objection.is_stored
        }
    };
    config.column_types().filter(keep).collect()
}

/// What speaks against an assignment.
struct Objection {
    words: String,
    /// Whether it is stored all the same.
    is_stored: bool,
}

fn objection(
    given: &ColumnTypeAssignment,
    declared: &Declared,
    catalogue: &Catalogue,
) -> Option<Objection> {
    let ColumnTypeAssignment {
        database,
        resource,
        column,
        type_name,
        ..
    } = given;
    let place = format!("{database}.{resource}.{column}");
    let Some(column_type) = declared.column_types.get(type_name) else {
        let words =
            format!("column_types config references unknown type '{type_name}' for {place}");
        return Some(Objection {
            words,
            is_stored: true,
        });
    };
    let table = catalogue.database(database)?.table(resource)?;
    let actual = table.column(column)?.affinity().name();
    if fits(&table, given, column_type.as_ref()) {
        return None;
    }
    let affinities = column_type.affinities().iter();
    let allowed: Vec<&str> = affinities.map(|affinity| affinity.name()).collect();
    let allowed = allowed.join(", ");
    Some(Objection {
        words: format!(
            "Column type '{type_name}' is only applicable to SQLite types {allowed} but {place} \
             has SQLite type {actual}"
        ),
        is_stored: false,
    })
}
