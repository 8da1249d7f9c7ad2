//! A column name of the query string, looked up in its table.

use std::borrow::Cow;

use datasette_core::{ColumnRef, Fault, TableKind, TableRef, identifier};

/// What a requested name turned out to be.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// A column of the table.
    Column(ColumnRef),
    /// The rowid, by one of its three names.
    Rowid,
    /// The rowid of a view: NULL in every row (`SQLITE_ALLOW_ROWID_IN_VIEW`).
    Null,
    /// Nothing in this table.
    Unknown,
}

/// A requested column. The spelling is kept because SQL and descriptions show it; unless the name
/// is unknown it differs from the column's own name in ASCII case at most, so that it can stand in
/// SQL text.
#[derive(Clone, Debug)]
pub struct ColumnName {
    spelled: String,
    resolved: Resolved,
}

impl ColumnName {
    /// Looks the name up as SQLite would: columns without regard to ASCII case, then `rowid`,
    /// `oid` and `_rowid_` where the table has one.
    pub fn resolve(table: &TableRef, name: &str) -> Self {
        let index = table
            .column_index(name)
            .or_else(|| index_ignoring_case(table, name));
        let resolved = match index.and_then(|index| table.column_at(index)) {
            Some(column) => Resolved::Column(column),
            None if is_rowid_name(name) && table.is_view() => Resolved::Null,
            None if is_rowid_name(name) && has_rowid(table) => Resolved::Rowid,
            None => Resolved::Unknown,
        };
        Self {
            spelled: name.to_owned(),
            resolved,
        }
    }

    /// The name as the request spells it.
    pub fn spelled(&self) -> &str {
        &self.spelled
    }

    /// What it is.
    pub fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// Whether nothing in the table has this name.
    pub fn is_unknown(&self) -> bool {
        matches!(self.resolved, Resolved::Unknown)
    }

    /// The column, unless it is the rowid or unknown.
    pub fn column(&self) -> Option<&ColumnRef> {
        match &self.resolved {
            Resolved::Column(column) => Some(column),
            Resolved::Rowid | Resolved::Null | Resolved::Unknown => None,
        }
    }

    /// # Errors
    /// 400 with SQLite's words when the name is unknown.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if self.is_unknown() {
            Err(no_such_column(&self.spelled))
        } else {
            Ok(())
        }
    }

    /// The name smart-quoted (WIRE-21); for unknown names, which never get as far as SQL, NULL.
    pub(crate) fn sql(&self) -> Cow<'_, str> {
        match self.resolved {
            Resolved::Column(_) | Resolved::Rowid | Resolved::Null => {
                identifier::quote_if_needed(&self.spelled)
            }
            Resolved::Unknown => Cow::Borrowed("null"),
        }
    }
}

/// SQLite's own words for a name that is no column.
pub(crate) fn no_such_column(name: &str) -> Fault {
    Fault::invalid_sql(format!("no such column: {name}"))
}

fn index_ignoring_case(table: &TableRef, name: &str) -> Option<usize> {
    table
        .columns
        .iter()
        .position(|column| column.name.eq_ignore_ascii_case(name))
}

/// Whether SQLite takes the name for the rowid where no column has it.
pub(crate) fn is_rowid_name(name: &str) -> bool {
    ROWID_NAMES
        .iter()
        .any(|rowid| rowid.eq_ignore_ascii_case(name))
}

const ROWID_NAMES: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// Whether rows of the table have a rowid, whatever their declared key.
pub(crate) fn has_rowid(table: &TableRef) -> bool {
    match &table.kind {
        TableKind::Rowid | TableKind::Virtual(_) => true,
        TableKind::WithoutRowid | TableKind::View => false,
        // Shadow tables are of both kinds; only their declaration tells.
        TableKind::Shadow => {
            table.uses_rowid() || !table.sql.to_ascii_uppercase().contains("WITHOUT ROWID")
        }
    }
}

/// The name by which the rowid of this table can be reached: `rowid`, or another of its names
/// where a column has taken that one.
pub fn rowid_name(table: &TableRef) -> &'static str {
    ROWID_NAMES
        .into_iter()
        .find(|rowid| index_ignoring_case(table, rowid).is_none())
        .unwrap_or("rowid")
}
