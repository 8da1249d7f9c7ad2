//! `/-/metrics`: how the server is doing, in the text format that Prometheus and its like collect.

use std::sync::atomic::Ordering;

use datasette_core::Fault;
use datasette_core::action::{Instance as WholeInstance, PermissionsDebug};
use datasette_engine::Instance;
use datasette_engine::workings::Gauge;
use datasette_telemetry::{DatabaseMeter, Exposition, Kind};

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The page, for those who may look into the server (`permissions-debug`), like `/-/threads`.
///
/// # Errors
/// 403 `permissions-debug`.
pub(crate) async fn page(visit: &Visit) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let gate = &instance.gate;
    gate.require::<PermissionsDebug>(visit.actor(), &WholeInstance)
        .await?;
    let mut text = Exposition::default();
    text.metric("datasette_info", Kind::Gauge, "The version that is running")
        .sample(&[("version", instance.version)], 1.0);
    requests(visit, &mut text);
    databases(visit, &mut text);
    gauges(instance, &mut text);
    Ok(reply::with_type(
        "text/plain; version=0.0.4; charset=utf-8",
        text.finish(),
    ))
}

fn requests(visit: &Visit, text: &mut Exposition) {
    let meter = &visit.app.meters.requests;
    text.metric(
        "datasette_http_requests_total",
        Kind::Counter,
        "Requests that were answered",
    );
    for (key, count) in meter.read() {
        let status = key.status.to_string();
        let labels = [
            ("method", key.method),
            ("route", key.route.as_ref()),
            ("status", status.as_str()),
        ];
        text.sample(&labels, count as f64);
    }
    text.metric(
        "datasette_http_request_duration_seconds",
        Kind::Histogram,
        "Time until an answer began",
    )
    .histogram(&[], &meter.durations.read());
}

fn databases(visit: &Visit, text: &mut Exposition) {
    let meters = visit.app.meters.databases();
    let each = |text: &mut Exposition, write: &dyn Fn(&mut Exposition, &str, &DatabaseMeter)| {
        for (name, meter) in &meters {
            write(text, name, meter);
        }
    };
    text.metric(
        "datasette_db_operation_duration_seconds",
        Kind::Histogram,
        "Time that jobs of a database took, waiting included",
    );
    each(text, &|text, name, meter| {
        for (operation, durations) in [("read", &meter.reads), ("write", &meter.writes)] {
            let labels = [("database", name), ("operation", operation)];
            text.histogram(&labels, &durations.read());
        }
    });
    text.metric(
        "datasette_db_write_queue_wait_seconds",
        Kind::Histogram,
        "Time that writes waited for those before them",
    );
    each(text, &|text, name, meter| {
        text.histogram(&[("database", name)], &meter.write_waits.read());
    });
    text.metric(
        "datasette_db_operations_failed_total",
        Kind::Counter,
        "Jobs of a database that failed",
    );
    each(text, &|text, name, meter| {
        let failed = meter.failed.load(Ordering::Relaxed);
        text.sample(&[("database", name)], failed as f64);
    });
    text.metric(
        "datasette_db_queries_interrupted_total",
        Kind::Counter,
        "Statements that were stopped by sql_time_limit_ms",
    );
    each(text, &|text, name, meter| {
        let interrupted = meter.interrupted.load(Ordering::Relaxed);
        text.sample(&[("database", name)], interrupted as f64);
    });
}

/// A gauge of each database: its name, what it is, its value where there is one.
type Shown = (&'static str, &'static str, fn(&Gauge) -> Option<usize>);

fn gauges(instance: &Instance, text: &mut Exposition) {
    let gauges = instance.gauges();
    text.metric(
        "datasette_db_read_threads_limit",
        Kind::Gauge,
        "Reads of one database that may run at the same time",
    )
    .sample(&[], gauges.read_threads as f64);
    let metrics: [Shown; 4] = [
        (
            "datasette_db_reads_pending",
            "Reads that were asked for and are not over",
            |one| Some(one.pending),
        ),
        (
            "datasette_db_reads_waiting",
            "Reads that wait for a thread",
            |one| Some(one.waiting_reads),
        ),
        (
            "datasette_db_writes_waiting",
            "Writes that wait for those before them",
            |one| one.waiting_writes,
        ),
        (
            "datasette_db_connections_open",
            "Open connections of SQLite",
            |one| Some(one.connections),
        ),
    ];
    for (name, help, value) in metrics {
        text.metric(name, Kind::Gauge, help);
        for one in &gauges.databases {
            if let Some(value) = value(one) {
                text.sample(&[("database", &one.database)], value as f64);
            }
        }
    }
}
