//! Writes that a plugin makes itself, with the connection in its hands: in the order of all writes,
//! in their transaction, with everything that stands around them.

use std::sync::Arc;

use datasette_core::{DatabaseRef, Fault};
use datasette_hooks::{Borrower, HookError, RequestInfo};
use datasette_sqlite::{Database, Writer};
use serde_json::Value as Json;

use super::author::Author;
use super::lane;
use crate::Instance;

/// Where a plugin writes.
pub(crate) struct BorrowedPlace {
    /// The name that plugins around the write are told.
    pub(crate) name: String,
    /// Its lanes.
    pub(crate) handle: Database,
    /// What the catalogue says of it; `None` for one that visitors do not see.
    pub(crate) database: Option<DatabaseRef>,
}

/// A failure of a plugin that had a connection.
pub(crate) fn failed(error: HookError) -> Fault {
    error.into_fault("a plugin", "a callback with a connection")
}

impl Instance {
    /// Gives the write lane to a plugin. The write is queued before this waits for anything.
    ///
    /// # Errors
    /// Those of the plugin; what plugins around it refuse; what SQLite refuses in the end.
    pub(crate) async fn lend_for_writing(
        self: &Arc<Self>,
        place: BorrowedPlace,
        transaction: bool,
        request: Option<RequestInfo>,
        mut borrower: Box<dyn Borrower>,
    ) -> Result<(), Fault> {
        let author = Author {
            instance: Arc::clone(self),
            actor: request.as_ref().and_then(|request| request.actor.clone()),
            request,
            call: None,
        };
        let BorrowedPlace {
            name,
            handle,
            database,
        } = place;
        let mut wrappers = match author.wrappers(&name, transaction) {
            Ok(wrappers) => wrappers,
            Err(fault) => {
                borrower.prevented(&fault);
                return Err(fault);
            }
        };
        let job = move |writer: &mut Writer<'_>| {
            let planned = database.as_ref();
            let before = planned.map(|planned| lane::as_it_is(writer, planned));
            let before = before.transpose()?;
            let mut events = Vec::new();
            let mut reached = false;
            let done = lane::wrapped(
                writer,
                &mut wrappers,
                &mut events,
                |()| Json::Null,
                |writer, events| {
                    reached = true;
                    let mut connection = writer.lend()?;
                    let told = borrower.use_connection(&mut connection).map_err(failed)?;
                    events.extend(told);
                    Ok(())
                },
            );
            if let Err(fault) = done {
                if !reached {
                    borrower.prevented(&fault);
                }
                return Err(fault);
            }
            let reshaped = before.map(|before| lane::reshaped(writer, &before));
            let reshaped = reshaped.transpose()?.flatten();
            if let Err(error) = writer.commit() {
                borrower.not_committed(&error);
                let fault = Fault::invalid_sql(&error.message).with_sqlite_code(error.code);
                return Err(fault.caused_by(error));
            }
            Ok((events, reshaped))
        };
        let (events, reshaped) = match transaction {
            true => handle.write(job).await?,
            false => handle.write_without_transaction(job).await?,
        };
        for event in &events {
            author.tell(event).await;
        }
        author.after_reshaping(&name, reshaped).await;
        Ok(())
    }
}
