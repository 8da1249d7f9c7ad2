"""Fixtures and checks for tests of telemetry (API-259).

Import what you need into your `conftest.py`. Without the SDK of OpenTelemetry the tests that want it
are skipped.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from .telemetry_registry import (
    COUNTER,
    GAUGE,
    HISTOGRAM,
    UPDOWN_COUNTER,
    MetricName,
    SpanName,
    attribute_allowed,
    attribute_value_allowed,
    metric_for,
    span_for,
)

# A process has one provider of each kind: the first that is set.
_installed: dict[str, Any] = {}

_DATA_TYPES = {COUNTER: "Sum", UPDOWN_COUNTER: "Sum", HISTOGRAM: "Histogram", GAUGE: "Gauge"}
_MONOTONIC = {COUNTER: True, UPDOWN_COUNTER: False}


def install_span_exporter() -> Any:
    """What keeps finished spans in memory; None without the SDK or when another is there already."""
    if "spans" not in _installed:
        try:
            from opentelemetry import trace
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import SimpleSpanProcessor
            from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
        except ImportError:
            return None
        exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        trace.set_tracer_provider(provider)
        _installed["spans"] = exporter if trace.get_tracer_provider() is provider else None
    return _installed["spans"]


def install_metric_reader() -> Any:
    """What collects metrics; None without the SDK or when another is there already.

    Counters and histograms tell what was new since they were last asked.
    """
    if "metrics" not in _installed:
        try:
            from opentelemetry import metrics
            from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
            from opentelemetry.sdk.metrics.export import (
                AggregationTemporality,
                InMemoryMetricReader,
            )
        except ImportError:
            return None
        delta = AggregationTemporality.DELTA
        reader = InMemoryMetricReader(preferred_temporality={Counter: delta, Histogram: delta})
        provider = MeterProvider(metric_readers=[reader])
        metrics.set_meter_provider(provider)
        _installed["metrics"] = reader if metrics.get_meter_provider() is provider else None
    return _installed["metrics"]


@pytest.fixture(scope="session", autouse=True)
def otel_provider() -> None:
    """Keeps spans from the first test on."""
    install_span_exporter()


@pytest.fixture(scope="session", autouse=True)
def otel_meter_provider() -> None:
    """Collects metrics from the first test on."""
    install_metric_reader()


@pytest.fixture(autouse=True)
def otel_reset() -> Iterator[None]:
    """Forgets what a test recorded."""
    yield
    if _installed.get("spans"):
        _installed["spans"].clear()
    if _installed.get("metrics"):
        _installed["metrics"].get_metrics_data()


def _or_skip(found: Any) -> Any:
    if found is None:
        pytest.skip("the SDK of OpenTelemetry is not installed, or its provider is another one")
    return found


@pytest.fixture
def otel_spans() -> Any:
    """What keeps finished spans, empty: ask it for `get_finished_spans()`."""
    exporter = _or_skip(install_span_exporter())
    exporter.clear()
    return exporter


@pytest.fixture
def otel_metrics() -> MetricsCollector:
    """A `MetricsCollector` that has forgotten earlier tests."""
    reader = _or_skip(install_metric_reader())
    reader.get_metrics_data()
    return MetricsCollector(reader)


class MetricsCollector:
    """The metrics at one moment: `collect()`, then ask for points."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        #: The points by the name of their metric.
        self.snapshot: dict[str, list[Any]] = {}
        #: Pairs of the name of a meter and a metric.
        self.collected: list[tuple[str | None, Any]] = []

    def collect(self) -> dict[str, list[Any]]:
        """Looks at all metrics. What counters counted is gone afterwards."""
        self.snapshot, self.collected = {}, []
        data = self.reader.get_metrics_data()
        for resource in data.resource_metrics if data else ():
            for scoped in resource.scope_metrics:
                name = scoped.scope.name if scoped.scope else None
                for metric in scoped.metrics:
                    self.snapshot.setdefault(metric.name, []).extend(metric.data.data_points)
                    self.collected.append((name, metric))
        return self.snapshot

    def points(self, name: str, attributes: dict[str, Any] | None = None) -> list[Any]:
        """The points of a metric that have all of the attributes."""
        wanted = (attributes or {}).items()
        return [
            point
            for point in self.snapshot.get(name, [])
            if wanted <= dict(point.attributes or {}).items()
        ]

    def point(self, name: str, attributes: dict[str, Any] | None = None) -> Any:
        """The only such point."""
        found = self.points(name, attributes)
        assert len(found) == 1, f"{len(found)} points of {name} with {attributes}: {found}"
        return found[0]


def _spans_of(spans: Iterable[Any], scope_name: str | None) -> list[Any]:
    def name(span: Any) -> str | None:
        return span.instrumentation_scope.name if span.instrumentation_scope else None

    return [span for span in spans if scope_name is None or name(span) == scope_name]


def _metrics_of(collector: MetricsCollector, scope_name: str | None) -> list[Any]:
    return [
        metric for scope, metric in collector.collected if scope_name is None or scope == scope_name
    ]


def _bad_attributes(entry: SpanName | MetricName, attributes: Any) -> Iterator[str]:
    for key, value in dict(attributes or {}).items():
        if not attribute_allowed(entry, str(key)):
            yield f"unregistered attribute {key!r}"
        elif not attribute_value_allowed(entry, str(key), value):
            yield f"{key}={value!r} not in the declared enum"


def _assert_covered(entries: Iterable[Any], seen: dict[str, set[str]], what: str) -> None:
    problems = []
    for entry in entries:
        if str(entry) not in seen:
            problems.append(f"registered {what}: {entry!r}")
            continue
        required = {str(each) for each in entry.attributes if not each.optional}
        if missing := sorted(required - seen[str(entry)]):
            problems.append(f"{entry}: registered attributes never there: {missing}")
    assert not problems, "\n".join(problems)


def assert_spans_conform(
    registry_spans: Iterable[SpanName], finished_spans: Iterable[Any], scope_name: str | None = None
) -> None:
    """All spans (of one tracer) are registered, and so are their attributes and values."""
    registry = tuple(registry_spans)
    problems = []
    for span in _spans_of(finished_spans, scope_name):
        entry = span_for(str(span.name), kind=span.kind, spans=registry)
        if entry is None:
            problems.append(f"unregistered span: {span.name!r}")
            continue
        problems += [f"{span.name}: {bad}" for bad in _bad_attributes(entry, span.attributes)]
    assert not problems, "\n".join(problems)


def assert_spans_covered(
    registry_spans: Iterable[SpanName], finished_spans: Iterable[Any], scope_name: str | None = None
) -> None:
    """All registered spans are there, each with all attributes that are not optional."""
    registry = tuple(registry_spans)
    seen: dict[str, set[str]] = {}
    for span in _spans_of(finished_spans, scope_name):
        entry = span_for(str(span.name), kind=span.kind, spans=registry)
        if entry is not None:
            seen.setdefault(str(entry), set()).update(map(str, span.attributes or {}))
    _assert_covered(registry, seen, "span never emitted")


def assert_metrics_conform(
    registry_metrics: Iterable[MetricName],
    collector: MetricsCollector,
    scope_name: str | None = None,
) -> None:
    """All metrics (of one meter) are registered with their instrument, unit and attributes."""
    registry = tuple(registry_metrics)
    problems = set()
    for metric in _metrics_of(collector, scope_name):
        entry = metric_for(metric.name, metrics=registry)
        if entry is None:
            problems.add(f"unregistered metric: {metric.name!r}")
            continue
        data_type = type(metric.data).__name__
        if _DATA_TYPES.get(entry.kind, data_type) != data_type:
            problems.add(f"{metric.name}: registered as {entry.kind}, collected as {data_type}")
        is_monotonic = getattr(metric.data, "is_monotonic", None)
        if is_monotonic is not None and _MONOTONIC.get(entry.kind, is_monotonic) != is_monotonic:
            problems.add(f"{metric.name}: registered as {entry.kind}, {is_monotonic=}")
        if (metric.unit or "") != (entry.unit or ""):
            problems.add(f"{metric.name}: unit {metric.unit!r}, registered {entry.unit!r}")
        for point in metric.data.data_points:
            bad = _bad_attributes(entry, point.attributes)
            problems |= {f"{metric.name}: {each}" for each in bad}
    assert not problems, "\n".join(sorted(problems))


def assert_metrics_covered(
    registry_metrics: Iterable[MetricName],
    collector: MetricsCollector,
    scope_name: str | None = None,
) -> None:
    """All registered metrics are there, each with all attributes that are not optional."""
    registry = tuple(registry_metrics)
    seen: dict[str, set[str]] = {}
    for metric in _metrics_of(collector, scope_name):
        entry = metric_for(metric.name, metrics=registry)
        if entry is not None:
            keys = seen.setdefault(str(entry), set())
            for point in metric.data.data_points:
                keys.update(map(str, point.attributes or {}))
    _assert_covered(registry, seen, "metric never collected")


def assert_no_forbidden_values(
    forbidden: Iterable[str],
    finished_spans: Iterable[Any] | None = None,
    collector: MetricsCollector | None = None,
    scope_name: str | None = None,
) -> None:
    """None of the texts is part of a name, an attribute, an event or a status."""
    needles = [needle for needle in forbidden if needle]
    places: list[tuple[str, Any]] = []
    for span in _spans_of(finished_spans or (), scope_name):
        places.append((f"span name {span.name!r}", span.name))
        places += [(f"{span.name} attribute {k}", v) for k, v in (span.attributes or {}).items()]
        for event in span.events or ():
            where = f"{span.name} event {event.name}"
            places.append((where, event.name))
            places += [(f"{where} attribute {k}", v) for k, v in (event.attributes or {}).items()]
        if span.status is not None and span.status.description:
            places.append((f"{span.name} status description", span.status.description))
    for metric in _metrics_of(collector, scope_name) if collector else ():
        for point in metric.data.data_points:
            attributes = dict(point.attributes or {})
            places += [(f"metric {metric.name} attribute {k}", v) for k, v in attributes.items()]
    leaks = {
        f"{where} contains {needle!r}"
        for where, value in places
        for needle in needles
        if needle in str(value)
    }
    assert not leaks, "forbidden values leaked into telemetry:\n" + "\n".join(sorted(leaks))


def assert_package_never_imports_sdk(*module_names: str) -> None:
    """Importing the modules in a new Python does not import the SDK of OpenTelemetry."""
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *module_names], capture_output=True, text=True, check=True
    )
    found = result.stdout.strip()
    assert found == "[]", f"importing {module_names} pulled in the OpenTelemetry SDK: {found}"
