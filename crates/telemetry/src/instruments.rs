//! The metrics that a collector gets (OTEL-12 to OTEL-14).

use std::sync::Arc;

use datasette_core::histogram::BOUNDS;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

/// What is recorded as it happens.
pub(crate) struct Instruments {
    pub(crate) operation_duration: Histogram<f64>,
    pub(crate) write_queue_wait: Histogram<f64>,
    pub(crate) queries_interrupted: Counter<u64>,
}

impl Instruments {
    pub(crate) fn new(meter: &Meter) -> Self {
        let histogram = |name: &'static str, description: &'static str| {
            meter
                .f64_histogram(name)
                .with_unit("s")
                .with_description(description)
                .with_boundaries(BOUNDS.to_vec())
                .build()
        };
        Self {
            operation_duration: histogram(
                "db.client.operation.duration",
                "How long jobs of a database took, waiting included",
            ),
            write_queue_wait: histogram(
                "datasette.write.queue_wait",
                "How long a write waited for those before it",
            ),
            queries_interrupted: meter
                .u64_counter("datasette.sql.queries.interrupted")
                .with_unit("{query}")
                .with_description("Statements that were stopped by sql_time_limit_ms")
                .build(),
        }
    }
}

/// The state of one database at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseGauges {
    /// Its name.
    pub database: String,
    /// Reads that were asked for and are not over.
    pub pending: u64,
    /// Writes that wait; `None` before the first write.
    pub write_queue: Option<u64>,
    /// Connections to it.
    pub connections: u64,
}

/// The state of all databases at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// How many reads of one database may run at the same time; 0 where the operator wants no
    /// threads.
    pub read_threads: u64,
    /// Reads that wait for a thread.
    pub waiting_reads: u64,
    /// Each of them, the server's own included.
    pub databases: Vec<DatabaseGauges>,
}

/// Has these looked at whenever metrics are collected.
pub(crate) fn observe(meter: &Meter, look: Arc<dyn Fn() -> Gauges + Send + Sync>) {
    type Read = fn(&Gauges) -> Vec<(u64, Vec<KeyValue>)>;
    let gauges: [(&'static str, &'static str, &'static str, Read); 5] = [
        (
            "datasette.sql.threads.limit",
            "{thread}",
            "Reads of one database that may run at the same time",
            |gauges| of_threads(gauges, gauges.read_threads),
        ),
        (
            "datasette.sql.threads.queue_depth",
            "{query}",
            "Reads that wait for a thread",
            |gauges| of_threads(gauges, gauges.waiting_reads),
        ),
        (
            "datasette.sql.queries.pending",
            "{query}",
            "Reads that were asked for and are not over",
            |gauges| each(gauges, |one| Some(one.pending)),
        ),
        (
            "datasette.write.queue_depth",
            "{write}",
            "Writes that wait for those before them",
            |gauges| each(gauges, |one| one.write_queue),
        ),
        (
            "datasette.connections.open",
            "{connection}",
            "Open connections of SQLite",
            |gauges| each(gauges, |one| Some(one.connections)),
        ),
    ];
    for (name, unit, description, read) in gauges {
        let look = Arc::clone(&look);
        meter
            .u64_observable_gauge(name)
            .with_unit(unit)
            .with_description(description)
            .with_callback(move |observer| {
                for (value, attributes) in read(&look()) {
                    observer.observe(value, &attributes);
                }
            })
            .build();
    }
}

/// A value about threads, where the operator wants any.
fn of_threads(gauges: &Gauges, value: u64) -> Vec<(u64, Vec<KeyValue>)> {
    match gauges.read_threads {
        0 => Vec::new(),
        _ => vec![(value, Vec::new())],
    }
}

fn each(
    gauges: &Gauges,
    value: impl Fn(&DatabaseGauges) -> Option<u64>,
) -> Vec<(u64, Vec<KeyValue>)> {
    let databases = gauges.databases.iter();
    databases
        .filter_map(|one| {
            let attributes = vec![KeyValue::new("db.namespace", one.database.clone())];
            Some((value(one)?, attributes))
        })
        .collect()
}
