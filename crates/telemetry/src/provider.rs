//! Starting and ending the export of spans and metrics.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Span, SpanBuilder, SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, TracerProviderBuilder};

use crate::collector::Collector;
use crate::instruments::{Gauges, Instruments};

/// The schema that names of attributes follow (OTEL-01).
const SCHEMA: &str = "https://opentelemetry.io/schemas/1.29.0";

/// How long the end of the server waits for the collector to take the rest.
const PATIENCE: Duration = Duration::from_secs(5);

/// Spans and metrics on their way to a collector. Cheap to clone.
#[derive(Clone)]
pub struct Telemetry {
    shared: Arc<Shared>,
}

struct Shared {
    traces: SdkTracerProvider,
    metrics: SdkMeterProvider,
    tracer: SdkTracer,
    scope: InstrumentationScope,
    instruments: Instruments,
    propagator: Option<TraceContextPropagator>,
}

/// Why nothing can be exported.
#[derive(Debug)]
pub struct TelemetryError(String);

impl fmt::Display for TelemetryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TelemetryError {}

/// Telemetry to be: what spans and metrics go through.
pub struct Builder {
    traces: TracerProviderBuilder,
    metrics: MeterProviderBuilder,
    propagates: bool,
}

impl Default for Builder {
    fn default() -> Self {
        let named = std::env::var_os("OTEL_SERVICE_NAME").is_some();
        let resource = match named {
            true => Resource::builder().build(),
            false => Resource::builder().with_service_name("datasette").build(),
        };
        Self {
            traces: SdkTracerProvider::builder().with_resource(resource.clone()),
            metrics: SdkMeterProvider::builder().with_resource(resource),
            propagates: true,
        }
    }
}

impl Builder {
    /// With something that takes finished spans one by one.
    pub fn with_span_exporter(
        self,
        exporter: impl opentelemetry_sdk::trace::SpanExporter + 'static,
    ) -> Self {
        Self {
            traces: self.traces.with_simple_exporter(exporter),
            ..self
        }
    }

    /// With something that takes metrics from time to time.
    pub fn with_metric_exporter(self, exporter: impl PushMetricExporter) -> Self {
        let reader = PeriodicReader::builder(exporter).build();
        Self {
            metrics: self.metrics.with_reader(reader),
            ..self
        }
    }

    /// Without continuing the traces of clients.
    pub fn without_propagation(self) -> Self {
        Self {
            propagates: false,
            ..self
        }
    }

    /// Telemetry of this version of the server.
    pub fn build(self, version: &str) -> Telemetry {
        let scope = InstrumentationScope::builder("datasette")
            .with_version(version.to_owned())
            .with_schema_url(SCHEMA)
            .build();
        let traces = self.traces.build();
        let metrics = self.metrics.build();
        let meter = metrics.meter_with_scope(scope.clone());
        Telemetry {
            shared: Arc::new(Shared {
                tracer: traces.tracer_with_scope(scope.clone()),
                instruments: Instruments::new(&meter),
                propagator: self.propagates.then(TraceContextPropagator::new),
                scope,
                traces,
                metrics,
            }),
        }
    }
}

impl Telemetry {
    /// What the standard environment variables ask for: spans and metrics to a collector as
    /// OTLP over HTTP. `None` where no collector is named (OTEL-01, OTEL-06). Must be called on a
    /// tokio runtime, which sends.
    ///
    /// # Errors
    /// A variable is not understood.
    pub fn from_environment(version: &str) -> Result<Option<Self>, TelemetryError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let is = |name: &str, value: &str| {
            variable(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        if is("OTEL_SDK_DISABLED", "true") {
            return Ok(None);
        }
        let any = variable("OTEL_EXPORTER_OTLP_ENDPOINT").is_some();
        let wanted = |signal: &str| {
            let exporter = format!("OTEL_{signal}_EXPORTER");
            let endpoint = format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
            !is(&exporter, "none")
                && (any || variable(&endpoint).is_some() || is(&exporter, "otlp"))
        };
        let (traces, metrics) = (wanted("TRACES"), wanted("METRICS"));
        if !traces && !metrics {
            return Ok(None);
        }
        let collector = Collector::new().map_err(|error| TelemetryError(error.to_string()))?;
        let mut builder = Builder::default();
        if traces {
            let exporter = SpanExporter::builder()
                .with_http()
                .with_http_client(collector.clone())
                .build()
                .map_err(|error| TelemetryError(error.to_string()))?;
            builder.traces = builder.traces.with_batch_exporter(exporter);
        }
        if metrics {
            let exporter = MetricExporter::builder()
                .with_http()
                .with_http_client(collector)
                .build()
                .map_err(|error| TelemetryError(error.to_string()))?;
            builder.metrics = builder
                .metrics
                .with_reader(PeriodicReader::builder(exporter).build());
        }
        let propagators = variable("OTEL_PROPAGATORS");
        let propagates = propagators.is_none_or(|names| {
            let mut names = names.split(',').map(str::trim);
            names.any(|name| name.eq_ignore_ascii_case("tracecontext"))
        });
        builder.propagates = propagates;
        Ok(Some(builder.build(version)))
    }

    /// A span of the server's own work at its start, and the context in which that work has its
    /// spans (OTEL-07). It ends with the last copy of the context.
    pub fn startup(&self) -> Context {
        let builder = SpanBuilder::from_name("datasette.startup").with_kind(SpanKind::Internal);
        let span = self
            .shared
            .tracer
            .build_with_context(builder, &Context::new());
        Context::new().with_span(span)
    }

    /// Has gauges looked at whenever metrics are collected (OTEL-14).
    pub fn observe(&self, look: impl Fn() -> Gauges + Send + Sync + 'static) {
        let meter = self
            .shared
            .metrics
            .meter_with_scope(self.shared.scope.clone());
        crate::instruments::observe(&meter, Arc::new(look));
    }

    /// Sends what is left. Blocks for a few seconds at most.
    pub fn shutdown(&self) {
        // A collector that has gone away is nothing the end of the server can mend.
        let _ = self.shared.traces.shutdown_with_timeout(PATIENCE);
        let _ = self.shared.metrics.shutdown_with_timeout(PATIENCE);
    }

    /// Has finished spans and metrics sent now.
    pub fn flush(&self) {
        let _ = self.shared.traces.force_flush();
        let _ = self.shared.metrics.force_flush();
    }

    pub(crate) fn instruments(&self) -> &Instruments {
        &self.shared.instruments
    }

    pub(crate) fn propagator(&self) -> Option<&TraceContextPropagator> {
        self.shared.propagator.as_ref()
    }

    /// A span, started in a context.
    pub(crate) fn span(&self, builder: SpanBuilder, within: &Context) -> impl Span + use<> {
        self.shared.tracer.build_with_context(builder, within)
    }

    /// A context that has a span of its own.
    pub(crate) fn within(&self, builder: SpanBuilder, outer: &Context) -> Context {
        outer.with_span(self.shared.tracer.build_with_context(builder, outer))
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Telemetry")
    }
}

/// An attribute.
pub(crate) fn attribute(name: &'static str, value: impl Into<opentelemetry::Value>) -> KeyValue {
    KeyValue::new(name, value)
}
