"""Names of telemetry, what plugins add to a trace, and the checks for their tests."""

import copy
import functools
import pickle
import types

import pytest
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, use_span

from datasette import telemetry
from datasette import telemetry_registry as registry
from datasette import telemetry_testing as testing
from datasette.telemetry_registry import Attribute, MetricName, SpanName

COLOUR = Attribute("my.colour", "A colour", values=["red", "blue"])
SIZE = Attribute("my.size", "A size", optional=True)
JOB = SpanName("my.job", "A job", [COLOUR, SIZE])
CHAT = SpanName("chat ", "A chat", prefix=True)
CALL = SpanName("{method}", "A call", dynamic=True, kind=SpanKind.CLIENT)
SPANS = (CALL, CHAT, JOB)
COUNT = MetricName("my.count", registry.COUNTER, "{thing}", "Things", [COLOUR])


# Proves: API-257
def test_a_name_is_a_text_with_a_description():
    assert (COLOUR, JOB, COUNT) == ("my.colour", "my.job", "my.count")
    assert all(isinstance(name, str) for name in (COLOUR, JOB, COUNT))
    assert (COLOUR.description, COLOUR.optional) == ("A colour", False)
    assert COLOUR.values == {"red", "blue"}
    assert (SIZE.optional, SIZE.values) == (True, None)
    assert (JOB.attributes, JOB.prefix, JOB.dynamic) == ((COLOUR, SIZE), False, False)
    assert JOB.kind is SpanKind.INTERNAL
    assert (COUNT.kind, COUNT.unit, COUNT.buckets) == ("Counter", "{thing}", None)
    assert MetricName("m", registry.HISTOGRAM, "s", "", buckets=[1, 2]).buckets == (1, 2)
    assert repr(JOB) == "SpanName('my.job')"
    for copied in (copy.deepcopy(COLOUR), pickle.loads(pickle.dumps(COUNT))):
        assert type(copied) is str


# Proves: API-257
def test_entries_are_found_by_name_then_by_prefix_then_by_kind():
    assert registry.span_for("my.job", spans=SPANS) is JOB
    assert registry.span_for("chat bot", spans=SPANS) is CHAT
    assert registry.span_for("GET /", kind=SpanKind.CLIENT, spans=SPANS) is CALL
    assert registry.span_for("GET /", kind=SpanKind.SERVER, spans=SPANS) is None
    assert registry.span_for("GET /", spans=SPANS) is None
    assert registry.metric_for("my.count", metrics=[COUNT]) is COUNT
    assert registry.metric_for("none", metrics=[COUNT]) is None
    assert registry.attribute_allowed(JOB, "my.size")
    assert not registry.attribute_allowed(CHAT, "my.size")
    assert not registry.attribute_allowed(None, "my.size")
    assert registry.attribute_value_allowed(JOB, "my.colour", "red")
    assert not registry.attribute_value_allowed(JOB, "my.colour", "green")
    assert registry.attribute_value_allowed(JOB, "my.size", object())
    assert not registry.attribute_value_allowed(None, "my.size", 1)


# Proves: API-257
def test_the_spans_and_metrics_of_the_server_are_listed():
    assert set(registry.SPANS) == {
        "{http.request.method} {http.route}",
        "db.query",
        "db.query.execute",
        "db.write.queue_wait",
        "db.write.execute",
        "datasette.startup",
    }
    assert len(registry.METRICS) == 8
    assert registry.span_for("GET /x", kind=SpanKind.SERVER) is registry.HTTP_REQUEST
    assert registry.metric_for("db.client.operation.duration").unit == "s"


def _span(**attributes):
    context = types.SimpleNamespace(name="my_plugin")
    values = {
        "name": "my.job",
        "kind": SpanKind.INTERNAL,
        "attributes": {"my.colour": "red"},
        "events": (),
        "status": None,
        "instrumentation_scope": context,
    }
    return types.SimpleNamespace(**{**values, **attributes})


# Proves: API-258
def test_sql_is_cut_and_functions_have_a_name():
    assert telemetry.sql_attribute("  select 1 ") == "select 1"
    long = telemetry.sql_attribute("x" * 3000)
    assert long == "x" * 2048 + "…[truncated]"
    assert telemetry.callback_name(_span) == "_span"
    assert telemetry.callback_name(functools.partial(_span)) == "partial"


# Proves: API-258
def test_work_that_outlives_its_cause_is_linked_to_it():
    assert telemetry.linked_root_span_kwargs()["links"] == []
    cause = NonRecordingSpan(SpanContext(1, 2, is_remote=False))
    with use_span(cause):
        options = telemetry.linked_root_span_kwargs()
    assert [link.context for link in options["links"]] == [cause.get_span_context()]
    assert dict(options["context"]) == {}


class _Recording(NonRecordingSpan):
    def is_recording(self):
        return True


# Proves: API-258
def test_the_span_of_a_request_is_that_of_its_scope():
    one, two = (_Recording(SpanContext(1, n, is_remote=False)) for n in (1, 2))
    assert telemetry.request_span({}) is None
    with use_span(one):
        assert telemetry.request_span({}) is one
        assert telemetry.request_span({telemetry.REQUEST_SPAN_SCOPE_KEY: two}) is two


# Proves: API-259
def test_spans_are_held_against_their_registry():
    good = [_span(), _span(name="chat bot", attributes=None)]
    testing.assert_spans_conform(SPANS, good, "my_plugin")
    for bad, message in (
        (_span(name="other"), "unregistered span: 'other'"),
        (_span(attributes={"x": 1}), "unregistered attribute 'x'"),
        (_span(attributes={"my.colour": "green"}), "my.colour='green' not in the declared enum"),
    ):
        with pytest.raises(AssertionError, match=message):
            testing.assert_spans_conform(SPANS, [bad])
        testing.assert_spans_conform(SPANS, [bad], "another_plugin")
    testing.assert_spans_covered([JOB, CHAT], good)
    with pytest.raises(AssertionError, match=r"span never emitted: SpanName\('\{method\}'\)"):
        testing.assert_spans_covered(SPANS, good)
    with pytest.raises(AssertionError, match=r"never there: \['my.colour'\]"):
        testing.assert_spans_covered([JOB], [_span(attributes={"my.size": 1})])


class Sum(types.SimpleNamespace):
    """What the SDK calls the data of a counter."""


class Gauge(types.SimpleNamespace):
    """What the SDK calls the data of a gauge."""


def _metric(name="my.count", unit="{thing}", kind=Sum, is_monotonic=True, **attributes):
    points = [types.SimpleNamespace(attributes=attributes or {"my.colour": "red"}, value=1)]
    data = kind(data_points=points, is_monotonic=is_monotonic)
    return types.SimpleNamespace(name=name, unit=unit, data=data)


def _collector(*metrics):
    scope = types.SimpleNamespace(name="my_plugin")
    scoped = types.SimpleNamespace(scope=scope, metrics=metrics)
    data = types.SimpleNamespace(resource_metrics=[types.SimpleNamespace(scope_metrics=[scoped])])
    reader = types.SimpleNamespace(get_metrics_data=lambda: data)
    collector = testing.MetricsCollector(reader)
    collector.collect()
    return collector


# Proves: API-259
def test_metrics_are_collected_and_held_against_their_registry():
    collector = _collector(_metric())
    assert [point.value for point in collector.points("my.count", {"my.colour": "red"})] == [1]
    assert collector.points("my.count", {"my.colour": "blue"}) == []
    assert collector.point("my.count").value == 1
    with pytest.raises(AssertionError, match="0 points of none"):
        collector.point("none")
    testing.assert_metrics_conform([COUNT], collector, "my_plugin")
    testing.assert_metrics_covered([COUNT], collector)
    for bad, message in (
        (_metric(name="other"), "unregistered metric: 'other'"),
        (_metric(unit="s"), "unit 's'"),
        (_metric(kind=Gauge), "collected as Gauge"),
        (_metric(is_monotonic=False), "is_monotonic=False"),
        (_metric(other=1), "unregistered attribute 'other'"),
    ):
        with pytest.raises(AssertionError, match=message):
            testing.assert_metrics_conform([COUNT], _collector(bad))
    with pytest.raises(AssertionError, match="metric never collected"):
        testing.assert_metrics_covered([COUNT], _collector())
    empty = testing.MetricsCollector(types.SimpleNamespace(get_metrics_data=lambda: None))
    assert empty.collect() == {}


# Proves: API-259
def test_forbidden_texts_are_found_wherever_they_are():
    event = types.SimpleNamespace(name="e", attributes={"k": "a secret!"})
    status = types.SimpleNamespace(description="secret")
    collector = _collector(_metric(x="secret"))
    testing.assert_no_forbidden_values(["secret", ""], [_span()], _collector(_metric()))
    for spans, metrics in (
        ([_span(name="secret")], None),
        ([_span(attributes={"a": "secret"})], None),
        ([_span(events=[event])], None),
        ([_span(status=status)], None),
        (None, collector),
    ):
        with pytest.raises(AssertionError, match="contains 'secret'"):
            testing.assert_no_forbidden_values(["secret"], spans, metrics)


# Proves: API-259
def test_importing_the_package_does_not_import_the_sdk():
    testing.assert_package_never_imports_sdk("datasette", "datasette.telemetry")
