//! Which column has which type, as assigned; whether a type exists and fits is decided elsewhere.

use std::collections::HashMap;
use std::sync::Arc;

use datasette_core::{ColumnTypeAssignment, Fault, Value, stored_json};
use datasette_sqlite::{Limits, Reader};

use crate::cell::{fault, optional, required, text};
use crate::internal::Internal;

/// All assignments (INT-18).
#[derive(Debug, Default)]
pub struct ColumnTypes {
    resources: HashMap<(String, String), Vec<ColumnTypeAssignment>>,
}

impl ColumnTypes {
    /// The assignments of a table or view, by column name.
    pub fn of(&self, database: &str, resource: &str) -> &[ColumnTypeAssignment] {
        let key = (database.to_owned(), resource.to_owned());
        self.resources.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The assignment of one column.
    pub fn get(
        &self,
        database: &str,
        resource: &str,
        column: &str,
    ) -> Option<&ColumnTypeAssignment> {
        self.of(database, resource)
            .iter()
            .find(|given| given.column == column)
    }

    fn load(reader: &mut Reader<'_>) -> Result<Self, Fault> {
        let (rows, _) = reader
            .batch(
                "select database_name, resource_name, column_name, column_type, config \
                 from column_types order by column_name",
                &[],
                &Limits::NONE,
            )
            .map_err(fault)?;
        let mut types = Self::default();
        for row in rows.rows() {
            let given = ColumnTypeAssignment {
                database: required(row.get(0)),
                resource: required(row.get(1)),
                column: required(row.get(2)),
                type_name: required(row.get(3)),
                // Options that are not an object, which others may have stored, are none.
                config: text(row.get(4)).and_then(|json| serde_json::from_str(&json).ok()),
            };
            let key = (given.database.clone(), given.resource.clone());
            types.resources.entry(key).or_default().push(given);
        }
        Ok(types)
    }
}

impl Internal {
    /// All column types as they are stored now.
    pub async fn column_types(&self) -> Result<Arc<ColumnTypes>, Fault> {
        self.column_types
            .current(self.database(), ColumnTypes::load)
            .await
    }

    /// Stores assignments, each in place of that column's former one; others stay (INT-34).
    pub async fn store_column_types(
        &self,
        assignments: Vec<ColumnTypeAssignment>,
    ) -> Result<(), Fault> {
        if assignments.is_empty() {
            return Ok(());
        }
        self.database()
            .write(move |writer| {
                for given in &assignments {
                    let options = given.config.clone().filter(|options| !options.is_empty());
                    let config = options.map(|map| stored_json::text(&map.into()));
                    let values = [
                        Value::from(given.database.as_str()),
                        Value::from(given.resource.as_str()),
                        Value::from(given.column.as_str()),
                        Value::from(given.type_name.as_str()),
                        optional(config.as_deref()),
                    ];
                    writer
                        .execute_values(
                            "insert or replace into column_types (database_name, resource_name, \
                             column_name, column_type, config) values (?, ?, ?, ?, ?)",
                            &values,
                        )
                        .map_err(fault)?;
                }
                Ok(())
            })
            .await
    }

    /// Removes the assignment of one column, if there is one (WRITE-115).
    pub async fn remove_column_type(
        &self,
        database: &str,
        resource: &str,
        column: &str,
    ) -> Result<(), Fault> {
        let values = [database, resource, column].map(Value::from);
        self.database()
            .write(move |writer| {
                writer
                    .execute_values(
                        "delete from column_types where database_name = ? \
                         and resource_name = ? and column_name = ?",
                        &values,
                    )
                    .map_err(fault)?;
                Ok(())
            })
            .await
    }
}
