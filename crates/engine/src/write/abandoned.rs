//! Whether anybody still waits for a change that may yet be taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Held by whoever waits. Once it is dropped, what has not been committed may end instead.
#[derive(Debug, Default)]
pub struct Waiting(Arc<AtomicBool>);

/// The other end, for the change.
#[derive(Clone, Debug)]
pub struct Abandoned(Arc<AtomicBool>);

impl Waiting {
    /// Tells the change when nobody waits any more.
    pub fn watch(&self) -> Abandoned {
        Abandoned(Arc::clone(&self.0))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Abandoned {
    pub(super) fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
