//! The row a statement stands on, seen as the domain's row without copying anything.

use datasette_core::{Row, ValueRef};
use rusqlite::types;

/// One row of a running statement.
pub(crate) struct StatementRow<'row, 'statement> {
    row: &'row rusqlite::Row<'statement>,
    length: usize,
}

impl<'row, 'statement> StatementRow<'row, 'statement> {
    pub(crate) fn new(row: &'row rusqlite::Row<'statement>, length: usize) -> Self {
        Self { row, length }
    }
}

impl Row for StatementRow<'_, '_> {
    fn len(&self) -> usize {
        self.length
    }

    fn value(&self, index: usize) -> ValueRef<'_> {
        // The only error is an index past the end, which the contract of the trait excludes.
        match self.row.get_ref(index) {
            Ok(types::ValueRef::Integer(number)) => ValueRef::Integer(number),
            Ok(types::ValueRef::Text(bytes)) => ValueRef::Text(bytes),
            Ok(types::ValueRef::Real(number)) => ValueRef::Real(number),
            Ok(types::ValueRef::Blob(bytes)) => ValueRef::Blob(bytes),
            Ok(types::ValueRef::Null) | Err(_) => ValueRef::Null,
        }
    }
}
