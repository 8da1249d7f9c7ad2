//! How one side tells the other that a call failed.

use datasette_core::{Fault, FaultKind};
use datasette_hooks::HookError;
use serde::{Deserialize, Serialize};

/// What kind of exception it is in Python, as far as either side treats it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FailureKind {
    /// An accident: its words are for the log.
    Failed,
    /// 400.
    BadRequest,
    /// 401: a token that must be refused (HOOK-133).
    TokenInvalid,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 409.
    Conflict,
    /// 413.
    PayloadTooLarge,
    /// 500 in words for the visitor.
    Spoken,
    /// 503.
    Unavailable,
    /// An SQL statement failed; `type_name` is the class of `sqlite3`.
    Sql,
    /// An SQL statement took too long.
    Interrupted,
    /// The server must not start (HOOK-08).
    Startup,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// The kind.
    pub(crate) kind: FailureKind,
    /// One line.
    pub(crate) message: String,
    /// Name of the Python class, where the failure comes from Python.
    #[serde(default)]
    pub(crate) type_name: Option<Box<str>>,
    /// Title of the error page, where the exception gives one.
    #[serde(default)]
    pub(crate) title: Option<Box<str>>,
    /// The traceback, for the log.
    #[serde(default)]
    pub(crate) traceback: Option<String>,
    /// The number under which Python still has the exception.
    #[serde(default)]
    pub(crate) exception: Option<u64>,
    /// SQLite's result code, where SQLite refused.
    #[serde(default)]
    pub(crate) code: Option<i32>,
}

impl Failure {
    /// A failure of that kind in these words.
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            type_name: None,
            title: None,
            traceback: None,
            exception: None,
            code: None,
        }
    }

    /// An accident in these words.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Failed, message)
    }
}

impl From<Failure> for HookError {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::TokenInvalid => return Self::TokenInvalid(failure.message),
            FailureKind::Startup => return Self::Startup(failure.message),
            FailureKind::Failed | FailureKind::Sql | FailureKind::Interrupted => {
                let text = failure.traceback.unwrap_or(failure.message);
                return match failure.exception {
                    Some(number) => Self::Raised(text, number),
                    None => Self::Failed(text),
                };
            }
            FailureKind::BadRequest => FaultKind::BadRequest,
            FailureKind::Forbidden => FaultKind::Forbidden,
            FailureKind::NotFound => FaultKind::NotFound,
            FailureKind::MethodNotAllowed => FaultKind::MethodNotAllowed,
            FailureKind::Conflict => FaultKind::Conflict,
            FailureKind::PayloadTooLarge => FaultKind::TooLarge,
            FailureKind::Spoken => FaultKind::Internal,
            FailureKind::Unavailable => FaultKind::Unavailable,
        };
        Self::Refused(Fault::new(kind, failure.message).raised_as(failure.exception))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let kind = match fault.kind() {
            FaultKind::BadRequest if fault.title() == Some("SQL Interrupted") => {
                FailureKind::Interrupted
            }
            _ if fault.sqlite_code().is_some() => FailureKind::Sql,
            FaultKind::BadRequest if fault.title() == Some("Invalid SQL") => FailureKind::Sql,
            FaultKind::BadRequest => FailureKind::BadRequest,
            FaultKind::Unauthorized => FailureKind::TokenInvalid,
            FaultKind::Forbidden => FailureKind::Forbidden,
            FaultKind::NotFound => FailureKind::NotFound,
            FaultKind::MethodNotAllowed => FailureKind::MethodNotAllowed,
            FaultKind::Conflict | FaultKind::OtherRequest => FailureKind::Conflict,
            FaultKind::TooLarge => FailureKind::PayloadTooLarge,
            FaultKind::Internal => FailureKind::Failed,
            FaultKind::Unavailable => FailureKind::Unavailable,
        };
        // Plugins are code of the owner: they are told what really happened.
        let message = match fault.cause() {
            Some(cause) => cause.to_string(),
            None => fault.messages().join("; "),
        };
        Self {
            title: fault.title().map(Box::from),
            code: fault.sqlite_code(),
            ..Self::new(kind, message)
        }
    }
}
