"""Entries of what a request did, and how they are shown."""

import asyncio
import json

import pytest

from datasette import tracer
from datasette.tracer import (
    AsgiTracer,
    capture_traces,
    get_task_id,
    trace,
    trace_child_tasks,
)


def _ask():
    with trace("sql", database="db") as more:
        more["sql"] = "select 1"


# Proves: API-251
async def test_an_entry_tells_what_happened_and_how_long_it_took():
    entries = []
    with capture_traces(entries):
        _ask()
        with pytest.raises(ValueError), trace("other"):
            raise ValueError("broken")
    one, two = entries
    assert set(one) == {
        "type",
        "start",
        "end",
        "duration_ms",
        "traceback",
        "error",
        "database",
        "sql",
    }
    assert (one["type"], one["database"], one["sql"], one["error"]) == (
        "sql",
        "db",
        "select 1",
        None,
    )
    assert one["duration_ms"] == (one["end"] - one["start"]) * 1000 >= 0
    assert all(isinstance(line, str) for line in one["traceback"])
    # It ends where the function that is traced was called.
    assert "test_tracer.py" in one["traceback"][-1]
    assert "_ask()" in one["traceback"][-1]
    assert two["error"] == "broken"
    assert tracer.tracers == {}


# Proves: API-251
async def test_without_a_traced_request_nothing_is_recorded():
    with trace("sql", sql="select 1") as more:
        assert more == {"sql": "select 1"}
    for key in ("type", "start", "end", "duration_ms", "traceback"):
        with pytest.raises(AssertionError, match="cannot include"), trace("sql", **{key: 1}):
            raise RuntimeError("not reached")


def test_outside_of_tasks_nothing_is_recorded():
    entries = []
    with capture_traces(entries), trace("sql"):
        assert get_task_id() is None
    assert entries == []


# Proves: API-253
async def test_entries_belong_to_a_task_unless_it_says_otherwise():
    entries = []

    async def child(name):
        with trace("child", name=name):
            await asyncio.sleep(0)

    with capture_traces(entries):
        await asyncio.gather(child("lost"))
        with trace_child_tasks():
            await asyncio.gather(child("one"), child("two"))
        await asyncio.gather(child("lost too"))
    assert sorted(entry["name"] for entry in entries) == ["one", "two"]


async def _answer(bodies, content_type, query=b"_trace=1"):
    sent = []

    async def app(scope, receive, send):
        headers = [(b"Content-Type", content_type.encode())]
        with trace("sql", sql="select '<b>'"):
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, body in enumerate(bodies):
            more = number < len(bodies) - 1
            await send({"type": "http.response.body", "body": body, "more_body": more})

    async def send(message):
        sent.append(message)

    await AsgiTracer(app)({"type": "http", "query_string": query}, None, send)
    return b"".join(message["body"] for message in sent[1:])


# Proves: API-252
async def test_entries_are_shown_in_pages_and_in_json():
    page = (await _answer([b"<body>", b"x</body>"], "text/html; charset=utf-8")).decode()
    assert page.startswith("<body>x<pre>{")
    assert page.endswith("</pre></body>")
    assert "&#34;num_traces&#34;: 1" in page
    assert "select &#39;&lt;b&gt;&#39;" in page
    data = json.loads(await _answer([b'{"a"', b": 1}"], "application/json"))
    assert data["a"] == 1
    assert data["_trace"]["num_traces"] == len(data["_trace"]["traces"]) == 1
    assert data["_trace"]["sum_trace_duration_ms"] == data["_trace"]["traces"][0]["duration_ms"]
    assert data["_trace"]["request_duration_ms"] >= data["_trace"]["sum_trace_duration_ms"]


# Proves: API-252
@pytest.mark.parametrize(
    ("bodies", "content_type", "query"),
    [
        ([b"[1]"], "application/json", b"_trace=1"),
        ([b"x"], "text/plain", b"_trace=1"),
        ([b"<p>"], "text/html", b"_trace=1"),
        ([b"<body></body>"], "text/html", b"_trace=2&x=1"),
        ([b"<body>" + b"x" * 262_144, b"y", b"</body>"], "text/html", b"_trace=1"),
    ],
)
async def test_other_answers_are_sent_as_they_are(bodies, content_type, query):
    assert await _answer(bodies, content_type, query) == b"".join(bodies)
