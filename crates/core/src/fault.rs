//! What went wrong, in the words a client may see, with the private cause kept apart.

use std::error::Error;
use std::fmt;

/// The kind decides the HTTP status and, at the command line, the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The request makes no sense: 400.
    BadRequest,
    /// A credential was recognised and rejected: 401.
    Unauthorized,
    /// The actor may not: 403.
    Forbidden,
    /// There is no such thing, or the actor may not know of it: 404.
    NotFound,
    /// The resource does not answer this method: 405.
    MethodNotAllowed,
    /// The change contradicts what is stored: 409.
    Conflict,
    /// The body is larger than allowed: 413.
    TooLarge,
    /// The same key for another request: 422 (WRITE-156).
    OtherRequest,
    /// Our own failure: 500. The private cause is logged, never shown.
    Internal,
    /// The database cannot answer now (locked, busy, shutting down): 503.
    Unavailable,
}

impl FaultKind {
    /// The HTTP status of the kind.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::OtherRequest => 422,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// A failure with public words. The only way from any error to a response body.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    messages: Vec<String>,
    title: Option<&'static str>,
    sql: Option<String>,
    raised: Option<u64>,
    code: Option<i32>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault whose `message` the client may read.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            messages: vec![message.into()],
            title: None,
            sql: None,
            raised: None,
            code: None,
            cause: None,
        }
    }

    /// 400 with a message.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(FaultKind::BadRequest, message)
    }

    /// 403 with a message.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Forbidden, message)
    }

    /// 404 with a message.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(FaultKind::NotFound, message)
    }

    /// 503 with a message.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unavailable, message)
    }

    /// 500. The client reads only that the server failed; the cause goes to the log.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let mut fault = Self::new(FaultKind::Internal, "Internal server error");
        fault.cause = Some(cause.into());
        fault
    }

    /// An SQL statement that failed by its own fault: 400 titled `Invalid SQL` (TABLE-13).
    pub fn invalid_sql(message: impl Into<String>) -> Self {
        Self::bad_request(message).titled("Invalid SQL")
    }

    /// An SQL statement that ran into its time limit: 400 titled `SQL Interrupted` (QUERY-22).
    pub fn interrupted(sql: impl Into<String>) -> Self {
        let mut fault = Self::bad_request(
            "SQL query took too long. The time limit is controlled by the sql_time_limit_ms setting.",
        )
        .titled("SQL Interrupted");
        fault.sql = Some(sql.into());
        fault
    }

    /// Gives the error page a title (ERR-09).
    pub fn titled(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// Adds a further message; JSON lists them all (ERR-01).
    pub fn and(mut self, message: impl Into<String>) -> Self {
        self.messages.push(message.into());
        self
    }

    /// The same with other words for its first message.
    pub fn reworded(mut self, words: impl FnOnce(&str) -> String) -> Self {
        if let Some(first) = self.messages.first_mut() {
            *first = words(first);
        }
        self
    }

    /// Keeps a private cause for the log.
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Notes the number under which the plugin that raised it still has it (HOOK-166).
    pub fn raised_as(mut self, number: Option<u64>) -> Self {
        self.raised = number;
        self
    }

    /// The kind.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.kind.status()
    }

    /// The public messages, at least one.
    pub fn messages(&self) -> &[String] {
        &self.messages
    }

    /// All public messages as one text, joined with `"; "` (ERR-01).
    pub fn message(&self) -> String {
        self.messages.join("; ")
    }

    /// The title of the error page, where it has one.
    pub fn title(&self) -> Option<&'static str> {
        self.title
    }

    /// The statement that was interrupted, where that is what happened.
    pub fn interrupted_sql(&self) -> Option<&str> {
        self.sql.as_deref()
    }

    /// The number under which the plugin that raised it still has it.
    pub fn raised(&self) -> Option<u64> {
        self.raised
    }

    /// Notes that SQLite refused, with which result code; 0 where a check before it did.
    pub fn with_sqlite_code(mut self, code: i32) -> Self {
        self.code = Some(code);
        self
    }

    /// SQLite's result code, where SQLite refused.
    pub fn sqlite_code(&self) -> Option<i32> {
        self.code
    }

    /// The private cause, for the log only.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync)> {
        self.cause.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl Error for Fault {}
