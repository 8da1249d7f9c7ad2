//! Watching a database: counting its jobs and, where somebody collects, spans of its statements.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use datasette_core::clock::{Clock, SystemClock};
use datasette_sqlite::{JobObserver, Observed, Observer, SqlError, Work};
use opentelemetry::trace::{Span, SpanBuilder, SpanKind, Status};
use opentelemetry::{Context, KeyValue};
use parking_lot::Mutex;

use crate::meters::{DatabaseMeter, Meters};
use crate::provider::{Telemetry, attribute};

/// The most characters of a statement that a span tells (OTEL-08).
const TOLD: usize = 2048;

/// Leading words that name an operation (OTEL-09).
const OPERATIONS: [&str; 13] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "PRAGMA", "EXPLAIN",
    "REPLACE", "VACUUM", "ANALYZE", "WITH",
];

/// Watches one database.
#[derive(Clone)]
struct DatabaseObserver {
    shared: Arc<Watched>,
}

struct Watched {
    name: String,
    /// The operator's time limit; shorter ones are somebody's choice.
    limit: Duration,
    meter: Arc<DatabaseMeter>,
    telemetry: Option<Telemetry>,
}

impl DatabaseObserver {
    fn new(
        name: &str,
        limit: Duration,
        meter: Arc<DatabaseMeter>,
        telemetry: Option<Telemetry>,
    ) -> Self {
        Self {
            shared: Arc::new(Watched {
                name: name.to_owned(),
                limit,
                meter,
                telemetry,
            }),
        }
    }
}

/// What the observers of a server's databases share.
#[derive(Clone, Debug)]
pub struct Watching {
    /// What is counted.
    pub meters: Meters,
    /// Where spans and metrics go, if anywhere.
    pub telemetry: Option<Telemetry>,
    /// `sql_time_limit_ms`.
    pub limit: Duration,
}

impl Watching {
    /// The observer of the database of that name.
    pub fn observer(&self, name: &str) -> Arc<dyn Observer> {
        let meter = self.meters.database(name);
        let telemetry = self.telemetry.clone();
        Arc::new(DatabaseObserver::new(name, self.limit, meter, telemetry))
    }
}

impl fmt::Debug for DatabaseObserver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DatabaseObserver({:?})", self.shared.name)
    }
}

impl Observer for DatabaseObserver {
    fn queued(&self, work: Work) -> Arc<dyn JobObserver> {
        let shared = Arc::clone(&self.shared);
        let told = shared.telemetry.is_some().then(|| Told {
            parent: Context::current(),
            queued: now(),
            progress: Mutex::default(),
        });
        Arc::new(Job {
            shared,
            work,
            queued: Instant::now(),
            told,
        })
    }
}

/// One job.
struct Job {
    shared: Arc<Watched>,
    work: Work,
    queued: Instant,
    told: Option<Told>,
}

/// What spans need.
struct Told {
    parent: Context,
    queued: SystemTime,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    began: Option<SystemTime>,
    /// Statements so far, and the attributes of the latest.
    statements: usize,
    attributes: Vec<KeyValue>,
    failed: Option<Failed>,
}

#[derive(Clone, Copy)]
struct Failed {
    error: &'static str,
    /// Whether the span is marked as an error (OTEL-11).
    counts: bool,
}

impl JobObserver for Job {
    fn began(&self) {
        if let Work::Write { .. } = self.work {
            let waited = self.queued.elapsed();
            self.shared.meter.write_waits.record(waited);
            if let Some(telemetry) = &self.shared.telemetry {
                let instruments = telemetry.instruments();
                let name = attribute("db.namespace", self.shared.name.clone());
                instruments
                    .write_queue_wait
                    .record(waited.as_secs_f64(), &[name]);
            }
        }
        if let Some(told) = &self.told {
            told.progress.lock().began = Some(now());
        }
    }

    fn statement(&self, observed: &Observed<'_>) {
        let failed = observed.error.map(|error| Failed {
            error: error_type(error),
            counts: !self.is_own_choice(observed),
        });
        let interrupted = matches!(observed.error, Some(SqlError::Interrupted { .. }));
        if interrupted && failed.is_some_and(|failed| failed.counts) {
            self.shared
                .meter
                .interrupted
                .fetch_add(1, Ordering::Relaxed);
            if let Some(telemetry) = &self.shared.telemetry {
                let name = attribute("db.namespace", self.shared.name.clone());
                telemetry.instruments().queries_interrupted.add(1, &[name]);
            }
        }
        let (Some(told), Some(telemetry)) = (&self.told, &self.shared.telemetry) else {
            return;
        };
        let mut progress = told.progress.lock();
        progress.statements += 1;
        progress.failed = failed.or(progress.failed);
        let mut attributes = self.attributes(observed);
        if interrupted {
            attributes.push(attribute("datasette.interrupted", true));
        }
        if let Work::Write { .. } = self.work {
            // One span for the whole write, once it is over.
            progress.attributes = attributes;
            return;
        }
        let end = now();
        let executed = end.checked_sub(observed.elapsed).unwrap_or(end);
        // The first statement of a job is the one that waited.
        let start = match progress.statements {
            1 => told.queued.min(executed),
            _ => executed,
        };
        let builder = client_span(start, attributes);
        let context = telemetry.within(builder, &told.parent);
        self.inner(
            telemetry,
            "db.query.execute",
            &context,
            (executed, end),
            Vec::new(),
        );
        finish(&context, end, failed);
    }

    fn ended(&self, succeeded: bool) {
        let shared = &self.shared;
        let took = self.queued.elapsed();
        let (durations, operation) = match self.work {
            Work::Read => (&shared.meter.reads, "read"),
            Work::Write { .. } => (&shared.meter.writes, "write"),
        };
        durations.record(took);
        if !succeeded {
            shared.meter.failed.fetch_add(1, Ordering::Relaxed);
        }
        let (Some(told), Some(telemetry)) = (&self.told, &shared.telemetry) else {
            return;
        };
        let mut progress = std::mem::take(&mut *told.progress.lock());
        let failed = progress.failed.filter(|_| !succeeded);
        let mut attributes = vec![
            attribute("db.system", "sqlite"),
            attribute("db.namespace", shared.name.clone()),
            attribute("datasette.operation", operation),
        ];
        if !succeeded {
            let error = failed.map_or("Error", |failed| failed.error);
            attributes.push(attribute("error.type", error));
        }
        let instruments = telemetry.instruments();
        instruments
            .operation_duration
            .record(took.as_secs_f64(), &attributes);
        if let Work::Write { transaction } = self.work {
            if progress.statements != 1 {
                progress.attributes = self.about_database();
                progress
                    .attributes
                    .push(attribute("datasette.callback", "write"));
            }
            self.write_spans(telemetry, told, progress, (transaction, failed));
        }
    }
}

impl Job {
    fn about_database(&self) -> Vec<KeyValue> {
        vec![
            attribute("db.system", "sqlite"),
            attribute("db.namespace", self.shared.name.clone()),
        ]
    }

    fn attributes(&self, observed: &Observed<'_>) -> Vec<KeyValue> {
        let mut attributes = self.about_database();
        attributes.push(attribute("db.query.text", shortened(observed.sql)));
        if observed.is_script {
            attributes.push(attribute("datasette.executescript", true));
        } else {
            if let Some(operation) = operation(observed.sql) {
                attributes.push(attribute("db.operation.name", operation));
            }
            attributes.push(attribute("datasette.param_count", number(observed.params)));
        }
        if let Some(limit) = observed.limit {
            let milliseconds = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
            attributes.push(attribute("datasette.time_limit_ms", milliseconds));
        }
        if let Some(rows) = observed.rows {
            attributes.push(attribute("datasette.rows_returned", number(rows)));
            attributes.push(attribute("datasette.truncated", observed.truncated));
        }
        attributes
    }

    /// Whether the statement was stopped by a limit that somebody chose shorter than the
    /// operator's (OTEL-11).
    fn is_own_choice(&self, observed: &Observed<'_>) -> bool {
        matches!(observed.error, Some(SqlError::Interrupted { .. }))
            && observed
                .limit
                .is_some_and(|limit| limit < self.shared.limit)
    }

    fn write_spans(
        &self,
        telemetry: &Telemetry,
        told: &Told,
        progress: Progress,
        (transaction, failed): (bool, Option<Failed>),
    ) {
        let end = now();
        let began = progress.began.unwrap_or(told.queued);
        let builder = client_span(told.queued, progress.attributes);
        let context = telemetry.within(builder, &told.parent);
        let waited = (told.queued, began);
        self.inner(
            telemetry,
            "db.write.queue_wait",
            &context,
            waited,
            Vec::new(),
        );
        let how = vec![
            attribute("datasette.isolated_connection", false),
            attribute("datasette.transaction", transaction),
        ];
        self.inner(telemetry, "db.write.execute", &context, (began, end), how);
        finish(&context, end, failed);
    }

    /// A span within another one, already over.
    fn inner(
        &self,
        telemetry: &Telemetry,
        name: &'static str,
        within: &Context,
        (start, end): (SystemTime, SystemTime),
        attributes: Vec<KeyValue>,
    ) {
        let builder = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Internal)
            .with_start_time(start)
            .with_attributes(attributes);
        telemetry.span(builder, within).end_with_timestamp(end);
    }
}

/// When it is. Spans stand among those of other machines, so this is no clock that tests hold
/// still.
fn now() -> SystemTime {
    UNIX_EPOCH + SystemClock.now()
}

fn client_span(start: SystemTime, attributes: Vec<KeyValue>) -> SpanBuilder {
    SpanBuilder::from_name("db.query")
        .with_kind(SpanKind::Client)
        .with_start_time(start)
        .with_attributes(attributes)
}

fn finish(context: &Context, end: SystemTime, failed: Option<Failed>) {
    use opentelemetry::trace::TraceContextExt;
    let span = context.span();
    if let Some(failed) = failed {
        span.set_attribute(attribute("error.type", failed.error));
        if failed.counts {
            span.set_status(Status::error(failed.error));
        }
    }
    span.end_with_timestamp(end);
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn shortened(sql: &str) -> String {
    let sql = sql.trim();
    match sql.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}…[truncated]", &sql[..end]),
        None => sql.to_owned(),
    }
}

fn operation(sql: &str) -> Option<&'static str> {
    let sql = sql.trim_start();
    let end = sql.find(|character: char| !character.is_ascii_alphabetic());
    let word = &sql[..end.unwrap_or(sql.len())];
    let mut known = OPERATIONS.iter();
    known
        .find(|known| known.eq_ignore_ascii_case(word))
        .copied()
}

/// Names that dashboards made for the original know.
fn error_type(error: &SqlError) -> &'static str {
    match error {
        SqlError::Interrupted { .. } => "QueryInterrupted",
        SqlError::Cancelled => "CancelledError",
        SqlError::Corrupt { .. } => "DatabaseError",
        error if error.is_constraint() => "IntegrityError",
        _ => "OperationalError",
    }
}
