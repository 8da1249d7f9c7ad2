"""Output formats of plugins (HOOK-79 to HOOK-88)."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from ..utils import CustomRow, await_me_maybe, call_with_supported_arguments
from ..utils.asgi import Response
from . import responses
from .rows import rows
from .work import called

if TYPE_CHECKING:
    from .calls import Calls


def _given(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    request = calls.requests.of(params["request"])
    return {
        "datasette": calls.datasette,
        "columns": params["columns"],
        "rows": _rows(params),
        "sql": params["sql"],
        "query_name": params["query_name"],
        "database": params["database"],
        "table": params["table"],
        "request": request,
        "view_name": params["view_name"],
    }


def _data(params: dict[str, Any], rows: list[Any]) -> dict[str, Any]:
    """What JSON would say, in the form that formats know (HOOK-83): rows of tables are dictionaries,
    others are as they came; an error of SQL stands beside it (HOOK-82)."""
    is_table = params["table"] is not None and params["view_name"] == "table"
    data: dict[str, Any] = {}
    for name, value in params["data"].items():
        if name == "rows":
            data["rows"] = [dict(row) for row in rows] if is_table else rows
            if not is_table:
                data["columns"] = params["columns"]
        elif name not in _ELSEWHERE:
            data[name] = value
    data["ok"] = True
    return data


_ELSEWHERE = {"truncated", "error", "errors", "status"}
"""Members of JSON that formats are told by themselves."""


def _rows(params: dict[str, Any]) -> list[Any]:
    columns = params["columns"]
    labels = params.get("labels")
    if not labels:
        return list(rows(columns, params["rows"]))
    expanded = [list(row) for row in params["rows"]]
    for row, column, label in labels:
        expanded[row][column] = {"value": expanded[row][column], "label": label}
    return [CustomRow(columns, dict(zip(columns, row, strict=False))) for row in expanded]


async def can_render(calls: Calls, params: dict[str, Any]) -> bool:
    """Whether pages show a link to the format."""
    renderers, number = calls.registry.renderers, params["id"]
    asked = renderers[number].can_render
    if asked is None:
        return True
    given = _given(calls, params)
    answer = called(renderers.owner(number), call_with_supported_arguments, asked, **given)
    return bool(await await_me_maybe(answer))


async def render(calls: Calls, params: dict[str, Any]) -> dict[str, Any] | None:
    """The response; None is 404 `No data`."""
    given = _given(calls, params)
    given.update(
        truncated=params["truncated"],
        error=params["error"],
        args=given["request"].args,
        data=_data(params, given["rows"]),
    )
    renderers, number = calls.registry.renderers, params["id"]
    render = renderers[number].render
    answer = called(renderers.owner(number), call_with_supported_arguments, render, **given)
    if inspect.isawaitable(answer):
        answer = await answer
    if answer is None:
        return None
    if isinstance(answer, dict):
        answer = Response(
            body=answer.get("body"),
            status=answer.get("status_code") or 200,
            content_type=answer.get("content_type", "text/plain"),
            headers=answer.get("headers"),
        )
    elif not isinstance(answer, Response):
        raise AssertionError(f"{answer!r} should be dict or Response")
    return await responses.whole(answer)
