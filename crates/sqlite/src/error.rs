//! What SQLite refused, in SQLite's own words, and how it reads as a [`Fault`].

use std::fmt;

use datasette_core::{Fault, FaultKind};
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why a statement did not run to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqlError {
    /// The time limit passed (QUERY-22).
    Interrupted {
        /// The statement that was running.
        sql: String,
    },
    /// Nobody waits for the answer any more; the job was told to end.
    Cancelled,
    /// The sink wanted no more rows.
    SinkClosed,
    /// The statement is at fault: syntax, missing names, constraints, missing parameters.
    Statement {
        /// SQLite's own message, without additions.
        message: String,
        /// SQLite's extended result code; 0 where the check is ours.
        code: i32,
    },
    /// The statement reads, or names by mistake, what its author may not see.
    OutOfScope,
    /// Another connection or process holds the lock and did not let go in time.
    Busy,
    /// The file is damaged or is not a database.
    Corrupt {
        /// SQLite's own message.
        message: String,
    },
    /// The file cannot be reached: opening, reading or writing failed below SQLite.
    Unreachable {
        /// SQLite's own message; may name a path, so it stays in the log.
        message: String,
        /// SQLite's extended result code.
        code: i32,
    },
}

/// One message for all ways to overstep, so that none tells more than another.
const OUT_OF_SCOPE: &str = "This SQL reads a table that you do not have permission to view";

impl SqlError {
    /// A statement that is at fault by a check of our own.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::Statement {
            message: message.into(),
            code: 0,
        }
    }

    /// The message to show, as SQLite words it.
    pub fn message(&self) -> &str {
        match self {
            Self::Interrupted { .. } | Self::Cancelled => "interrupted",
            Self::SinkClosed => "the reader of the result has gone",
            Self::Statement { message, .. }
            | Self::Corrupt { message }
            | Self::Unreachable { message, .. } => message,
            Self::OutOfScope => OUT_OF_SCOPE,
            Self::Busy => "database is locked",
        }
    }

    /// SQLite's result code; 0 where the check is ours.
    pub fn code(&self) -> i32 {
        match self {
            Self::Interrupted { .. } | Self::Cancelled => ffi::SQLITE_INTERRUPT,
            Self::Statement { code, .. } | Self::Unreachable { code, .. } => *code,
            Self::OutOfScope => ffi::SQLITE_AUTH,
            Self::Busy => ffi::SQLITE_BUSY,
            Self::Corrupt { .. } => ffi::SQLITE_CORRUPT,
            Self::SinkClosed => 0,
        }
    }

    /// Whether the statement broke a constraint: unique, not null, check, foreign key.
    pub fn is_constraint(&self) -> bool {
        matches!(self, Self::Statement { code, .. } if code & 0xff == ffi::SQLITE_CONSTRAINT)
    }

    /// Translates an error of the driver. `sql` is kept when the statement was interrupted.
    pub(crate) fn from_driver(error: rusqlite::Error, sql: &str) -> Self {
        use rusqlite::Error;
        match error {
            Error::SqliteFailure(code, message) => Self::from_code(code, message, sql),
            Error::SqlInputError { error, msg, .. } => Self::from_code(error, Some(msg), sql),
            Error::MultipleStatement => {
                Self::refused("You can only execute one statement at a time.")
            }
            Error::NulError(_) => Self::refused("the query contains a null character"),
            other => Self::refused(other.to_string()),
        }
    }

    fn from_code(error: ffi::Error, message: Option<String>, sql: &str) -> Self {
        let code = error.extended_code;
        let message = message.unwrap_or_else(|| ffi::code_to_str(code).to_owned());
        match error.code {
            ErrorCode::OperationInterrupted => Self::Interrupted {
                sql: sql.to_owned(),
            },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt { message },
            ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::NoLargeFileSupport
            | ErrorCode::OutOfMemory => Self::Unreachable { message, code },
            _ => Self::Statement { message, code },
        }
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}

impl std::error::Error for SqlError {}

impl From<SqlError> for Fault {
    fn from(error: SqlError) -> Self {
        let code = error.code();
        let fault = match error {
            SqlError::Interrupted { sql } => Self::interrupted(sql),
            SqlError::Cancelled | SqlError::SinkClosed => {
                Self::unavailable("The request was abandoned before its answer was ready.")
            }
            SqlError::Statement { message, .. } => Self::invalid_sql(message),
            SqlError::OutOfScope => Self::forbidden(OUT_OF_SCOPE),
            SqlError::Busy => Self::unavailable(
                "The database is locked by another process. Try again in a moment.",
            )
            .caused_by("database is locked"),
            SqlError::Corrupt { message } => {
                let public = if message.contains("not a database") {
                    "This database cannot be read: file is not a database."
                } else {
                    "This database is damaged: SQLite found content that contradicts itself."
                };
                Self::new(FaultKind::Internal, public).caused_by(message)
            }
            SqlError::Unreachable { message, code } => {
                let public = match code & 0xff {
                    ffi::SQLITE_FULL => "The disk that holds this database is full.",
                    ffi::SQLITE_NOMEM => "There was not enough memory for this query.",
                    _ => "The database file cannot be read right now.",
                };
                Self::unavailable(public).caused_by(message)
            }
        };
        fault.with_sqlite_code(code)
    }
}
