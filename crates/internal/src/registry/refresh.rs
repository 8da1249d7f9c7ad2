//! Looking whether schemas changed (INT-27, INT-30).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datasette_core::{DatabaseEntry, DatabaseRef, DatabaseSchema, Fault};
use tokio::task::JoinSet;

use super::Registry;
use super::attachment::Attachment;

/// How long a look counts as recent.
const EVERY: Duration = Duration::from_secs(1);

/// Which schemas the internal tables show, or are about to; `None` before the first look.
pub(super) type Mirrored = Option<HashMap<String, Arc<DatabaseSchema>>>;

impl Registry {
    /// Looks at all schemas if nobody did within the last second (INT-27). Requests call this
    /// first; it never fails, because what was known before still serves.
    pub async fn refresh_if_due(&self) {
        let recent = |at: &Instant| at.elapsed() < EVERY;
        if self.refreshed.lock().as_ref().is_some_and(recent) {
            return;
        }
        // Another request is looking: this one makes do with what is known.
        let Ok(mut mirrored) = self.refreshing.try_lock() else {
            return;
        };
        if let Err(error) = self.look(&mut mirrored).await {
            tracing::warn!("refreshing the catalogue: {error}");
        }
    }

    /// Looks at all schemas because something was asked for that is not known: somebody may have
    /// made it a moment ago (DEP-03). Answers whether anything is different now. Many who ask at
    /// the same time share one look.
    pub async fn look_for_news(&self) -> bool {
        let asked = Instant::now();
        let before = self.catalogue();
        let mut mirrored = self.refreshing.lock().await;
        let is_known = self.refreshed.lock().is_some_and(|at| at > asked);
        if !is_known && let Err(error) = self.look(&mut mirrored).await {
            tracing::warn!("refreshing the catalogue: {error}");
        }
        !Arc::ptr_eq(&before, &self.catalogue())
    }

    /// Looks at all schemas now: after attaching, and after a change of a schema.
    ///
    /// # Errors
    /// A database that was never read before cannot be read. The others are in the catalogue.
    pub async fn refresh(&self) -> Result<(), Fault> {
        let mut mirrored = self.refreshing.lock().await;
        self.look(&mut mirrored).await
    }

    async fn look(&self, mirrored: &mut Mirrored) -> Result<(), Fault> {
        *self.refreshed.lock() = Some(Instant::now());
        let attachments = self.attachments.read().clone();
        let failure = read_schemas(&attachments).await;

        let attachments = self.attachments.read();
        let entries: Vec<_> = attachments
            .iter()
            .filter_map(|attachment| attachment.entry())
            .collect();
        let known = self.catalogue();
        let same = |(known, entry): (DatabaseRef, &Arc<DatabaseEntry>)| {
            std::ptr::eq(known.entry(), Arc::as_ptr(entry))
        };
        let unchanged =
            known.databases().len() == entries.len() && known.databases().zip(&entries).all(same);
        if !unchanged {
            self.publish(&attachments);
        }
        drop(attachments);
        self.mirror_changes(mirrored, &entries);
        failure.map_or(Ok(()), Err)
    }

    fn mirror_changes(&self, mirrored: &mut Mirrored, entries: &[Arc<DatabaseEntry>]) {
        let is_attached = |name: &String| entries.iter().any(|entry| entry.name == *name);
        let is_first = mirrored.is_none();
        let mirrored = mirrored.get_or_insert_default();
        if is_first || !mirrored.keys().all(is_attached) {
            mirrored.retain(|name, _| is_attached(name));
            let names = entries.iter().map(|entry| entry.name.clone()).collect();
            self.mirroring.keep_only(names);
        }
        for entry in entries {
            let schema = mirrored.get(&entry.name);
            if !schema.is_some_and(|schema| Arc::ptr_eq(schema, &entry.schema)) {
                mirrored.insert(entry.name.clone(), Arc::clone(&entry.schema));
                self.mirroring.replace(Arc::clone(entry));
            }
        }
    }
}

/// Reads the schemas of all databases at the same time. Those already known keep their entry when
/// they cannot be read now; the first failure of one never read before is the answer.
async fn read_schemas(attachments: &[Arc<Attachment>]) -> Option<Fault> {
    let mut reading = JoinSet::new();
    for attachment in attachments {
        let attachment = Arc::clone(attachment);
        reading.spawn(async move {
            let schema = attachment.database().schema().await;
            (attachment, schema)
        });
    }
    let mut failure = None;
    while let Some(finished) = reading.join_next().await {
        match finished {
            Ok((attachment, Ok(schema))) => {
                attachment.learn(&schema);
            }
            Ok((attachment, Err(error))) if attachment.entry().is_some() => {
                tracing::warn!("reading the schema of {}: {error}", attachment.name());
            }
            Ok((_, Err(error))) => failure = failure.or(Some(error)),
            Err(panicked) => failure = failure.or(Some(Fault::internal(panicked))),
        }
    }
    failure
}
