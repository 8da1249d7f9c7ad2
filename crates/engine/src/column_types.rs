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
/// (HOOK-106).
pub(crate) fn configured(
    config: &Config,
    declared: &Declared,
    catalogue: &Catalogue,
) -> Vec<ColumnTypeAssignment> {
    let keep = |given: &ColumnTypeAssignment| {
        let ColumnTypeAssignment {
            database,
            resource,
            column,
            type_name,
            ..
        } = given;
        let Some(column_type) = declared.column_types.get(type_name) else {
            tracing::warn!("{database}.{resource}.{column}: there is no column type {type_name}");
            return true;
        };
        let table = catalogue
            .database(database)
            .and_then(|found| found.table(resource));
        let Some(table) = table.filter(|table| table.column(column).is_some()) else {
            return true;
        };
        let fits = fits(&table, given, column_type.as_ref());
        if !fits {
            tracing::warn!("{database}.{resource}.{column} cannot have the type {type_name}");
        }
        fits
    };
    config.column_types().filter(keep).collect()
}
