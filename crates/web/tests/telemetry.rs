//! What a collector and `/-/metrics` are told about requests and statements.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use datasette_core::Actor;
use datasette_telemetry::{Builder, Telemetry};
use datasette_testkit::{SiteBuilder, TestSite};
use datasette_web::in_process::Question;
use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use serde_json::json;

const SQL: &str = "create table t (id integer primary key, name text);
    insert into t values (1, 'one'), (2, 'two');";

struct Collected {
    site: TestSite,
    spans: InMemorySpanExporter,
    metrics: InMemoryMetricExporter,
    telemetry: Telemetry,
}

async fn collected(site: SiteBuilder, builder: Builder) -> Collected {
    let spans = InMemorySpanExporter::default();
    let metrics = InMemoryMetricExporter::default();
    let telemetry = builder
        .with_span_exporter(spans.clone())
        .with_metric_exporter(metrics.clone())
        .build("1.0a41");
    let site = site.telemetry(telemetry.clone()).start().await;
    spans.reset();
    Collected {
        site,
        spans,
        metrics,
        telemetry,
    }
}

/// A site whose metrics Ann may look at.
fn built() -> SiteBuilder {
    TestSite::build()
        .database("data", SQL)
        .config(json!({"permissions": {"permissions-debug": {"id": "ann"}}}))
}

async fn plain() -> Collected {
    collected(built(), Builder::default()).await
}

fn attributes(span: &SpanData) -> BTreeMap<String, String> {
    let pairs = span.attributes.iter();
    pairs
        .map(|pair| (pair.key.to_string(), pair.value.to_string()))
        .collect()
}

impl Collected {
    fn spans(&self) -> Vec<SpanData> {
        self.telemetry.flush();
        self.spans.get_finished_spans().unwrap()
    }

    /// The span of the request. It ends when nothing works for the request any more, which may be
    /// after its answer.
    async fn request(&self) -> SpanData {
        let is_request = |span: &SpanData| attributes(span).contains_key("http.request.method");
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let mut requests = self.spans().into_iter().filter(is_request);
            if let Some(request) = requests.next() {
                assert!(requests.next().is_none());
                return request;
            }
            assert!(Instant::now() < until, "the request has no span");
            tokio::task::yield_now().await;
        }
    }

    /// The spans of statements on a database.
    fn queries(&self, database: &str) -> Vec<SpanData> {
        let is_query = |span: &SpanData| {
            span.name == "db.query" && attributes(span)["db.namespace"] == database
        };
        self.spans().into_iter().filter(is_query).collect()
    }
}

// Proves: OTEL-01, OTEL-02, OTEL-03, OTEL-04, OTEL-05, DIF-03
#[tokio::test]
async fn each_request_has_a_span() {
    let cases = [
        (
            "/data/t.json?_size=1",
            "GET /(?P<database>[^\\/\\.]+)/(?P<table>[^\\/\\.]+)(\\.(?P<format>\\w+))?$",
            "200",
        ),
        ("/", "GET /(\\.(?P<format>json))?$", "200"),
        (
            "/data/t/1",
            "GET /(?P<database>[^\\/\\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)(\\.(?P<format>\\w+))?$",
            "200",
        ),
        (
            "/data/nowhere",
            "GET /(?P<database>[^\\/\\.]+)/(?P<table>[^\\/\\.]+)(\\.(?P<format>\\w+))?$",
            "404",
        ),
        ("/a/b/c/d/e/f", "GET", "404"),
        ("/-/static/app.css", "GET /-/static/(?P<path>.*)$", "200"),
    ];
    let collected = plain().await;
    for (path, name, status) in cases {
        collected.spans.reset();
        let asked = Question::get(path).header("user-agent", "tester/1");
        collected.site.ask(asked).await;
        let span = collected.request().await;
        assert_eq!(span.name, name, "{path}");
        let scope = &span.instrumentation_scope;
        assert_eq!(
            (scope.name(), scope.version()),
            ("datasette", Some("1.0a41"))
        );
        assert_eq!(
            scope.schema_url(),
            Some("https://opentelemetry.io/schemas/1.29.0")
        );
        assert_eq!(format!("{:?}", span.span_kind), "Server");
        let attributes = attributes(&span);
        let mut expected = BTreeMap::from([
            ("http.request.method", "GET"),
            ("url.path", path.split('?').next().unwrap()),
            ("url.scheme", "http"),
            ("server.address", "localhost"),
            ("user_agent.original", "tester/1"),
            ("http.response.status_code", status),
            ("datasette.internal_client", "true"),
        ]);
        if let Some((_, route)) = name.split_once(' ') {
            expected.insert("http.route", route);
        }
        let found: BTreeMap<&str, &str> = attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(found, expected, "{path}");
        assert_eq!(format!("{:?}", span.status), "Unset", "{path}");
    }
    collected.spans.reset();
    let mut odd = Question::get("/data");
    odd.method = "PURGE".parse().unwrap();
    collected.site.ask(odd).await;
    let span = collected.request().await;
    assert_eq!(attributes(&span)["http.request.method"], "_OTHER");
}

// Proves: OTEL-06
#[tokio::test]
async fn traces_of_clients_go_on_unless_that_is_off() {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (builder, continues) in [
        (Builder::default(), true),
        (Builder::default().without_propagation(), false),
    ] {
        let collected = collected(built(), builder).await;
        let span = datasette_telemetry::RequestSpan::start(
            &collected.telemetry,
            &"GET".parse().unwrap(),
            &"/data".parse().unwrap(),
            &[("traceparent", parent)]
                .into_iter()
                .map(|(name, value)| {
                    (
                        name.parse::<http::HeaderName>().unwrap(),
                        value.parse().unwrap(),
                    )
                })
                .collect(),
            "http",
            false,
        );
        span.answered(None, 200);
        drop(span);
        let trace = collected
            .request()
            .await
            .span_context
            .trace_id()
            .to_string();
        assert_eq!(trace == "0af7651916cd43dd8448eb211c80319c", continues);
    }
}

// Proves: OTEL-09
#[tokio::test]
async fn each_statement_has_a_span_within_its_request() {
    let collected = plain().await;
    let secret = "a-value-that-stays-here";
    let sql = "select+name+from+t+where+name+%3C%3E+:other";
    let path = format!("/data/-/query.json?sql={sql}&other={secret}");
    collected.site.get(&path).await.with_status(200);
    let request = collected.request().await;
    let queries = collected.queries("data");
    assert_eq!(queries.len(), 1, "{queries:?}");
    let query = &queries[0];
    assert_eq!(query.parent_span_id, request.span_context.span_id());
    assert_eq!(format!("{:?}", query.span_kind), "Client");
    let found = attributes(query);
    for (name, value) in [
        ("db.system", "sqlite"),
        ("db.namespace", "data"),
        ("db.query.text", "select name from t where name <> :other"),
        ("db.operation.name", "SELECT"),
        ("datasette.time_limit_ms", "60000"),
        ("datasette.rows_returned", "2"),
        ("datasette.truncated", "false"),
    ] {
        assert_eq!(found[name], value, "{name}");
    }
    let spans = collected.spans();
    let inner = spans
        .iter()
        .find(|span| span.name == "db.query.execute")
        .unwrap();
    assert_eq!(inner.parent_span_id, query.span_context.span_id());
    assert!(query.start_time <= inner.start_time && inner.end_time <= query.end_time);
    assert!(!format!("{spans:?}").contains(secret));

    collected.spans.reset();
    let long = format!("/* {} */ select 1", "x".repeat(3000));
    let path = format!("/data/-/query.json?sql=select+1+{}", long.replace(' ', "+"));
    collected.site.get(&path).await;
    let text = attributes(&collected.queries("data")[0])["db.query.text"].clone();
    assert!(text.ends_with("…[truncated]"));
    assert_eq!(text.chars().count(), 2048 + "…[truncated]".chars().count());
}

#[tokio::test]
async fn a_write_has_waited_and_was_executed() {
    let collected = plain().await;
    let (_, database) = collected
        .site
        .instance()
        .registry
        .handles()
        .into_iter()
        .next()
        .unwrap();
    let written =
        database.write(|writer| Ok(writer.execute("insert into t (name) values ('x')", &[])?));
    assert_eq!(written.await.unwrap(), 1);
    let query = collected.queries("data").into_iter().next().unwrap();
    let found = attributes(&query);
    assert_eq!(found["db.operation.name"], "INSERT");
    let spans = collected.spans();
    // The server's own database is written to meanwhile.
    let within = |name: &str| {
        let parent = query.span_context.span_id();
        let is_it = |span: &&SpanData| span.name == name && span.parent_span_id == parent;
        spans.iter().find(is_it).unwrap()
    };
    let (waited, executed) = (within("db.write.queue_wait"), within("db.write.execute"));
    assert!(waited.end_time <= executed.start_time);
    let found = attributes(executed);
    assert_eq!(found["datasette.transaction"], "true");
    assert_eq!(found["datasette.isolated_connection"], "false");
}

const ENDLESS: &str =
    "with+recursive+a(x)+as+(select+1+union+all+select+x%2B1+from+a)+select+max(x)+from+a";

// Proves: OTEL-11, OTEL-13
#[tokio::test]
async fn only_the_operators_limit_makes_an_error() {
    let site = built().setting("sql_time_limit_ms", "60");
    let collected = collected(site, Builder::default()).await;
    for (limit, status) in [("", "Error"), ("&_timelimit=20", "Unset")] {
        collected.spans.reset();
        let path = format!("/data/-/query.json?sql={ENDLESS}{limit}");
        collected.site.get(&path).await.with_status(400);
        let query = collected.queries("data").into_iter().next().unwrap();
        assert_eq!(attributes(&query)["datasette.interrupted"], "true");
        assert!(
            format!("{:?}", query.status).starts_with(status),
            "{:?}",
            query.status
        );
    }
    let ann = Actor::with_id("ann");
    let page = collected.site.get_as(&ann, "/-/metrics").await;
    let counted = "datasette_db_queries_interrupted_total{database=\"data\"} 1";
    assert!(
        page.text().lines().any(|line| line == counted),
        "{}",
        page.text()
    );
    let interrupted = collected.sums("datasette.sql.queries.interrupted");
    assert_eq!(interrupted, [("data".to_owned(), 1)]);
}

impl Collected {
    fn sums(&self, name: &str) -> Vec<(String, u64)> {
        self.telemetry.flush();
        let finished = self.metrics.get_finished_metrics().unwrap();
        let latest = finished.last().unwrap();
        let mut sums = Vec::new();
        for scope in latest.scope_metrics() {
            for metric in scope.metrics().filter(|metric| metric.name() == name) {
                if let AggregatedMetrics::U64(MetricData::Sum(sum)) = metric.data() {
                    sums.extend(sum.data_points().map(|point| {
                        let database = point.attributes().next().unwrap().value.to_string();
                        (database, point.value())
                    }));
                }
            }
        }
        sums
    }

    /// The metrics that were sent last, with their units.
    fn metrics(&self) -> BTreeMap<String, String> {
        self.telemetry.flush();
        let finished = self.metrics.get_finished_metrics().unwrap();
        let scopes = finished.last().unwrap().scope_metrics();
        let metrics = scopes.flat_map(|scope| scope.metrics());
        metrics
            .map(|metric| (metric.name().to_owned(), metric.unit().to_owned()))
            .collect()
    }
}

// Proves: OTEL-12
#[tokio::test]
async fn durations_are_sent() {
    let collected = plain().await;
    collected.site.get("/data/t.json").await.with_status(200);
    collected
        .site
        .get("/data/-/query.json?sql=select+nothing_here")
        .await
        .with_status(400);
    let metrics = collected.metrics();
    assert_eq!(metrics["db.client.operation.duration"], "s");
    assert_eq!(metrics["datasette.write.queue_wait"], "s");
}

#[tokio::test]
async fn the_metrics_page_is_for_those_who_may_look_inside() {
    let site = built().start().await;
    let ben = Actor::with_id("ben");
    let refused = site.get_as(&ben, "/-/metrics").await.with_status(403);
    assert!(refused.text().contains("permissions-debug"));
    site.get("/data/t.json").await.with_status(200);
    site.get("/data/t.json?_sort=absent").await.with_status(400);
    let answer = site
        .get_as(&Actor::with_id("ann"), "/-/metrics")
        .await
        .with_status(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = answer.text();
    let table = "method=\"GET\",route=\"/(?P<database>[^\\\\/\\\\.]+)/(?P<table>[^\\\\/\\\\.]+)(\\\\.(?P<format>\\\\w+))?$\"";
    for line in [
        format!("datasette_http_requests_total{{{table},status=\"200\"}} 1"),
        format!("datasette_http_requests_total{{{table},status=\"400\"}} 1"),
        "datasette_info{version=\"1.0a41\"} 1".to_owned(),
        "datasette_db_reads_waiting{database=\"data\"} 0".to_owned(),
        "# TYPE datasette_db_operation_duration_seconds histogram".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    let known = |name: &str| {
        text.lines()
            .any(|line| line.starts_with(&format!("# TYPE {name} ")))
    };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let base = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .filter(|base| known(base))
            .unwrap_or(name);
        assert!(known(base), "{line}");
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap();
    }
}

// Proves: OTEL-08, OTEL-10
#[tokio::test]
async fn a_write_has_a_span_with_its_waiting_and_its_work() {
    let ann = json!({"id": "ann"});
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"permissions": {"insert-row": ann}}));
    let collected = collected(site, Builder::default()).await;
    let cookie = collected.site.cookie(&Actor::with_id("ann"));
    let secret = "a-value-that-stays-here";
    for (body, several) in [
        (json!({"rows": [{"name": secret}]}), false),
        (json!({"row": {"name": secret}}), true),
    ] {
        collected.spans.reset();
        let asked = Question::post("/data/t/-/insert", body.to_string());
        let asked = asked.header("cookie", &format!("ds_actor={cookie}"));
        collected.site.ask(asked).await.with_status(201);
        let request = collected.request().await;
        let all = collected.spans();
        let is_write = |span: &&SpanData| {
            let found = attributes(span);
            let is_insert = found
                .get("db.operation.name")
                .is_some_and(|name| name == "INSERT");
            let is_data = found.get("db.namespace").is_some_and(|name| name == "data");
            is_data && (is_insert || found.contains_key("datasette.callback"))
        };
        let writes: Vec<&SpanData> = all.iter().filter(is_write).collect();
        assert_eq!(writes.len(), 1, "{all:#?}");
        let write = writes[0];
        assert_eq!(write.parent_span_id, request.span_context.span_id());
        assert_eq!(format!("{:?}", write.span_kind), "Client");
        let found = attributes(write);
        assert_eq!(
            (&*found["db.system"], &*found["db.namespace"]),
            ("sqlite", "data")
        );
        assert_eq!(found.contains_key("datasette.callback"), several);
        if !several {
            assert!(found["db.query.text"].starts_with("INSERT INTO"));
            assert_eq!(found["datasette.param_count"], "1");
        }
        let within: BTreeMap<&str, &SpanData> = all
            .iter()
            .filter(|span| span.parent_span_id == write.span_context.span_id())
            .map(|span| (span.name.as_ref(), span))
            .collect();
        let names: Vec<&str> = within.keys().copied().collect();
        assert_eq!(names, ["db.write.execute", "db.write.queue_wait"]);
        let work = within["db.write.execute"];
        assert_eq!(attributes(work)["datasette.transaction"], "true");
        assert_eq!(attributes(work)["datasette.isolated_connection"], "false");
        assert!(within["db.write.queue_wait"].end_time <= work.start_time);
        assert!(!format!("{all:?}").contains(secret));
    }
}
