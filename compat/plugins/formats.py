"""Output formats: what they are told, in which forms they answer, and who owns an extension."""

import json

from datasette import Response, hookimpl
from datasette.plugins import pm


def described(value):
    """What a renderer gets, as JSON shows it."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, dict):
        return {name: described(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [described(one) for one in value]
    if hasattr(value, "keys"):
        return {"a row of": [[name, described(value[name])] for name in value.keys()]}
    return value


async def render_told(
    datasette, columns, rows, sql, query_name, database, table, request, view_name, truncated, error, args, data
):
    data = dict(data)
    data.pop("query_ms", None)
    return Response.json(
        {
            "columns": columns,
            "rows": [described(dict(row)) for row in rows],
            "kinds": sorted({type(row).__name__ for row in rows}),
            "sql": sql,
            "query_name": query_name,
            "database": database,
            "table": table,
            "path": request.path,
            "vars": dict(request.url_vars),
            "view_name": view_name,
            "truncated": truncated,
            "error": error,
            "args": [args.get("_form"), args.getlist("_x")],
            "data": described(data),
            "version": bool(datasette.setting("default_page_size")),
        }
    )


def render_forms(args, rows):
    form = args.get("_form")
    if form == "none":
        return None
    if form == "dictionary":
        return {"body": "plain <b>text</b>"}
    if form == "whole":
        return {
            "body": json.dumps(len(rows)),
            "status_code": 418,
            "content_type": "application/json",
            "headers": {"Link": "<x>; rel=y", "Cache-Control": "max-age=1"},
        }
    if form == "bytes":
        return {"body": b"\x00\x01", "content_type": "application/octet-stream"}
    if form == "empty":
        return {}
    if form == "text":
        return "a text"
    if form == "error":
        raise ValueError("cannot")
    response = Response.html("<p>html</p>", headers={"x-own": "1"})
    response.set_cookie("seen", "yes")
    return response


def render_wrong(rows, something):
    return {"body": "never"}


def render_bad_can():
    return {"body": "here"}


async def can_render_told(datasette, columns, rows, sql, query_name, database, table, request, view_name):
    datasette.told = [
        columns, len(rows), bool(sql), query_name, database, table, view_name, bool(request),
    ]
    return "name" in columns


@hookimpl
def register_output_renderer(datasette):
    return [
        {"extension": "told", "render": render_told, "can_render": can_render_told},
        {"extension": "forms", "render": render_forms, "can_render": lambda: False},
        {"extension": "wrong", "render": render_wrong, "can_render": lambda table: table == "suppliers"},
        {"extension": "old", "callback": render_bad_can},
    ]


@hookimpl
def register_routes():
    return [(r"^/-/told\.json$", lambda datasette: Response.json(getattr(datasette, "told", None)))]


class Earlier:
    """Called before the file, because it was registered later: what the file registers wins."""

    @hookimpl
    def register_output_renderer(self):
        return {"extension": "old", "render": lambda: {"body": "the earlier"}}


class Last:
    """Called last, even after what comes with the server: it owns what it registers."""

    @hookimpl(trylast=True)
    def register_output_renderer(self):
        return {"extension": "blob", "render": lambda columns: {"body": f"instead of a blob {columns}"}}


class First:
    """Called first, and so replaced by what comes with the server."""

    @hookimpl(tryfirst=True)
    def register_output_renderer(self):
        return [{"extension": "csv", "render": lambda: {"body": "never seen"}}]


pm.register(Earlier(), name="earlier")
pm.register(Last(), name="last")
pm.register(First(), name="first")
