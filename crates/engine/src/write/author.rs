//! Who changes something, and on which instance.

use std::sync::Arc;

use datasette_core::{Actor, DatabaseRef, Fault, TableRef};
use datasette_hooks::{Context, Event, RequestInfo, WriteWrapper};
use datasette_internal::NAME as INTERNAL;
use datasette_sqlite::Writer;
use serde_json::Value as Json;

use super::KeyedCall;
use super::lane::{self, Reshaped};
use crate::Instance;

/// Who changes something. It owns what it knows: a change that has begun goes on to its events when
/// its client has left.
#[derive(Clone)]
pub struct Author {
    /// The instance, as it is for this request.
    pub instance: Arc<Instance>,
    /// Who asks.
    pub actor: Option<Actor>,
    /// The request; `None` outside of one.
    pub request: Option<RequestInfo>,
    /// The call, where its client may repeat it.
    pub call: Option<Arc<KeyedCall>>,
}

impl Author {
    /// The circumstances of hook calls.
    pub fn hooks(&self) -> Context<'_> {
        let bus = &self.instance.bus;
        bus.context(self.actor.as_ref(), self.request.as_ref())
    }

    /// An event of this moment.
    pub(crate) fn event(&self, name: &str) -> Event {
        Event::new(name, self.actor.as_ref(), self.instance.clock.now())
    }

    /// Tells every plugin. What happened has happened: one that fails is told in the log only.
    pub(crate) async fn tell(&self, event: &Event) {
        let told = self.instance.bus.track_event(&self.hooks(), event).await;
        if let Err(fault) = told {
            tracing::error!(event = event.name, "telling of an event failed: {fault}");
        }
    }

    /// Runs `job` in one transaction on the write lane of a database, with what plugins put around
    /// writes (HOOK-202), and tells the events that they queued, and of renamed tables (EVT-14),
    /// after the commit. The job is given the database as it is then, and may be run again when
    /// the transaction that it shared with others came to nothing. `told` is the result as plugins
    /// see it.
    ///
    /// # Errors
    /// Those of the job; 403 on immutable databases.
    pub(crate) async fn write<R: Send + 'static>(
        &self,
        database: &DatabaseRef,
        told: fn(&R) -> Json,
        job: impl Fn(&mut Writer<'_>, &DatabaseRef) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let wrappers = self.wrappers(database.name(), true)?;
        if !wrappers.is_empty() {
            // Wrappers work once, so such a write has its transaction for itself.
            return self.write_wrapped(database, wrappers, told, job).await;
        }
        let planned = database.clone();
        let job = move |writer: &mut Writer<'_>| {
            let database = lane::as_it_is(writer, &planned)?;
            let done = job(writer, &database)?;
            Ok((done, lane::reshaped(writer, &database)?))
        };
        let handle = self.instance.handle(database)?;
        let (done, reshaped) = handle.write_together(job).await?;
        self.note_change();
        self.after_reshaping(database.name(), reshaped).await;
        Ok(done)
    }

    /// The same for a job that can be run once only and has its transaction for itself.
    ///
    /// # Errors
    /// As [`Author::write`].
    pub(crate) async fn write_once<R: Send + 'static>(
        &self,
        database: &DatabaseRef,
        told: fn(&R) -> Json,
        job: impl FnOnce(&mut Writer<'_>, &DatabaseRef) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let wrappers = self.wrappers(database.name(), true)?;
        self.write_wrapped(database, wrappers, told, job).await
    }

    /// What plugins put around a write that begins now.
    pub(super) fn wrappers(
        &self,
        database: &str,
        transaction: bool,
    ) -> Result<Vec<Box<dyn WriteWrapper>>, Fault> {
        if let Some(call) = &self.call {
            call.require_begun()?;
        }
        let bus = &self.instance.bus;
        bus.write_wrapper(&self.hooks(), database, transaction)
    }

    async fn write_wrapped<R: Send + 'static>(
        &self,
        database: &DatabaseRef,
        mut wrappers: Vec<Box<dyn WriteWrapper>>,
        told: fn(&R) -> Json,
        job: impl FnOnce(&mut Writer<'_>, &DatabaseRef) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let planned = database.clone();
        let job = move |writer: &mut Writer<'_>| {
            let mut events = Vec::new();
            let database = lane::as_it_is(writer, &planned)?;
            let job = |writer: &mut Writer<'_>, _: &mut _| job(writer, &database);
            let done = lane::wrapped(writer, &mut wrappers, &mut events, told, job)?;
            Ok((done, events, lane::reshaped(writer, &database)?))
        };
        let handle = self.instance.handle(database)?;
        let (done, events, reshaped) = handle.write(job).await?;
        self.note_change();
        for event in &events {
            self.tell(event).await;
        }
        self.after_reshaping(database.name(), reshaped).await;
        Ok(done)
    }

    /// The same without a transaction, for what works outside of one only.
    ///
    /// # Errors
    /// As [`Author::write`].
    pub(crate) async fn write_outside_transaction<R: Send + 'static>(
        &self,
        database: &DatabaseRef,
        told: fn(&R) -> Json,
        job: impl FnOnce(&mut Writer<'_>, &DatabaseRef) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let handle = self.instance.handle(database)?;
        let mut wrappers = self.wrappers(database.name(), false)?;
        let database = database.clone();
        let (done, events) = handle
            .write_without_transaction(move |writer| {
                let mut events = Vec::new();
                let job = |writer: &mut Writer<'_>, _: &mut _| job(writer, &database);
                let done = lane::wrapped(writer, &mut wrappers, &mut events, told, job)?;
                Ok((done, events))
            })
            .await?;
        self.note_change();
        for event in &events {
            self.tell(event).await;
        }
        Ok(done)
    }

    /// The same for the server's own database, where plugins keep tables of theirs.
    ///
    /// # Errors
    /// Those of the job.
    pub(crate) async fn write_internal<R: Send + 'static>(
        &self,
        told: fn(&R) -> Json,
        job: impl FnOnce(&mut Writer<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let mut wrappers = self.wrappers(INTERNAL, true)?;
        let handle = self.instance.internal.database();
        let written = handle.write(move |writer| {
            let mut events = Vec::new();
            let job = |writer: &mut Writer<'_>, _: &mut _| job(writer);
            let done = lane::wrapped(writer, &mut wrappers, &mut events, told, job)?;
            Ok((done, events))
        });
        let (done, events) = written.await?;
        for event in &events {
            self.tell(event).await;
        }
        Ok(done)
    }

    /// The same for a table, which the job is given as it is then.
    ///
    /// # Errors
    /// As [`Author::write`]; 404 when the table is gone.
    pub(crate) async fn write_table<R: Send + 'static>(
        &self,
        table: &TableRef,
        told: fn(&R) -> Json,
        job: impl Fn(&mut Writer<'_>, &TableRef) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let name = table.name().to_owned();
        let on_table = move |writer: &mut Writer<'_>, database: &DatabaseRef| {
            job(writer, &lane::table(database, &name)?)
        };
        self.write(table.database(), told, on_table).await
    }

    /// Something was committed: such a call is not done again, whatever becomes of its answer.
    fn note_change(&self) {
        if let Some(call) = &self.call {
            call.note_change();
        }
    }

    /// Requests that come now know the new schema.
    pub(super) async fn after_reshaping(&self, database: &str, reshaped: Option<Reshaped>) {
        let Some(reshaped) = reshaped else {
            return;
        };
        if let Err(fault) = self.instance.registry.refresh().await {
            tracing::warn!("reading the schema of {database}: {fault}");
        }
        for (old, new) in reshaped.renamed {
            let event = self
                .event("rename-table")
                .with("database", database)
                .with("old_table", old)
                .with("new_table", new);
            self.tell(&event).await;
        }
    }
}
