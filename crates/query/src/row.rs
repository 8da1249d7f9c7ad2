//! One row by its identifier, and how many rows of other tables refer to it.

use datasette_core::schema::ForeignKey;
use datasette_core::{ColumnRef, Fault, TableRef, Value, identifier, tilde};

use crate::binding::Params;
use crate::column_name::rowid_name;

/// A request for one row.
#[derive(Clone, Debug)]
pub struct RowQuestion {
    /// The table.
    pub table: TableRef,
    /// The key's values as given, in key order (ROW-02, ROW-05).
    pub key: Vec<String>,
}

impl RowQuestion {
    /// Reads the identifier, a path segment that is still tilde-encoded.
    ///
    /// # Errors
    /// 400 for the wrong number of components (ERR-16), 404 for a view (ROW-03).
    pub fn parse(table: &TableRef, segment: &str) -> Result<Self, Fault> {
        let key = Self::key_of(segment);
        if key.len() != table.primary_key.len().max(1) {
            return Err(Fault::bad_request(
                "URL row identifier does not match the primary key for this table",
            ));
        }
        if table.is_view() {
            return Err(Self::missing());
        }
        Ok(Self {
            table: table.clone(),
            key,
        })
    }

    /// The values that an identifier names, a path segment that is still tilde-encoded.
    pub fn key_of(segment: &str) -> Vec<String> {
        let parts = segment.split(',');
        parts.map(|part| tilde::decode(part).into_owned()).collect()
    }

    /// The answer when there is no such row (ROW-03).
    pub fn missing() -> Fault {
        Fault::not_found("Row not found")
    }

    /// Names of the key columns (EXTRA-21).
    pub fn key_names(&self) -> Vec<&str> {
        if self.table.uses_rowid() {
            vec![rowid_name(&self.table)]
        } else {
            self.table.primary_key_names().collect()
        }
    }
}

/// The statement that finds a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowPlan {
    /// The statement (EXTRA-29); its columns are those of `select *`, behind the rowid where that
    /// identifies rows.
    pub sql: String,
    /// The key's values as text under `p0`, `p1`, ...
    pub params: Params,
}

/// Writes the statement.
pub fn plan_row(question: &RowQuestion) -> RowPlan {
    let table = &question.table;
    let names = question.key_names();
    let conditions: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| format!("{}=:p{index}", identifier::quote(name)))
        .collect();
    let columns = if table.uses_rowid() {
        format!("{}, *", names[0])
    } else {
        "*".to_owned()
    };
    let params = question
        .key
        .iter()
        .enumerate()
        .map(|(index, value)| (format!("p{index}"), Value::from(value.as_str())))
        .collect();
    RowPlan {
        sql: format!(
            "select {columns} from {} where {}",
            identifier::quote_if_needed(table.name()),
            conditions.join(" AND ")
        ),
        params,
    }
}

/// The foreign keys of other tables that point at a table, with the column that holds them.
/// Leave out those whose table the actor may not view (ROW-14).
pub fn incoming(table: &TableRef) -> Vec<(ForeignKey, ColumnRef)> {
    table
        .incoming
        .iter()
        .filter_map(|key| {
            let other = table.database().table(&key.other_table)?;
            Some((key.clone(), other.column(&key.other_column)?))
        })
        .collect()
}

/// One statement that counts, for each of these columns, the rows whose value there is `key`
/// (ROW-13): one row, one column per reference. `None` without references.
pub fn incoming_counts(references: &[ColumnRef], key: &str) -> Option<(String, Params)> {
    if references.is_empty() {
        return None;
    }
    let counts: Vec<String> = references
        .iter()
        .map(|column| {
            format!(
                "(select count(*) from {} where {}=:id)",
                identifier::quote_if_needed(column.table().name()),
                identifier::quote_if_needed(column.name())
            )
        })
        .collect();
    let params = vec![("id".to_owned(), Value::from(key))];
    Some((format!("select {}", counts.join(", ")), params))
}
