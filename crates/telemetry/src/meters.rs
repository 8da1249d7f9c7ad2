//! What is counted whether or not anybody collects it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use datasette_core::histogram::Histogram;
use parking_lot::{Mutex, RwLock};

/// The counts of one database.
#[derive(Debug, Default)]
pub struct DatabaseMeter {
    /// Reading jobs, waiting included.
    pub reads: Histogram,
    /// Writing jobs, waiting included.
    pub writes: Histogram,
    /// The waiting of writing jobs.
    pub write_waits: Histogram,
    /// Jobs that failed.
    pub failed: AtomicU64,
    /// Statements that the operator's time limit stopped.
    pub interrupted: AtomicU64,
}

/// What requests are told apart by: few values, whatever clients send.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey {
    /// The pattern that matched; empty where none did.
    pub route: Cow<'static, str>,
    /// The method, `_OTHER` for unusual ones (OTEL-03).
    pub method: &'static str,
    /// The status.
    pub status: u16,
}

/// The counts of requests.
#[derive(Debug, Default)]
pub struct RequestMeter {
    counts: RwLock<HashMap<RequestKey, AtomicU64>>,
    /// How long answers took to begin.
    pub durations: Histogram,
}

impl RequestMeter {
    /// Counts a request that was answered.
    pub fn answered(&self, key: RequestKey, took: Duration) {
        self.durations.record(took);
        if let Some(count) = self.counts.read().get(&key) {
            count.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut counts = self.counts.write();
        counts
            .entry(key)
            .or_default()
            .fetch_add(1, Ordering::Relaxed);
    }

    /// How many requests there were of each kind, sorted.
    pub fn read(&self) -> Vec<(RequestKey, u64)> {
        let counts = self.counts.read();
        let mut read: Vec<_> = counts
            .iter()
            .map(|(key, count)| (key.clone(), count.load(Ordering::Relaxed)))
            .collect();
        read.sort_unstable();
        read
    }
}

/// The counts of one database, with its name.
type Named = (String, Arc<DatabaseMeter>);

/// All counts of a server. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    /// Requests.
    pub requests: Arc<RequestMeter>,
    databases: Arc<Mutex<Vec<Named>>>,
}

impl Meters {
    /// The counts of a database, from zero for a new name.
    pub fn database(&self, name: &str) -> Arc<DatabaseMeter> {
        let mut databases = self.databases.lock();
        if let Some((_, meter)) = databases.iter().find(|(known, _)| known == name) {
            return Arc::clone(meter);
        }
        let meter = Arc::<DatabaseMeter>::default();
        databases.push((name.to_owned(), Arc::clone(&meter)));
        meter
    }

    /// The databases that are counted, in the order in which they came.
    pub fn databases(&self) -> Vec<Named> {
        self.databases.lock().clone()
    }
}
