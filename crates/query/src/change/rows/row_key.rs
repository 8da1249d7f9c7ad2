//! The key of one row, to find it by before and after it was written.

use datasette_core::{Fault, GivenRow, TableRef, Value, identifier};

use crate::RowQuestion;
use crate::change::Statement;
use crate::column_name::rowid_name;

/// Values of the columns that identify a row of a table.
#[derive(Clone, Debug)]
pub struct RowKey {
    columns: Vec<String>,
    values: Vec<Value>,
}

impl RowKey {
    /// The key that a URL names; its values are text, which SQLite compares as the columns' types
    /// ask for.
    pub fn of_question(question: &RowQuestion) -> Self {
        let names = question.key_names();
        Self {
            columns: names.into_iter().map(str::to_owned).collect(),
            values: question
                .key
                .iter()
                .map(|text| text.as_str().into())
                .collect(),
        }
    }

    /// The key that a row gives itself; `None` when it leaves out a part of it.
    ///
    /// # Errors
    /// 400 for a value that does not fit (WRITE-15).
    pub fn of_row(table: &TableRef, row: &GivenRow) -> Result<Option<Self>, Fault> {
        let columns = key_columns(table);
        let mut values = Vec::with_capacity(columns.len());
        for column in &columns {
            match named(row, column) {
                Some(given) => values.push(given.to_value()?),
                None => return Ok(None),
            }
        }
        Ok(Some(Self { columns, values }))
    }

    /// The key with these values, in key order.
    pub fn of_values(table: &TableRef, values: Vec<Value>) -> Self {
        Self {
            columns: key_columns(table),
            values,
        }
    }

    /// The names of the columns, quoted and with commas between them.
    pub fn names(table: &TableRef) -> String {
        let names = key_columns(table);
        let names: Vec<String> = names.iter().map(|name| identifier::quote(name)).collect();
        names.join(", ")
    }

    /// The condition for that many keys, in the order of the key; their values follow each other.
    pub fn any_of(table: &TableRef, count: usize) -> String {
        let names = Self::names(table);
        let places = vec!["?"; key_columns(table).len()].join(", ");
        let rows = vec![format!("({places})"); count].join(", ");
        match count {
            0 => " where 0".to_owned(),
            _ => format!(" where ({names}) in (values {rows}) order by {names}"),
        }
    }

    /// The key after the row took these values.
    ///
    /// # Errors
    /// 400 for a value that does not fit (WRITE-15).
    pub fn after(&self, update: &GivenRow) -> Result<Self, Fault> {
        let mut moved = self.clone();
        for (column, value) in moved.columns.iter().zip(&mut moved.values) {
            if let Some(given) = named(update, column) {
                *value = given.to_value()?;
            }
        }
        Ok(moved)
    }

    /// The values.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// ` where "id" = ?`; the values follow those of `before`.
    pub fn condition(&self) -> String {
        let equal = |name: &String| format!("{} = ?", identifier::quote(name));
        let terms: Vec<String> = self.columns.iter().map(equal).collect();
        format!(" where {}", terms.join(" and "))
    }

    /// The statement that reads the row: all its columns, behind the rowid where that is its key.
    pub fn select(&self, table: &TableRef) -> Statement {
        Statement {
            sql: format!("{}{}", select_rows(table, true), self.condition()),
            values: self.values.clone(),
        }
    }

    /// The statement that gives the rowid of the row, where the table has rowids.
    pub fn select_rowid(&self, table: &TableRef) -> Statement {
        Statement {
            sql: format!(
                "select {} from {}{}",
                rowid_name(table),
                identifier::quote(table.name()),
                self.condition()
            ),
            values: self.values.clone(),
        }
    }
}

/// Names of the columns that identify a row, as statements spell them.
pub fn key_columns(table: &TableRef) -> Vec<String> {
    match table.uses_rowid() {
        true => vec![rowid_name(table).to_owned()],
        false => table.primary_key_names().map(str::to_owned).collect(),
    }
}

/// `select * from t`, behind the rowid where that is asked for and identifies rows.
pub fn select_rows(table: &TableRef, with_rowid: bool) -> String {
    let rowid = match with_rowid && table.uses_rowid() {
        true => format!("{}, ", rowid_name(table)),
        false => String::new(),
    };
    format!("select {rowid}* from {}", identifier::quote(table.name()))
}

/// SQLite does not tell names apart that differ in case alone.
fn named<'a>(row: &'a GivenRow, column: &str) -> Option<&'a datasette_core::Given> {
    row.get(column).or_else(|| {
        let same = |name: &str| name.eq_ignore_ascii_case(column);
        row.iter()
            .find(|(name, _)| same(name))
            .map(|(_, given)| given)
    })
}
