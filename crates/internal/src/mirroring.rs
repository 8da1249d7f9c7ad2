//! Mirroring beside the requests: in order, one at a time, nobody waits unless they ask to.

use std::sync::Arc;

use datasette_core::{DatabaseEntry, Fault};
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use crate::internal::Internal;

enum Order {
    Replace(Arc<DatabaseEntry>),
    KeepOnly(Vec<String>),
    Report(oneshot::Sender<()>),
}

/// The queue of changes on their way into the internal tables.
pub(crate) struct Mirroring {
    internal: Arc<Internal>,
    queue: Mutex<Option<mpsc::UnboundedSender<Order>>>,
}

impl Mirroring {
    pub(crate) fn new(internal: Arc<Internal>) -> Self {
        Self {
            internal,
            queue: Mutex::new(None),
        }
    }

    /// Queues the replacement of one database's rows.
    pub(crate) fn replace(&self, entry: Arc<DatabaseEntry>) {
        self.send(Order::Replace(entry));
    }

    /// Queues the removal of all other databases' rows.
    pub(crate) fn keep_only(&self, names: Vec<String>) {
        self.send(Order::KeepOnly(names));
    }

    /// Whether the task that does the work has been started.
    pub(crate) fn is_running(&self) -> bool {
        let queue = self.queue.lock();
        queue.as_ref().is_some_and(|sender| !sender.is_closed())
    }

    /// Returns when everything queued so far is done.
    pub(crate) async fn settled(&self) {
        if self.queue.lock().is_none() {
            return;
        }
        let (done, waiting) = oneshot::channel();
        self.send(Order::Report(done));
        // An error means that the runtime ends and nothing more will be done.
        let _ = waiting.await;
    }

    fn send(&self, order: Order) {
        let mut queue = self.queue.lock();
        let order = match queue.as_ref() {
            Some(sender) => match sender.send(order) {
                Ok(()) => return,
                // The task ended with the runtime it ran on.
                Err(unsent) => unsent.0,
            },
            None => order,
        };
        let (sender, orders) = mpsc::unbounded_channel();
        if sender.send(order).is_ok() {
            tokio::spawn(work(Arc::clone(&self.internal), orders));
            *queue = Some(sender);
        }
    }
}

async fn work(internal: Arc<Internal>, mut orders: mpsc::UnboundedReceiver<Order>) {
    while let Some(order) = orders.recv().await {
        let outcome = match order {
            Order::Replace(entry) => internal.mirror(&entry).await,
            Order::KeepOnly(names) => internal.forget_missing(&names).await,
            Order::Report(done) => {
                // Who asked may have gone.
                let _ = done.send(());
                Ok(())
            }
        };
        if let Err(error) = outcome {
            report(&error);
        }
    }
}

fn report(error: &Fault) {
    match error.cause() {
        Some(cause) => tracing::warn!("mirroring the catalogue: {error}: {cause}"),
        None => tracing::warn!("mirroring the catalogue: {error}"),
    }
}
