"""JSON of what a page shows, in all its shapes (API-18). Plugins call it to wrap the JSON format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from datasette.extras import extra_names_from_request
from datasette.utils import (
    CustomJSONEncoder,
    error_body,
    path_from_row_pks,
    remove_infinites,
    sqlite3,
    value_as_boolean,
)
from datasette.utils.asgi import Response

_JSON = "application/json; charset=utf-8"


class _ShapeError(Exception):
    """The rows cannot have the shape that is asked for."""


def convert_specific_columns_to_json(
    rows: Sequence[Any], columns: Sequence[str], json_cols: Iterable[str]
) -> Sequence[Any]:
    """The rows with the values of some columns read as JSON, where they are JSON."""
    wanted = set(json_cols)
    if wanted.isdisjoint(columns):
        return rows
    return [
        [_read(value) if column in wanted else value for value, column in zip(row, columns)]
        for row in rows
    ]


def _read(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def json_renderer(
    request: Any, args: Any, data: Any, error: Any, truncated: bool | None = None
) -> Response:
    """The answer: `_shape`, `_json`, `_json_infinity`, `_nl` and `_extra=columns` of `args` count."""
    status = 200
    json_columns = args.getlist("_json")
    if json_columns and "rows" in data and "columns" in data:
        data["rows"] = convert_specific_columns_to_json(data["rows"], data["columns"], json_columns)
    if "rows" in data and not value_as_boolean(args.get("_json_infinity", "0")):
        data["rows"] = [remove_infinites(row) for row in data["rows"]]
    data["ok"] = True
    shape = args.get("_shape", "objects")
    if error:
        shape, status = "objects", 400
        data.update(error_body(error, status))
    if truncated is not None:
        data["truncated"] = truncated
    try:
        shown = _shaped(data, shape)
    except _ShapeError as problem:
        status = 400
        shown = error_body(str(problem), status)
    if isinstance(shown, dict) and "columns" not in extra_names_from_request(request):
        shown.pop("columns", None)
    if args.get("_nl") and shape == "array":
        lines = "\n".join(json.dumps(item, cls=CustomJSONEncoder) for item in shown)
        return Response(lines, status, content_type="text/plain")
    return Response(json.dumps(shown, cls=CustomJSONEncoder), status, content_type=_JSON)


def _shaped(data: dict[str, Any], shape: str) -> Any:
    rows = data.get("rows")
    if shape == "arrayfirst":
        return [_first(row) for row in rows or ()]
    if shape == "arrays":
        if rows:
            data["rows"] = [list(row.values() if isinstance(row, dict) else row) for row in rows]
        return data
    if shape not in ("objects", "object", "array"):
        raise _ShapeError(f"Invalid _shape: {shape}")
    columns = data.get("columns")
    if rows and columns and not isinstance(rows[0], dict):
        data["rows"] = [dict(zip(columns, row)) for row in rows]
    if shape == "object":
        return _by_key(data)
    return data["rows"] if shape == "array" else data


def _first(row: Any) -> Any:
    if isinstance(row, sqlite3.Row) or not isinstance(row, dict):
        return row[0]
    return next(iter(row.values()))


def _by_key(data: dict[str, Any]) -> dict[str, Any]:
    if "primary_keys" not in data:
        raise _ShapeError("_shape=object is only available on tables")
    pks = data["primary_keys"]
    if not pks:
        raise _ShapeError("_shape=object not available for tables with no primary keys")
    return {path_from_row_pks(row, pks, not pks): row for row in data["rows"]}
