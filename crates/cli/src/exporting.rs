//! What is exported about the databases: their state while they run, and the rest at the end.

use std::sync::{Arc, Weak};

use datasette_engine::Instance;
use datasette_telemetry::{DatabaseGauges, Gauges, Telemetry};

/// Sends what is left, while the runtime still runs.
pub(crate) async fn send_rest(telemetry: Option<Telemetry>) {
    if let Some(telemetry) = telemetry {
        let _ = tokio::task::spawn_blocking(move || telemetry.shutdown()).await;
    }
}

/// Has the state of the databases exported, for as long as the instance lives.
pub(crate) fn observe_gauges(telemetry: &Telemetry, instance: &Arc<Instance>) {
    let instance: Weak<Instance> = Arc::downgrade(instance);
    telemetry.observe(move || match instance.upgrade() {
        Some(instance) => gauges(&instance),
        None => Gauges::default(),
    });
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
