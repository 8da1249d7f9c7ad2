"""Values of SQLite in JSON, out and in."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from .sqlite import sqlite3


class CustomJSONEncoder(json.JSONEncoder):
    """Writes rows and cursors as arrays and bytes as `{"$base64": true, "encoded": ...}` (API-230)."""

    def default(self, obj: Any) -> Any:
        """What stands for a value that JSON does not know."""
        if isinstance(obj, sqlite3.Row):
            return tuple(obj)
        if isinstance(obj, sqlite3.Cursor):
            return list(obj)
        if isinstance(obj, bytes):
            return {"$base64": True, "encoded": base64.b64encode(obj).decode("ascii")}
        return super().default(obj)


class WriteJsonValueError(ValueError):
    """A value of a JSON body that stands for bytes, but is none."""


def decode_write_json_cell(value: Any) -> Any:
    """The value of a cell in a JSON body: `$base64` becomes bytes, `$raw` what is in it."""
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$raw"}:
        return value["$raw"]
    if value.keys() == {"$base64", "encoded"} and value["$base64"] is True:
        encoded = value["encoded"]
        if not isinstance(encoded, str):
            raise WriteJsonValueError("$base64 encoded value must be a string")
        try:
            return base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise WriteJsonValueError("Invalid $base64 encoded value") from error
    return value


def decode_write_json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """`decode_write_json_cell` for each cell of a row."""
    return {column: decode_write_json_cell(value) for column, value in row.items()}


def decode_write_json_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`decode_write_json_cell` for each cell of some rows."""
    return [decode_write_json_row(row) for row in rows]


def remove_infinites(row: Any) -> Any:
    """The row with None for infinite numbers, which JSON does not have (API-245).

    A row without any is returned as it is.
    """
    values = row.values() if isinstance(row, dict) else row
    if not any(_is_infinite(value) for value in values):
        return row
    if isinstance(row, dict):
        return {key: None if _is_infinite(value) else value for key, value in row.items()}
    return [None if _is_infinite(value) else value for value in row]


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)
