"""What plugins need to add spans of their own to a trace (API-258).

Only the interface of OpenTelemetry is used: without its SDK nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span

from .version import __version__

#: The conventions whose names are used: the last ones in which all of them are current.
SCHEMA_URL = "https://opentelemetry.io/schemas/1.29.0"
#: More of a statement is not recorded, in characters.
MAX_SQL_LENGTH = 2048
#: Where the span of a request is found in its scope.
REQUEST_SPAN_SCOPE_KEY = "datasette.telemetry.request_span"

tracer = trace.get_tracer("datasette", __version__, schema_url=SCHEMA_URL)
meter = metrics.get_meter("datasette", __version__, schema_url=SCHEMA_URL)


def sql_attribute(sql: str) -> str:
    """The SQL as an attribute: trimmed, and cut when it is long."""
    sql = sql.strip()
    if len(sql) <= MAX_SQL_LENGTH:
        return sql
    return sql[:MAX_SQL_LENGTH] + "…[truncated]"


def callback_name(fn: Any) -> str:
    """What to call a function; one without a name is called like its type."""
    return getattr(fn, "__qualname__", type(fn).__name__)


def linked_root_span_kwargs(context: Context | None = None) -> dict[str, Any]:
    """Arguments that start a span in a trace of its own, with a link to the current one.

    For work that outlives what caused it. `context` is where the cause is looked for instead.
    """
    cause = trace.get_current_span(context).get_span_context()
    return {"context": Context(), "links": [Link(cause)] if cause.is_valid else []}


def request_span(scope: Mapping[str, Any]) -> Span | None:
    """The span of a request, None when nothing is recorded.

    A plugin may have started spans since: this is the one of the whole request all the same.
    """
    span = scope.get(REQUEST_SPAN_SCOPE_KEY) or trace.get_current_span()
    return span if span.is_recording() else None
