//! Code around writes, on the write thread.

use datasette_core::{Fault, RowBatch, Value};
use serde_json::Value as Json;

use crate::error::HookError;
use crate::event::Event;
use crate::loan::Borrower;

/// The connection that a write happens on, inside its transaction.
pub trait WriteConnection {
    /// Runs a statement and gives its rows.
    fn execute(&mut self, sql: &str, params: &[(String, Value)]) -> Result<RowBatch, Fault>;

    /// Gives the connection itself away for a while.
    ///
    /// # Errors
    /// Those of the borrower.
    fn lend(&mut self, borrower: &mut dyn Borrower) -> Result<(), HookError>;

    /// Queues an event that is sent after the commit, and dropped if there is none (HOOK-208).
    fn track_event(&mut self, event: Event);
}

/// How the write went, as a wrapper learns it.
#[derive(Debug)]
pub enum WriteOutcome<'a> {
    /// It worked; its result as data (HOOK-203).
    Done(&'a Json),
    /// It failed and stays failed; the wrapper may only replace the failure (HOOK-204).
    Failed(&'a Fault),
}

/// Code around one write (HOOK-202). Made for each write, used once.
pub trait WriteWrapper: Send {
    /// Runs before the write; an error prevents it (HOOK-206).
    fn before(&mut self, _connection: &mut dyn WriteConnection) -> Result<(), HookError> {
        Ok(())
    }

    /// Runs after the write and before the commit; an error fails the write (HOOK-206).
    fn after(
        &mut self,
        _connection: &mut dyn WriteConnection,
        _outcome: WriteOutcome<'_>,
    ) -> Result<(), HookError> {
        Ok(())
    }
}
