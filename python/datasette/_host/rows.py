"""Rows of the server as the rows of `sqlite3` that plugins expect (API-165, OOP-07)."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from typing import Any

_MOST = 200

_threads = threading.local()


def _cursor(columns: tuple[str, ...]) -> sqlite3.Cursor:
    """A cursor whose description names these columns: rows take their names from one."""
    cursors: OrderedDict[tuple[str, ...], sqlite3.Cursor] | None
    cursors = getattr(_threads, "cursors", None)
    if cursors is None:
        _threads.connection = sqlite3.connect(":memory:")
        cursors = _threads.cursors = OrderedDict()
    cursor = cursors.get(columns)
    if cursor is None:
        names = ", ".join('null as "{}"'.format(name.replace('"', '""')) for name in columns)
        cursor = _threads.connection.execute(f"select {names} where 0")
        cursors[columns] = cursor
        while len(cursors) > _MOST:
            cursors.popitem(last=False)
    return cursor


def rows(columns: list[str], values: list[list[Any]]) -> list[sqlite3.Row]:
    """The rows."""
    if not columns:
        return []
    cursor = _cursor(tuple(columns))
    make = sqlite3.Row
    return [make(cursor, tuple(row)) for row in values]


def row(pairs: list[tuple[str, Any]]) -> sqlite3.Row:
    """One row, of pairs of names and values."""
    return rows([name for name, _ in pairs], [[value for _, value in pairs]])[0]


def description(columns: list[str]) -> tuple[tuple[Any, ...], ...]:
    """What a cursor says about these columns."""
    return tuple((name, None, None, None, None, None, None) for name in columns)
