"""What a request did and how long it took, shown at the end of its answer (API-251..254)."""

from __future__ import annotations

import asyncio
import json
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from markupsafe import escape

#: The keys of an entry that are not for the caller of `trace`.
TRACE_RESERVED_KEYS = {"type", "start", "end", "duration_ms", "traceback"}

#: The entries of the tasks that are traced now.
tracers: dict[int, list[dict[str, Any]]] = {}

trace_task_id: ContextVar[int | None] = ContextVar("trace_task_id", default=None)


def get_task_id() -> int | None:
    """The task that entries are recorded for; None outside of any."""
    inherited = trace_task_id.get()
    if inherited is not None:
        return inherited
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    return id(task) if task is not None else None


@contextmanager
def trace_child_tasks() -> Iterator[None]:
    """Entries of tasks that are started inside count as entries of this one (API-253)."""
    token = trace_task_id.set(get_task_id())
    try:
        yield
    finally:
        trace_task_id.reset(token)


@contextmanager
def trace(trace_type: str, **kwargs: Any) -> Iterator[dict[str, Any]]:
    """Records what happens inside as one entry, when the request is traced (API-251).

    Gives the dictionary of more keys of the entry, which can be added to.
    """
    reserved = TRACE_RESERVED_KEYS.intersection(kwargs)
    assert not reserved, f".trace() keyword parameters cannot include {TRACE_RESERVED_KEYS}"
    task_id = get_task_id()
    entries = tracers.get(task_id) if task_id is not None else None
    if entries is None:
        yield kwargs
        return
    error: str | None = None
    start = time.perf_counter()
    try:
        yield kwargs
    except Exception as raised:
        error = str(raised)
        raise
    finally:
        end = time.perf_counter()
        # The last three are this function, `with` and the function that is traced.
        frames = traceback.extract_stack(limit=6)[:-3]
        entries.append(
            {
                "type": trace_type,
                "start": start,
                "end": end,
                "duration_ms": (end - start) * 1000,
                "traceback": traceback.format_list(frames),
                "error": error,
                **kwargs,
            }
        )


@contextmanager
def capture_traces(tracer: list[dict[str, Any]]) -> Iterator[None]:
    """Puts the entries of this task into a list."""
    task_id = get_task_id()
    if task_id is None:
        yield
        return
    before = tracers.get(task_id)
    tracers[task_id] = tracer
    try:
        yield
    finally:
        if before is None:
            del tracers[task_id]
        else:
            tracers[task_id] = before


class AsgiTracer:
    """Shows the entries of requests with `_trace=1` in their answers (API-252)."""

    #: Larger answers are sent as they are.
    max_body_bytes = 256 * 1024

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Passes the request on."""
        if b"_trace=1" not in scope.get("query_string", b"").split(b"&"):
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        entries: list[dict[str, Any]] = []
        body = b""
        content_type = ""
        is_too_large = False

        async def traced_send(message: dict[str, Any]) -> None:
            nonlocal body, content_type, is_too_large
            if message["type"] == "http.response.start":
                for name, value in message["headers"]:
                    if name.lower() == b"content-type":
                        content_type = value.decode("utf-8")
            if message["type"] != "http.response.body" or is_too_large:
                await send(message)
                return
            body += message.get("body", b"")
            more_body = bool(message.get("more_body"))
            if len(body) > self.max_body_bytes:
                is_too_large = True
            elif more_body:
                return
            else:
                body = _with_entries(body, content_type, entries, start)
            await send({"type": "http.response.body", "body": body, "more_body": more_body})

        with capture_traces(entries):
            await self.app(scope, receive, traced_send)


def _with_entries(
    body: bytes, content_type: str, entries: list[dict[str, Any]], start: float
) -> bytes:
    shown = {
        "request_duration_ms": 1000 * (time.perf_counter() - start),
        "sum_trace_duration_ms": sum(entry["duration_ms"] for entry in entries),
        "num_traces": len(entries),
        "traces": entries,
    }
    if "text/html" in content_type and b"</body>" in body:
        extra = escape(json.dumps(shown, indent=2))
        return body.replace(b"</body>", f"<pre>{extra}</pre></body>".encode())
    if "json" in content_type and body.startswith(b"{"):
        data = json.loads(body)
        if "_trace" not in data:
            data["_trace"] = shown
        return json.dumps(data).encode()
    return body
