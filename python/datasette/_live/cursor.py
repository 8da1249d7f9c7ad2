"""Cursors of connections that belong to the server."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from . import questions
from .binding import Unsupported, is_change, refuse, sent
from .questions import BrokenText

if TYPE_CHECKING:
    from .connection import RemoteConnection

_FIRST = 100
"""Rows that come with the answer to a statement."""
_MORE = 2_000
"""Rows that come at a time afterwards."""
_SETS = 500
"""Sets of parameters that are sent at a time."""


class RemoteCursor(sqlite3.Cursor):
    """A cursor whose statements run on the server.

    The cursor beneath it belongs to an empty database of this process. It is asked for the columns
    of each result, so that `sqlite3.Row` finds their names where it looks for them.
    """

    _open: int | None = None
    _described: tuple[str, ...] | None = None

    def __init__(self, connection: RemoteConnection) -> None:
        super().__init__(connection)
        self._owner = connection
        self._rows: deque[tuple[Any, ...]] = deque()
        self._count = -1
        self._rowid: int | None = None
        self._changes = False
        self._closed = False
        connection._cursors.add(self)

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 for statements that change none."""
        return self._count

    @property
    def lastrowid(self) -> int | None:
        """The rowid of the last row that was inserted."""
        return self._rowid

    def _check(self) -> RemoteConnection:
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed cursor.")
        return self._owner

    def _start_over(self) -> None:
        self._rows = deque()
        if self._open is not None:
            self._owner._forgotten.append(self._open)
            self._open = None

    def _describe(self, columns: tuple[str, ...] | None) -> None:
        if columns == self._described:
            return
        self._described = columns
        if not columns:
            super().execute("")
            return
        names = ", ".join('null as "{}"'.format(name.replace('"', '""')) for name in columns)
        super().execute(f"select {names} where 0")

    def execute(self, sql: str, parameters: Any = (), /) -> RemoteCursor:
        """Runs a statement."""
        owner = self._check()
        self._start_over()
        self._changes = changes = is_change(sql)
        self._count = 0 if changes else -1
        given = sent(sql, parameters)
        begin = owner._begin if changes else None
        tracer = owner._tracer
        forgotten, owner._forgotten = owner._forgotten, []
        try:
            answer = owner._ask(
                questions.RUN, sql, given, begin, _FIRST, tracer is not None, forgotten
            )
        except (owner.Unclear, Unsupported) as error:
            refuse(owner, given)
            raise sqlite3.ProgrammingError(str(error)) from None
        columns, open_, count, rowid, expanded, rows = answer
        if tracer is not None:
            tracer(expanded or sql)
        self._describe(columns or None)
        self._rowid = rowid
        self._open = open_
        if changes and open_ is None:
            self._count = count
        self._rows.extend(self._read(rows))
        return self

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> RemoteCursor:
        """Runs a statement once for each set of parameters."""
        owner = self._check()
        self._start_over()
        self._changes = changes = is_change(sql)
        self._count = 0 if changes else -1
        self._describe(None)
        begin = owner._begin if changes else None
        sets: list[Any] = []
        try:
            for one in parameters:
                sets.append(sent(sql, one))
                if len(sets) >= _SETS:
                    sets, full = [], sets
                    self._repeat(sql, begin, full)
        finally:
            # What came before an exception of the iterator was run by then.
            if sets:
                self._repeat(sql, begin, sets)
        return self

    def _repeat(self, sql: str, begin: str | None, sets: list[Any]) -> None:
        try:
            count = self._owner._ask(questions.REPEAT, sql, begin, sets)
        except (self._owner.Unclear, Unsupported) as error:
            for one in sets:
                refuse(self._owner, one)
            raise sqlite3.ProgrammingError(str(error)) from None
        if self._changes:
            self._count += count

    def executescript(self, sql_script: str, /) -> RemoteCursor:
        """Commits what is open, and runs several statements."""
        owner = self._check()
        if not isinstance(sql_script, str):
            raise TypeError(
                f"executescript() argument must be str, not {type(sql_script).__name__}"
            )
        self._start_over()
        owner._ask(questions.SCRIPT, sql_script)
        if owner._tracer is not None:
            owner._tracer(sql_script)
        return self

    def _read(self, rows: Any) -> Any:
        """Rows with their text as the connection wants it."""
        convert = self._owner._convert
        return rows if convert is None else [convert(row, self._described) for row in rows]

    def _fetch(self) -> bool:
        """Gets more rows; whether there were any."""
        if self._open is None:
            return False
        open_, self._open = self._open, None
        answer = self._owner._ask(questions.RUN_ON, open_, _MORE)
        self._open = answer[1]
        if self._changes and self._open is None:
            self._count = answer[2]
        self._rows.extend(self._read(answer[5]))
        return bool(self._rows)

    def _drain(self) -> None:
        """Gets all rows that are left."""
        while self._open is not None:
            self._fetch()

    def __iter__(self) -> RemoteCursor:
        return self

    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    def fetchone(self) -> Any:
        """The next row; None where there is none."""
        self._check()
        rows = self._rows
        if not rows and not self._fetch():
            return None
        row = rows.popleft()
        make = self.row_factory
        if make is None:
            return row
        return make(self, row)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, as many as there are at most."""
        wanted = self.arraysize if size is None else size
        rows: list[Any] = []
        while len(rows) < wanted and (row := self.fetchone()) is not None:
            rows.append(row)
        return rows

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        self._check()
        self._drain()
        rows, self._rows = self._rows, deque()
        make = self.row_factory
        if make is None:
            return list(rows)
        return [make(self, row) for row in rows]

    def close(self) -> None:
        """Ends the cursor."""
        self._start_over()
        self._closed = True

    def setinputsizes(self, sizes: Any, /) -> None:
        """Does nothing, as in `sqlite3`."""

    def setoutputsize(self, size: Any, column: Any = None, /) -> None:
        """Does nothing, as in `sqlite3`."""

    def __del__(self) -> None:
        if self._open is not None:
            self._owner._forgotten.append(self._open)


def converter(factory: Any) -> Any:
    """What makes rows of the server into rows with text as a `text_factory` makes it."""
    if factory is str:
        return _strictly
    if factory is replacing:
        return _replaced
    return lambda row, columns: tuple(_made(value, factory) for value in row)


def replacing(data: bytes) -> str:
    """The text factory of the server: what is not valid is replaced (API-166)."""
    return str(data, "utf-8", "replace")


def _replaced(row: tuple[Any, ...], _columns: Any) -> tuple[Any, ...]:
    if BrokenText not in map(type, row):
        return row
    return tuple(replacing(one) if type(one) is BrokenText else one for one in row)


def _strictly(row: tuple[Any, ...], columns: Any) -> tuple[Any, ...]:
    if BrokenText in map(type, row):
        name, value = next(pair for pair in zip(columns or (), row) if type(pair[1]) is BrokenText)
        text = replacing(value)
        raise sqlite3.OperationalError(
            f"Could not decode to UTF-8 column '{name}' with text '{text}'"
        )
    return row


def _made(value: Any, factory: Any) -> Any:
    if type(value) is BrokenText:
        return factory(bytes(value))
    return factory(value.encode("utf-8")) if type(value) is str else value
