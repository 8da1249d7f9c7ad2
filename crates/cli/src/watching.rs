//! Who is told what the databases do: what counts, and what is exported.

use std::sync::{Arc, Weak};
use std::time::Duration;

use datasette_engine::Instance;
use datasette_sqlite::Observer;
use datasette_telemetry::{DatabaseGauges, DatabaseObserver, Gauges, Meters, Telemetry};

/// Sends what is left, while the runtime still runs.
pub(crate) async fn send_rest(telemetry: Option<Telemetry>) {
    if let Some(telemetry) = telemetry {
        let _ = tokio::task::spawn_blocking(move || telemetry.shutdown()).await;
    }
}

/// What observers of databases share.
pub(crate) struct Watching {
    pub(crate) meters: Meters,
    pub(crate) telemetry: Option<Telemetry>,
    /// `sql_time_limit_ms`.
    pub(crate) limit: Duration,
}

impl Watching {
    /// The observer of a database.
    pub(crate) fn observer(&self, name: &str) -> Option<Arc<dyn Observer>> {
        let meter = self.meters.database(name);
        let telemetry = self.telemetry.clone();
        let observer = DatabaseObserver::new(name, self.limit, meter, telemetry);
        Some(Arc::new(observer))
    }

    /// Has the state of the databases exported, for as long as the instance lives.
    pub(crate) fn observe_gauges(&self, instance: &Arc<Instance>) {
        let Some(telemetry) = &self.telemetry else {
            return;
        };
        let instance: Weak<Instance> = Arc::downgrade(instance);
        telemetry.observe(move || match instance.upgrade() {
            Some(instance) => gauges(&instance),
            None => Gauges::default(),
        });
    }
}

fn gauges(instance: &Instance) -> Gauges {
    let gauges = instance.gauges();
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let waiting = gauges.databases.iter().map(|one| one.waiting_reads).sum();
    Gauges {
        read_threads: number(gauges.read_threads),
        waiting_reads: number(waiting),
        databases: gauges
            .databases
            .iter()
            .map(|one| DatabaseGauges {
                database: one.database.clone(),
                pending: number(one.pending),
                write_queue: one.waiting_writes.map(number),
                connections: number(one.connections),
            })
            .collect(),
    }
}
