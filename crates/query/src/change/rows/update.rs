//! What an update of one row is asked.

use datasette_core::{Fault, Given, GivenRow, TableRef, identifier};
use serde_json::Value as Json;

use super::row_key::RowKey;
use crate::change::Statement;
use crate::change::body::Body;

/// A body of `POST /{db}/{table}/{pks}/-/update` (WRITE-51).
#[derive(Clone, Debug)]
pub struct UpdateQuestion {
    /// The columns that change.
    pub update: GivenRow,
    /// Whether missing columns are added.
    pub alter: bool,
    /// Whether the row is wanted back.
    pub wants_row: bool,
}

impl UpdateQuestion {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with the first mistake (WRITE-53).
    pub fn parse(json: Json) -> Result<Self, Fault> {
        let mut body = Body::new(json)?;
        let Some(Json::Object(update)) = body.take("update") else {
            return Err(Fault::bad_request("JSON must contain an update dictionary"));
        };
        let unknown = body.unknown(&["return", "alter"]);
        if !unknown.is_empty() {
            let message = format!("Invalid keys: {}", unknown.join(", "));
            return Err(Fault::bad_request(message));
        }
        Ok(Self {
            update: Given::decode_row(update)?,
            alter: body.flag("alter"),
            wants_row: body.flag("return"),
        })
    }

    /// The statement; `None` when nothing changes.
    ///
    /// # Errors
    /// 400 for a value that does not fit (WRITE-15).
    pub fn statement(&self, table: &TableRef, key: &RowKey) -> Result<Option<Statement>, Fault> {
        if self.update.is_empty() {
            return Ok(None);
        }
        let set = |name: &String| format!("{} = ?", identifier::quote(name));
        let sets: Vec<String> = self.update.keys().map(set).collect();
        let mut values = Vec::with_capacity(self.update.len() + key.values().len());
        for given in self.update.values() {
            values.push(given.to_value()?);
        }
        values.extend_from_slice(key.values());
        Ok(Some(Statement {
            sql: format!(
                "update {} set {}{}",
                identifier::quote(table.name()),
                sets.join(", "),
                key.condition()
            ),
            values,
        }))
    }
}
