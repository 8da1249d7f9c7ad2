//! `_through`: rows that another table refers to.

use std::borrow::Cow;

use datasette_core::schema::ForeignKey;
use datasette_core::{ColumnRef, Fault, TableRef, Value, identifier};
use serde_json::Value as Json;

use crate::binding::Bindings;
use crate::column_name::ColumnName;
use crate::number;

/// Keeps the rows that rows of another table refer to (FILTER-49).
#[derive(Clone, Debug)]
pub struct Through {
    /// The other table.
    pub table: TableRef,
    /// Its foreign key column.
    pub from: ColumnRef,
    /// The column of our table that it points to, which need not exist.
    pub to: ColumnName,
    /// The column of the other table that is compared.
    pub column: ColumnName,
    /// With this value.
    pub value: Value,
    text: String,
}

impl Through {
    /// Reads one `_through` value.
    ///
    /// # Errors
    /// 400 when it is not the JSON object of FILTER-49, or the table has no foreign key to ours
    /// (FILTER-51).
    pub(crate) fn parse(table: &TableRef, argument: &str) -> Result<Self, Fault> {
        let malformed = || {
            Fault::bad_request(
                "Invalid _through - expected a JSON object with keys table, column and value",
            )
        };
        let parsed: Json = serde_json::from_str(argument).map_err(|_| malformed())?;
        let text = |key: &str| parsed.get(key).and_then(Json::as_str);
        let (Some(other), Some(column), Some(json)) =
            (text("table"), text("column"), parsed.get("value"))
        else {
            return Err(malformed());
        };
        let value = number::json_value(json).ok_or_else(malformed)?;
        let no_key =
            || Fault::bad_request("Invalid _through - could not find corresponding foreign key");
        let other = table.database().table(other).ok_or_else(no_key)?;
        let mut keys = other
            .outgoing
            .iter()
            .filter(|key| key.other_table == table.name());
        // One that spells our name as it is comes before one in another case (LABEL-06).
        let spells_us = |key: &&ForeignKey| {
            let mut parts = other.foreign_key_parts.iter();
            parts.any(|part| part.from == key.column && part.table == table.name())
        };
        let key = (keys.clone().find(spells_us))
            .or_else(|| keys.next())
            .ok_or_else(no_key)?;
        let from = other.column(&key.column).ok_or_else(no_key)?;
        let to = ColumnName::resolve(table, &key.other_column);
        let column = ColumnName::resolve(&other, column);
        Ok(Self {
            text: number::python_text(json),
            table: other,
            from,
            to,
            column,
            value,
        })
    }

    /// # Errors
    /// 400 when one of the tables lacks the column, as in [`crate::Filter`] (FILTER-34).
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if let Cow::Borrowed(_) = identifier::quote_if_needed(self.to.spelled()) {
            self.to.check()?;
        }
        self.column.check()
    }

    /// The condition; the value gets a name of its own (FILTER-52).
    pub(crate) fn write(&self, bindings: &mut Bindings) -> String {
        let name = bindings.positional(self.value.clone());
        let to = match self.to.is_unknown() {
            true => format!(":{}", bindings.literal(self.to.spelled())),
            false => self.to.sql().into_owned(),
        };
        format!(
            "{to} in (select {} from {} where {} = :{name})",
            identifier::quote_if_needed(self.from.name()),
            identifier::quote_if_needed(self.table.name()),
            self.column.sql(),
        )
    }

    /// The clause of the description (FILTER-49).
    pub(crate) fn describe(&self) -> String {
        let (table, column) = (self.table.name(), self.column.spelled());
        format!("{table}.{column} = \"{}\"", self.text)
    }
}
