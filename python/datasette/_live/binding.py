"""Parameters of statements on their way to the server."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

_NAMES = re.compile(r"[:@$](\w+)")
_CHANGE = re.compile(
    r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*(?:insert|update|delete|replace)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_change(sql: str) -> bool:
    """Whether it is a statement before which a transaction begins by itself."""
    return _CHANGE.match(sql) is not None


def sent(sql: str, parameters: Any) -> Any:
    """Parameters as a list or a dictionary, of which only what the statement names."""
    kind = type(parameters)
    if kind is tuple or kind is list:
        return parameters
    if isinstance(parameters, Mapping):
        return {name: parameters[name] for name in _NAMES.findall(sql) if name in parameters}
    if isinstance(parameters, (str, bytes, Iterable)) or hasattr(parameters, "__getitem__"):
        try:
            return [parameters[index] for index in range(len(parameters))]
        except TypeError:
            pass
    raise sqlite3.ProgrammingError("parameters are of unsupported type")


def adapted(value: Any) -> Any:
    """A value of another type as one that SQLite has."""
    if isinstance(value, int):
        raise OverflowError("Python int too large to convert to SQLite INTEGER")
    try:
        found = sqlite3.adapt(value, sqlite3.PrepareProtocol)
    except sqlite3.ProgrammingError:
        try:
            return bytes(memoryview(value))
        except TypeError:
            raise Unsupported from None
    if isinstance(found, (int, float, str, bytes, bytearray, memoryview, type(None))):
        return found
    raise Unsupported


class Unsupported(Exception):
    """There is no such value in SQLite."""


def refuse(base: sqlite3.Connection, parameters: Any) -> None:
    """Raises what `sqlite3` raises about parameters that cannot be bound, if it does."""
    if isinstance(parameters, Mapping):
        sql = ", ".join(f":{name}" for name in parameters)
    else:
        sql = ", ".join("?" for _ in parameters)
    if sql:
        sqlite3.Connection.cursor(base, sqlite3.Cursor).execute(f"select {sql}", parameters)
