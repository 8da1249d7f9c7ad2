//! The attached databases and the live catalogue of what is in them.

mod attachment;
mod refresh;

use std::sync::Arc;
use std::time::Instant;

use datasette_core::{Catalogue, DatabaseRef};
use datasette_sqlite::Database;
use parking_lot::{Mutex, RwLock};

use crate::internal::Internal;
use crate::mirroring::Mirroring;
use attachment::Attachment;
use refresh::Mirrored;

/// The attached databases. The catalogue is a snapshot that changes as a whole.
pub struct Registry {
    attachments: RwLock<Vec<Arc<Attachment>>>,
    catalogue: RwLock<Arc<Catalogue>>,
    mirroring: Mirroring,
    refreshing: tokio::sync::Mutex<Mirrored>,
    refreshed: Mutex<Option<Instant>>,
}

impl Registry {
    /// No databases yet. What will be attached is mirrored into `internal`.
    pub fn new(internal: Arc<Internal>) -> Self {
        Self {
            attachments: RwLock::default(),
            catalogue: RwLock::default(),
            mirroring: Mirroring::new(internal),
            refreshing: tokio::sync::Mutex::default(),
            refreshed: Mutex::new(None),
        }
    }

    /// Attaches a database under a name and a route (ROUTE-26), after those attached before; one
    /// of the same name is replaced where it stands. The catalogue has it after the next
    /// [`Registry::refresh`].
    pub fn attach(&self, name: impl Into<String>, route: impl Into<String>, database: Database) {
        let attachment = Arc::new(Attachment::new(name.into(), route.into(), database));
        let mut attachments = self.attachments.write();
        let former = attachments
            .iter_mut()
            .find(|former| former.name() == attachment.name());
        match former {
            Some(former) => *former = attachment,
            None => attachments.push(attachment),
        }
    }

    /// Detaches a database, and answers whether there was one of that name. The catalogue loses
    /// it at once, the internal tables at the next [`Registry::refresh`] (INT-29).
    pub fn detach(&self, name: &str) -> bool {
        let mut attachments = self.attachments.write();
        let before = attachments.len();
        attachments.retain(|attachment| attachment.name() != name);
        let detached = attachments.len() < before;
        if detached {
            self.publish(&attachments);
        }
        detached
    }

    /// Gives a database another route; whether there is one of that name.
    pub fn set_route(&self, name: &str, route: &str) -> bool {
        let attachments = self.attachments.read();
        let found = attachments.iter().find(|attached| attached.name() == name);
        if let Some(attachment) = found {
            attachment.set_route(route.to_owned());
            self.publish(&attachments);
        }
        found.is_some()
    }

    /// Tells the SHA-256 of an immutable file, in lower-case hex, once it is known (IMM-03).
    pub fn set_hash(&self, name: &str, hash: String) {
        let attachments = self.attachments.read();
        if let Some(attachment) = attachments.iter().find(|attached| attached.name() == name) {
            attachment.set_hash(hash);
            self.publish(&attachments);
        }
    }

    /// What exists as of the last refresh. No I/O.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read())
    }

    /// The handle of a database of the catalogue; `None` when it was detached since.
    pub fn database_handle(&self, database: &DatabaseRef) -> Option<Database> {
        self.handle_of(database.name())
    }

    /// The handle of the database of exactly that name.
    pub fn handle_of(&self, name: &str) -> Option<Database> {
        self.attachments
            .read()
            .iter()
            .find(|attachment| attachment.name() == name)
            .map(|attachment| attachment.database().clone())
    }

    /// The name and handle of every attached database, in attach order.
    pub fn handles(&self) -> Vec<(String, Database)> {
        self.attachments
            .read()
            .iter()
            .map(|attached| (attached.name().to_owned(), attached.database().clone()))
            .collect()
    }

    /// Returns when the internal tables say what the catalogue of this moment says: before
    /// plugins start (INT-33) and before rules written in SQL run. At once if they already do.
    pub async fn settled(&self) {
        self.mirroring.settled().await;
    }

    /// Whether the internal tables are kept up to date beside the requests, by a task that has
    /// been started.
    pub fn is_mirroring(&self) -> bool {
        self.mirroring.is_running()
    }

    /// Makes the entries of these attachments the catalogue. Callers hold the lock on them.
    fn publish(&self, attachments: &[Arc<Attachment>]) {
        let entries = attachments
            .iter()
            .filter_map(|attachment| attachment.entry());
        *self.catalogue.write() = Arc::new(Catalogue::new(entries));
    }
}
