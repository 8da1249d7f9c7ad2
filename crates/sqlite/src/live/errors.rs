//! Errors in SQLite's own words and numbers.

use datasette_core::live::LiveError;
use rusqlite::Error;
use rusqlite::ffi;

use crate::error::SqlError;

/// An error of the driver.
pub(super) fn of_driver(error: Error) -> LiveError {
    match error {
        Error::SqliteFailure(error, message) => of_sqlite(error, message),
        Error::SqlInputError { error, msg, .. } => of_sqlite(error, Some(msg)),
        Error::MultipleStatement => {
            LiveError::misuse("You can only execute one statement at a time.")
        }
        Error::NulError(_) => LiveError::misuse("the query contains a null character"),
        other => LiveError {
            code: ffi::SQLITE_ERROR,
            message: other.to_string(),
        },
    }
}

fn of_sqlite(error: ffi::Error, message: Option<String>) -> LiveError {
    let code = error.extended_code;
    LiveError {
        code,
        message: message.unwrap_or_else(|| ffi::code_to_str(code).to_owned()),
    }
}

/// An error of this room: those of checks of our own have no number.
pub(super) fn of_room(error: SqlError) -> LiveError {
    let code = error.code();
    LiveError {
        code,
        message: error.message().to_owned(),
    }
}
