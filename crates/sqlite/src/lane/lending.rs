//! A lane's connection for somebody else: in a visit of its own, or one that was opened for it.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use datasette_core::Fault;
use datasette_core::live::LiveError;

use super::{Lane, words};
use crate::authorizer::Trust;
use crate::clock::Clock;
use crate::error::SqlError;
use crate::live::{Borrowed, Circumstances};
use crate::session::Session;
use crate::watch::Watch;

/// A connection that could not be given away.
pub(crate) fn not_given(error: LiveError) -> Fault {
    Fault::internal(error)
}

impl Lane {
    /// Gives the connection of a read lane away, outside of any transaction. Nothing that is done to
    /// it is seen by those who use the lane afterwards.
    pub(crate) fn lend<R>(
        &mut self,
        watch: &Watch,
        job: impl FnOnce(&mut Borrowed<'_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let shared = Arc::clone(&self.shared);
        let _shared_with_readers = shared.among_readers()?;
        let way = ("", Trust::Borrower);
        let result = self.perform(way, watch, |session, _generation| {
            let reading = Circumstances::Reading;
            let mut borrowed = Borrowed::new(session, reading).map_err(not_given)?;
            job(&mut borrowed)
        });
        let left = |link: &super::Link| link.policy.take_traces();
        if self.link.as_ref().is_none_or(left) {
            self.link = None;
        }
        result
    }

    /// Opens a connection for one job alone. On the write lane nobody writes meanwhile.
    pub(crate) fn lend_another<R>(
        &mut self,
        watch: &Watch,
        job: impl FnOnce(&mut Borrowed<'_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let shared = Arc::clone(&self.shared);
        let opener = &shared.opener;
        let is_writing = opener.is_mutable();
        let wait = opener.options.write_wait;
        let (mut reading, mut writing) = (None, None);
        if let Some(lock) = &shared.memory {
            if is_writing {
                writing = Some(lock.try_write_for(wait).ok_or(SqlError::Busy)?);
            } else {
                reading = Some(lock.try_read_for(wait).ok_or(SqlError::Busy)?);
            }
        }
        let clock = Arc::new(Clock::new());
        let opened = if is_writing {
            opener.write(&clock)
        } else {
            opener.read(&clock)
        };
        let (connection, policy) =
            opened.map_err(|error| Fault::from(SqlError::from_driver(error, "")))?;
        let session = Session {
            connection: &connection,
            policy: &policy,
            clock: &clock,
            watch,
        };
        let run = AssertUnwindSafe(|| {
            let mut borrowed = Borrowed::new(session, Circumstances::Alone).map_err(not_given)?;
            job(&mut borrowed)
        });
        let result = panic::catch_unwind(run).unwrap_or_else(|payload| {
            Err(Fault::internal(format!(
                "a database job panicked: {}",
                words(payload.as_ref())
            )))
        });
        drop(connection);
        shared.probe.committed();
        drop((reading, writing));
        result
    }
}
