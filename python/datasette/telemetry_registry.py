"""The names of spans, metrics and attributes, with what they mean (API-257).

A name is a `str`, so it goes to OpenTelemetry as it is. Plugins describe their own with the same
classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opentelemetry.trace import SpanKind

COUNTER = "Counter"
UPDOWN_COUNTER = "UpDownCounter"
HISTOGRAM = "Histogram"
GAUGE = "Observable gauge"


class _DescribedName(str):
    """A name with a description. A copy is a plain `str`: only one of it is described."""

    __slots__ = ("description",)
    description: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)


class Attribute(_DescribedName):
    """The key of an attribute. With `values` it has no others, and is fit for metrics."""

    __slots__ = ("optional", "values")
    optional: bool
    values: frozenset[Any] | None

    def __new__(
        cls,
        name: str,
        description: str,
        optional: bool = False,
        values: Iterable[Any] | None = None,
    ) -> Attribute:
        """Makes one. An optional attribute may be missing."""
        self = super().__new__(cls, name)
        self.description = description
        self.optional = optional
        self.values = None if values is None else frozenset(values)
        return self


class SpanName(_DescribedName):
    """The name of a span and the attributes that it may have.

    With `prefix` it is the beginning of the names of a family. A `dynamic` one has a name that is
    made of other things; it is known by its kind.
    """

    __slots__ = ("attributes", "dynamic", "kind", "prefix")
    attributes: tuple[Attribute, ...]
    prefix: bool
    dynamic: bool
    kind: SpanKind

    def __new__(
        cls,
        name: str,
        description: str,
        attributes: Iterable[Attribute] = (),
        prefix: bool = False,
        dynamic: bool = False,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> SpanName:
        """Makes one."""
        self = super().__new__(cls, name)
        self.description = description
        self.attributes = tuple(attributes)
        self.prefix = prefix
        self.dynamic = dynamic
        self.kind = kind
        return self


class MetricName(_DescribedName):
    """The name of a metric: its instrument, its unit, its attributes, the buckets of a histogram."""

    __slots__ = ("attributes", "buckets", "kind", "unit")
    kind: str
    unit: str
    attributes: tuple[Attribute, ...]
    buckets: tuple[float, ...] | None

    def __new__(
        cls,
        name: str,
        kind: str,
        unit: str,
        description: str,
        attributes: Iterable[Attribute] = (),
        buckets: Iterable[float] | None = None,
    ) -> MetricName:
        """Makes one."""
        self = super().__new__(cls, name)
        self.kind = kind
        self.unit = unit
        self.description = description
        self.attributes = tuple(attributes)
        self.buckets = None if buckets is None else tuple(buckets)
        return self


HTTP_REQUEST_METHOD = Attribute("http.request.method", "The method; `_OTHER` for unknown ones.")
HTTP_RESPONSE_STATUS_CODE = Attribute(
    "http.response.status_code", "The status, once an answer was begun.", optional=True
)
HTTP_ROUTE = Attribute("http.route", "The pattern of the route that matched.", optional=True)
URL_PATH = Attribute("url.path", "The path, without the query string.")
URL_SCHEME = Attribute("url.scheme", "`http` or `https`.")
SERVER_ADDRESS = Attribute("server.address", "The header `Host`, with its port.", optional=True)
USER_AGENT_ORIGINAL = Attribute(
    "user_agent.original", "The header `User-Agent` as it was sent.", optional=True
)
INTERNAL_CLIENT = Attribute(
    "datasette.internal_client", "True for requests made with `datasette.client`.", optional=True
)
ERROR_TYPE = Attribute(
    "error.type", "The class of the exception, or a status from 500 on.", optional=True
)
DB_SYSTEM = Attribute("db.system", "Always `sqlite`.")
DB_NAMESPACE = Attribute("db.namespace", "The name of the database.")
OPERATION = Attribute(
    "datasette.operation", "Whether it reads or writes.", values=("read", "write")
)
DB_QUERY_TEXT = Attribute(
    "db.query.text", "The SQL, at most 2048 characters of it and without values.", optional=True
)
CALLBACK = Attribute(
    "datasette.callback", "The name of a Python function, where there is no SQL.", optional=True
)
DB_OPERATION_NAME = Attribute(
    "db.operation.name", "The first word of the SQL, if it is a known one.", optional=True
)
PARAM_COUNT = Attribute("datasette.param_count", "How many values were bound.", optional=True)
PARAM_SETS = Attribute(
    "datasette.param_sets", "How often a statement ran with other values.", optional=True
)
TIME_LIMIT_MS = Attribute("datasette.time_limit_ms", "How long it may take.", optional=True)
ROWS_RETURNED = Attribute("datasette.rows_returned", "How many rows there were.", optional=True)
TRUNCATED = Attribute(
    "datasette.truncated", "True when there were more rows than are returned.", optional=True
)
INTERRUPTED = Attribute("datasette.interrupted", "True when it took too long.", optional=True)
SQL_ERROR_SUPPRESSED = Attribute(
    "datasette.sql_error_suppressed", "True for errors that were expected.", optional=True
)
EXECUTESCRIPT = Attribute(
    "datasette.executescript", "True for several statements at once.", optional=True
)
EXECUTEMANY = Attribute(
    "datasette.executemany", "True for one statement with many sets of values.", optional=True
)
ISOLATED_CONNECTION = Attribute(
    "datasette.isolated_connection", "Whether the write had a connection of its own."
)
TRANSACTION = Attribute("datasette.transaction", "Whether the write was in a transaction.")

HTTP_REQUEST = SpanName(
    "{http.request.method} {http.route}",
    "A request, with all that happens for it. Called by its method and its route.",
    (
        HTTP_REQUEST_METHOD,
        HTTP_ROUTE,
        URL_PATH,
        URL_SCHEME,
        SERVER_ADDRESS,
        USER_AGENT_ORIGINAL,
        HTTP_RESPONSE_STATUS_CODE,
        ERROR_TYPE,
        INTERNAL_CLIENT,
    ),
    dynamic=True,
    kind=SpanKind.SERVER,
)
DB_QUERY = SpanName(
    "db.query",
    "SQL, or a function that is given a connection, with the time spent waiting for its turn.",
    (
        DB_SYSTEM,
        DB_NAMESPACE,
        DB_QUERY_TEXT,
        CALLBACK,
        DB_OPERATION_NAME,
        PARAM_COUNT,
        PARAM_SETS,
        TIME_LIMIT_MS,
        ROWS_RETURNED,
        TRUNCATED,
        INTERRUPTED,
        SQL_ERROR_SUPPRESSED,
        EXECUTESCRIPT,
        EXECUTEMANY,
    ),
    kind=SpanKind.CLIENT,
)
DB_QUERY_EXECUTE = SpanName("db.query.execute", "The part of a read in which SQLite works.")
DB_WRITE_QUEUE_WAIT = SpanName("db.write.queue_wait", "The part of a write in which it waits.")
DB_WRITE_EXECUTE = SpanName(
    "db.write.execute",
    "The part of a write in which SQLite works.",
    (ISOLATED_CONNECTION, TRANSACTION),
)
STARTUP = SpanName("datasette.startup", "What happens before the first request is answered.")

#: The spans of the server.
SPANS = (
    HTTP_REQUEST,
    DB_QUERY,
    DB_QUERY_EXECUTE,
    DB_WRITE_QUEUE_WAIT,
    DB_WRITE_EXECUTE,
    STARTUP,
)

#: In seconds. Most work of SQLite is done in less than the first of the usual buckets.
DURATION_BUCKETS = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)

M_OPERATION_DURATION = MetricName(
    "db.client.operation.duration",
    HISTOGRAM,
    "s",
    "How long SQL and functions with a connection took.",
    (DB_SYSTEM, DB_NAMESPACE, OPERATION, ERROR_TYPE),
    buckets=DURATION_BUCKETS,
)
M_WRITE_QUEUE_WAIT = MetricName(
    "datasette.write.queue_wait",
    HISTOGRAM,
    "s",
    "How long writes waited for their turn.",
    (DB_NAMESPACE,),
    buckets=DURATION_BUCKETS,
)
M_QUERIES_INTERRUPTED = MetricName(
    "datasette.sql.queries.interrupted",
    COUNTER,
    "{query}",
    "Queries that took longer than the setting `sql_time_limit_ms` allows.",
    (DB_NAMESPACE,),
)
M_THREADS_LIMIT = MetricName(
    "datasette.sql.threads.limit", GAUGE, "{thread}", "How many reads can go on at once."
)
M_THREADS_QUEUE_DEPTH = MetricName(
    "datasette.sql.threads.queue_depth", GAUGE, "{query}", "Reads that wait for their turn."
)
M_QUERIES_PENDING = MetricName(
    "datasette.sql.queries.pending",
    GAUGE,
    "{query}",
    "Reads that wait or go on.",
    (DB_NAMESPACE,),
)
M_WRITE_QUEUE_DEPTH = MetricName(
    "datasette.write.queue_depth",
    GAUGE,
    "{write}",
    "Writes that wait for their turn.",
    (DB_NAMESPACE,),
)
M_CONNECTIONS_OPEN = MetricName(
    "datasette.connections.open",
    GAUGE,
    "{connection}",
    "Connections to databases.",
    (DB_NAMESPACE,),
)

#: The metrics of the server.
METRICS = (
    M_OPERATION_DURATION,
    M_WRITE_QUEUE_WAIT,
    M_QUERIES_INTERRUPTED,
    M_THREADS_LIMIT,
    M_THREADS_QUEUE_DEPTH,
    M_QUERIES_PENDING,
    M_WRITE_QUEUE_DEPTH,
    M_CONNECTIONS_OPEN,
)


def span_for(
    emitted_name: str, kind: SpanKind | None = None, spans: Iterable[SpanName] | None = None
) -> SpanName | None:
    """The entry of a span: by its name, else by the prefix of its name, else by its kind."""
    entries = SPANS if spans is None else tuple(spans)
    matches = [entry for entry in entries if not entry.dynamic and entry == emitted_name]
    matches += [entry for entry in entries if entry.prefix and emitted_name.startswith(entry)]
    matches += [entry for entry in entries if entry.dynamic and entry.kind == kind]
    return matches[0] if matches else None


def metric_for(emitted_name: str, metrics: Iterable[MetricName] | None = None) -> MetricName | None:
    """The entry of a metric."""
    entries = METRICS if metrics is None else metrics
    return next((entry for entry in entries if entry == emitted_name), None)


def attribute_allowed(entry: SpanName | MetricName | None, emitted_key: str) -> bool:
    """Whether the entry has an attribute of this name."""
    return entry is not None and emitted_key in entry.attributes


def attribute_value_allowed(
    entry: SpanName | MetricName | None, emitted_key: str, value: Any
) -> bool:
    """Whether the entry has an attribute of this name that can have this value."""
    found = next(
        (each for each in (entry.attributes if entry else ()) if each == emitted_key), None
    )
    return found is not None and (found.values is None or value in found.values)
