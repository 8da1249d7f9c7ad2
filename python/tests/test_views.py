"""Views as classes, documented contexts, CSV, and the JSON format."""

import csv
import io
import json
import types
from dataclasses import dataclass, field

import pytest

from datasette import Context, Request, Response
from datasette.renderer import json_renderer
from datasette.utils.asgi import BadRequest
from datasette.utils.sqlite import sqlite3
from datasette.views import ContextField, from_extra
from datasette.views.base import BaseView, DatasetteError, View, stream_csv


# Proves: API-260
def test_the_variables_of_a_context_are_documented():
    @dataclass
    class Page(Context):
        title: str = field(metadata={"help": "What it is called"})
        rows: list[dict[str, int]] | None
        count: int = from_extra()
        _private: int = 0

    title, rows, count = Page.documented_fields()
    assert title == ContextField("title", "str", "What it is called", from_extra=False)
    assert (rows.type_name, rows.help) == ("list[dict[str, int]] | None", "")
    assert (count.name, count.from_extra) == ("count", True)


class _Page(View):
    async def get(self, request, datasette):
        return Response.text(f"got {datasette}", headers={"a": "b"})

    async def post(self, request, datasette):
        return Response.text("posted")


def _request(method, path="/x", headers=()):
    request = Request.fake(path, method=method)
    request.scope["headers"] = list(headers)
    return request


# Proves: API-261
async def test_a_view_has_a_method_for_each_method():
    view = _Page()
    assert (await view(_request("GET"), "ds")).body == "got ds"
    assert (await view(_request("POST"), "ds")).body == "posted"
    head = await view(_request("HEAD"), "ds")
    assert (head.body, head.headers) == ("", {"a": "b"})
    options = await view(_request("OPTIONS"), "ds")
    assert (options.body, options.headers) == ("ok", {"allow": "HEAD, GET, POST"})


# Proves: API-261
@pytest.mark.parametrize(
    ("path", "headers", "is_json"),
    [
        ("/x", (), False),
        ("/x.json", (), True),
        ("/x", [(b"content-type", b"application/json")], True),
    ],
)
async def test_another_method_is_not_allowed(path, headers, is_json):
    response = await _Page()(_request("PUT", path, headers), "ds")
    assert response.status == 405
    if is_json:
        assert json.loads(response.body)["error"] == "Method not allowed"
    else:
        assert response.body == "Method not allowed"

    class OnlyPost(View):
        async def post(self, request, datasette):
            """Nothing."""

    assert (await OnlyPost()(_request("HEAD"), "ds")).status == 405


class _Template(str):
    @property
    def name(self):
        return str(self)


class _Datasette:
    cors = False
    urls = types.SimpleNamespace(
        path=lambda path: f"/prefix{path}",
        row_blob=lambda database, table, row, column: f"/{database}/{table}/{row}.blob?{column}",
    )

    def __init__(self, **settings):
        self.settings = {"max_csv_mb": 0, "allow_csv_stream": True, **settings}

    def setting(self, name):
        return self.settings[name]

    async def refresh_schemas(self):
        self.is_refreshed = True

    def get_jinja_environment(self, request):
        return types.SimpleNamespace(select_template=lambda names: _Template(names[-1]))

    async def render_template(self, template, context, request, view_name):
        return json.dumps([template, context, view_name])

    def absolute_url(self, request, path):
        return f"http://localhost{path}"


class _Base(BaseView):
    name = "page"

    async def get(self, request):
        return await self.render(["a.html", "b.html"], request, {"x": 1})


# Proves: API-262
async def test_a_base_view_is_made_for_each_request():
    datasette = _Datasette()
    view = _Base.as_view(datasette)
    assert view.view_class is _Base
    assert view.__name__ == "_Base"
    response = await view(_request("GET", "/db"), None)
    assert datasette.is_refreshed
    url = "http://localhost/prefix/db.json"
    assert json.loads(response.body) == [
        "b.html",
        {"x": 1, "select_templates": ["a.html", "*b.html"], "alternate_url_json": url},
        "page",
    ]
    assert response.headers == {
        "Link": f'<{url}>; rel="alternate"; type="application/json+datasette"'
    }
    assert (await view(_request("HEAD", "/db"), None)).body == b""
    assert (await view(_request("OPTIONS"), None)).body == "ok"
    assert _Base(datasette).ds is datasette


# Proves: API-262
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_base_view_allows_what_it_has(method):
    assert (await _Base(_Datasette()).dispatch_request(_request(method))).status == 405


# Proves: API-262
async def test_a_base_view_lets_other_sites_read_where_the_server_does():
    datasette = _Datasette()
    datasette.cors = True
    view = _Base(datasette)
    view.has_json_alternate = False
    response = await view.dispatch_request(_request("GET"))
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" not in response.headers


async def _csv(fetch, query="", datasette=None):
    request = Request.fake(f"/db/t.csv?{query}", url_vars={"table": "t"})
    answer = await stream_csv(datasette or _Datasette(), fetch, request, "db")
    if isinstance(answer, Response):
        return answer
    sent = []

    async def send(message):
        sent.append(message)

    await answer.asgi_send(send)
    text = b"".join(message.get("body", b"") for message in sent).decode()
    return answer, list(csv.reader(io.StringIO(text))), text


# Proves: API-16
async def test_csv_follows_all_pages_only_when_it_is_streamed():
    asked = []

    async def fetch(request, _next=None):
        asked.append((request.query_string, _next))
        number = int(_next or 1)
        following = str(number + 1) if number < 3 else None
        return {"columns": ["a", "b"], "rows": [(number, 'x"y')], "next": following}, None, None

    _, rows, _ = await _csv(fetch)
    assert rows == [["a", "b"], ["1", 'x"y']]
    assert asked == [("_nofacet=1&_nocount=1", None)]
    answer, rows, _ = await _csv(fetch, "_stream=1&_dl=1&_header=off")
    assert rows == [[str(n), 'x"y'] for n in (1, 2, 3)]
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers == {"content-disposition": 'attachment; filename="t.csv"'}
    with pytest.raises(BadRequest, match="CSV streaming is disabled"):
        await _csv(fetch, "_stream=1", _Datasette(allow_csv_stream=False))
    with pytest.raises(BadRequest, match="_next not allowed"):
        await _csv(fetch, "_stream=1&_next=1")


async def test_csv_has_labels_beside_values_and_addresses_for_bytes():
    async def fetch(request):
        rows = [
            {"a": {"value": 1, "label": "one"}, "b": b"\xff"},
            {"a": None, "b": 2},
            {"a": 5, "b": None},
        ]
        data = {"columns": ["a", "b"], "expanded_columns": ["a"]}
        data["rows"] = [tuple(row.values()) for row in rows]
        return data, None, None, None

    _, rows, _ = await _csv(fetch)
    digest = "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89"
    address = f"http://localhost/db/t.blob?_nofacet=1&_blob_column=b&_blob_hash={digest}"
    assert rows == [
        ["a", "a_label", "b"],
        ["1", "one", address],
        ["", "", "2"],
        ["5", "", ""],
    ]

    async def of_table(request):
        conn = sqlite3.connect(":memory:")
        conn.row_factory = sqlite3.Row
        rows = conn.execute("select 1 as id, x'ff' as b").fetchall()
        conn.close()
        return {"columns": ["id", "b"], "rows": rows, "table": "t", "primary_keys": ["id"]}, 0, 0

    _, rows, _ = await _csv(of_table)
    assert rows[1] == ["1", "http://localhost/db/t/1.blob?b"]


async def test_errors_of_csv_are_told_before_it_begins_or_in_it(capsys):
    async def broken(request):
        raise sqlite3.OperationalError("no such table: x")

    with pytest.raises(DatasetteError, match="no such table: x") as error:
        await _csv(broken)
    assert (error.value.status, error.value.title) == (400, "Invalid SQL")

    async def answers(request):
        return Response.text("moved")

    assert (await _csv(answers)).body == "moved"

    async def large(request):
        return {"columns": ["a"], "rows": [("x" * 100_000,)] * 20}, None, None

    _, _, text = await _csv(large, "", _Datasette(max_csv_mb=1))
    assert text.endswith("CSV contains more than 1048576 bytes")
    assert "CSV contains more than" in capsys.readouterr().err


def _json(query, data=None, error=None, truncated=None):
    request = Request.fake(f"/x.json?{query}")
    rows = [{"id": 1, "j": "[2]", "n": float("inf")}, {"id": 2, "j": "x", "n": 1.5}]
    data = data or {"rows": rows, "columns": ["id", "j", "n"], "primary_keys": ["id"]}
    response = json_renderer(request, request.args, data, error, truncated)
    return response.status, response.body


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (
            "",
            {
                "rows": [{"id": 1, "j": "[2]", "n": None}, {"id": 2, "j": "x", "n": 1.5}],
                "primary_keys": ["id"],
                "ok": True,
            },
        ),
        ("_shape=array", [{"id": 1, "j": "[2]", "n": None}, {"id": 2, "j": "x", "n": 1.5}]),
        ("_shape=arrayfirst", [1, 2]),
        (
            "_shape=object",
            {"1": {"id": 1, "j": "[2]", "n": None}, "2": {"id": 2, "j": "x", "n": 1.5}},
        ),
        (
            "_shape=arrays",
            {"rows": [[1, "[2]", None], [2, "x", 1.5]], "primary_keys": ["id"], "ok": True},
        ),
        ("_shape=array&_json=j", [{"id": 1, "j": [2], "n": None}, {"id": 2, "j": "x", "n": 1.5}]),
    ],
)
def test_json_has_the_shape_that_is_asked_for(query, body):
    if "_json" in query:
        rows = [(1, "[2]", float("inf")), (2, "x", 1.5)]
        data = {"rows": rows, "columns": ["id", "j", "n"]}
        status, text = _json(query, data)
    else:
        status, text = _json(query)
    assert (status, json.loads(text)) == (200, body)


def test_json_can_be_lines_and_can_be_an_error():
    _, lines = _json("_shape=array&_nl=on")
    assert [json.loads(line)["id"] for line in lines.splitlines()] == [1, 2]
    status, body = _json("_shape=strange")
    assert (status, json.loads(body)["error"]) == (400, "Invalid _shape: strange")
    status, body = _json("_shape=array", error="no such table", truncated=False)
    answer = json.loads(body)
    assert (status, answer["ok"], answer["error"]) == (400, False, "no such table")
    assert answer["truncated"] is False
    for keys in ({}, {"primary_keys": []}):
        status, body = _json("_shape=object", {"rows": [{"a": 1}], **keys})
        assert (status, json.loads(body)["ok"]) == (400, False)
    assert "Infinity" in _json("_json_infinity=1")[1]
    assert json.loads(_json("_extra=columns")[1])["columns"] == ["id", "j", "n"]
