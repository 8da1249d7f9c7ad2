"""The connection that `prepare_connection` gets: it notes what is prepared (HOOK-24, HOOK-25).

The server prepares each of its own connections with what is noted, once per database. Questions that
a plugin asks on the way are answered by an empty database of this process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from .lines import Lines


class RecordingConnection(sqlite3.Connection):
    """A connection to an empty database that remembers its preparations."""

    _lines: Lines
    _steps: list[dict[str, Any]]

    def create_function(
        self,
        name: str,
        narg: int,
        func: Callable[..., Any] | None,
        *,
        deterministic: bool = False,
    ) -> None:
        """Notes a function."""
        super().create_function(name, narg, func, deterministic=deterministic)
        if func is not None:
            self._steps.append(
                {
                    "function": {
                        "name": name,
                        "arity": narg,
                        "deterministic": deterministic,
                        "id": self._lines.functions.add(func),
                    }
                }
            )

    def create_aggregate(self, name: str, n_arg: int, aggregate_class: Any) -> None:
        """Notes an aggregate."""
        super().create_aggregate(name, n_arg, aggregate_class)
        self._note_aggregate(name, n_arg, aggregate_class, window=False)

    def create_window_function(self, name: str, num_params: int, aggregate_class: Any, /) -> None:
        """Notes a window function."""
        self._note_aggregate(name, num_params, aggregate_class, window=True)

    def _note_aggregate(self, name: str, arity: int, kind: Any, *, window: bool) -> None:
        if kind is not None:
            self._steps.append(
                {
                    "aggregate": {
                        "name": name,
                        "arity": arity,
                        "window": window,
                        "id": self._lines.functions.add(kind),
                    }
                }
            )

    def create_collation(self, name: str, callback: Any, /) -> None:
        """Notes a collation."""
        super().create_collation(name, callback)
        if callback is not None:
            number = self._lines.functions.add(callback)
            self._steps.append({"collation": {"name": name, "id": number}})

    def enable_load_extension(self, enabled: bool, /) -> None:
        """Does nothing: the server loads extensions."""

    def load_extension(self, path: str, /, *, entrypoint: str | None = None) -> None:
        """Notes an extension."""
        self._steps.append({"load": {"path": str(path), "entry_point": entrypoint}})

    def _note(self, sql: str) -> None:
        words = sql.split(None, 1)
        if words and words[0].lower() not in ("select", "with", "explain", "values"):
            self._steps.append({"run": sql})

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Runs a statement here, and notes it where it may change the connection."""
        cursor = super().execute(sql, parameters)
        self._note(sql)
        return cursor

    def executescript(self, sql_script: str, /) -> sqlite3.Cursor:
        """Runs a script here and notes it."""
        cursor = super().executescript(sql_script)
        self._note(sql_script)
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Runs a statement here."""
        return super().executemany(sql, parameters)


def recording(lines: Lines) -> RecordingConnection:
    """A connection that notes."""
    connection = sqlite3.connect(":memory:", factory=RecordingConnection, check_same_thread=False)
    connection._lines = lines
    connection._steps = []
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda data: str(data, "utf-8", "replace")
    return connection


def steps(connection: RecordingConnection) -> list[dict[str, Any]]:
    """What was noted since it was asked last."""
    noted, connection._steps = connection._steps, []
    return noted
