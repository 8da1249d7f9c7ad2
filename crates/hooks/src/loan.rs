//! Connections that plugins borrow: exclusively, for the time of one callback of theirs.

use datasette_core::Fault;
use datasette_core::live::{LiveConnection, LiveError};

use crate::error::HookError;
use crate::event::Event;
use crate::request::RequestInfo;

/// Which connection is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoanKind {
    /// That of a reader (API-137).
    Read,
    /// That of the writer (API-147), in its order; in a transaction that is committed when the
    /// borrower is content, and undone when not, unless it brings its own (API-142).
    Write {
        /// Whether there is such a transaction.
        transaction: bool,
    },
    /// One of its own, while nobody writes (API-149).
    Alone,
}

/// What a plugin wants to borrow.
#[derive(Clone, Debug)]
pub struct Loan {
    /// The database: its name, or the key of one that is not attached.
    pub database: String,
    /// Which connection.
    pub kind: LoanKind,
    /// The request that the plugin answers, if any.
    pub request: Option<RequestInfo>,
}

/// Somebody who uses a connection. All is called on the thread that has the connection.
pub trait Borrower: Send {
    /// Uses the connection, and answers with the events to tell after the commit (HOOK-208).
    ///
    /// # Errors
    /// The borrower failed; what it did is undone.
    fn use_connection(
        &mut self,
        connection: &mut dyn LiveConnection,
    ) -> Result<Vec<Event>, HookError>;

    /// It will not get the connection: something prevents the write (HOOK-206).
    fn prevented(&mut self, _why: &Fault) {}

    /// What it did could not be committed.
    fn not_committed(&mut self, _why: &LiveError) {}
}
