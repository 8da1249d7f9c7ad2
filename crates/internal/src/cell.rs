//! Cells of the server's own tables as Rust values, and the reverse.

use datasette_core::{Fault, Value, ValueRef};
use datasette_sqlite::SqlError;

/// The text of a cell; `None` for NULL.
pub(crate) fn text(cell: ValueRef<'_>) -> Option<String> {
    cell.as_text().map(std::borrow::Cow::into_owned)
}

/// The text of a cell that is never NULL.
pub(crate) fn required(cell: ValueRef<'_>) -> String {
    text(cell).unwrap_or_default()
}

/// Whether a cell holds a number other than zero.
pub(crate) fn truth(cell: ValueRef<'_>) -> bool {
    matches!(cell, ValueRef::Integer(number) if number != 0)
}

/// Text, or NULL.
pub(crate) fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// A truth as 0 or 1.
pub(crate) fn flag(truth: bool) -> Value {
    Value::Integer(i64::from(truth))
}

/// A failure of the server's own statements, which is never the client's fault.
pub(crate) fn fault(error: SqlError) -> Fault {
    match error {
        SqlError::Statement { message, .. } => {
            Fault::internal(format!("internal database: {message}"))
        }
        SqlError::Interrupted { sql } => {
            Fault::unavailable("The internal database took too long to answer.").caused_by(sql)
        }
        other => other.into(),
    }
}
