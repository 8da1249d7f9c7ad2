"""A connection of the server that a callback has for a while (OOP-01)."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NoReturn

from . import questions
from .blob import RemoteBlob
from .cursor import RemoteCursor, converter, replacing
from .errors import ConnectionGone, error_of
from .questions import Asking

_UNCLEAR = -1


class RemoteConnection(sqlite3.Connection):
    """A `sqlite3.Connection` whose work happens on a connection of the server.

    What it is beneath, a connection to an empty database of this process, is what C code sees that
    looks past these methods.
    """

    class Unclear(Exception):
        """The server does not understand a value."""

    _asking: Asking | None = None
    _tracer: Callable[[str], Any] | None = None
    _begin: str | None = "BEGIN "
    _level: str | None = ""
    _in_transaction = False
    _total_changes = 0
    _text_factory: Any = str
    _convert: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._forgotten: list[int] = []
        self._cursors: weakref.WeakSet[RemoteCursor] = weakref.WeakSet()
        self.text_factory = str

    # To whom it belongs ---------------------------------------------------------------------

    def _take(self, asking: Asking, standing: dict[str, Any]) -> None:
        """The callback begins."""
        self._asking = asking
        self._in_transaction = standing["in_transaction"]
        self._total_changes = standing["total_changes"]

    def _give_back(self) -> None:
        """The callback is over. Cursors that outlive it keep their rows."""
        with contextlib.suppress(sqlite3.Error, OSError):
            for cursor in list(self._cursors):
                cursor._drain()
        self._asking = None
        self._forgotten = []
        self._cursors.clear()

    def _reset(self, level: str, *, rows: bool) -> None:
        """As a connection of the server is when it is new."""
        self.row_factory = sqlite3.Row if rows else None
        self.text_factory = replacing if rows else str
        self._tracer = None
        self._level = level
        self._begin = f"BEGIN {level}"

    def _ask(self, question: int, *values: Any) -> Any:
        asking = self._asking
        if asking is None:
            raise ConnectionGone("Cannot operate on a closed database.")
        error, self._in_transaction, self._total_changes, result = asking.ask(question, *values)
        if error is not None:
            code, message = error
            if code == _UNCLEAR:
                if "too large" in message:
                    raise OverflowError("Python int too large to convert to SQLite INTEGER")
                raise self.Unclear(message)
            raise error_of(code, message)
        return result

    # Statements -----------------------------------------------------------------------------

    def cursor(self, factory: Any = RemoteCursor) -> Any:
        """A new cursor."""
        if self._asking is None:
            raise ConnectionGone("Cannot operate on a closed database.")
        cursor = RemoteCursor(self) if factory is RemoteCursor else factory(self)
        if self.row_factory is not None:
            cursor.row_factory = self.row_factory
        return cursor

    def execute(self, sql: str, parameters: Any = (), /) -> RemoteCursor:
        """Runs a statement with a new cursor."""
        cursor: RemoteCursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> RemoteCursor:
        """Runs a statement many times with a new cursor."""
        cursor: RemoteCursor = self.cursor()
        return cursor.executemany(sql, parameters)

    def executescript(self, sql_script: str, /) -> RemoteCursor:
        """Runs several statements with a new cursor."""
        cursor: RemoteCursor = self.cursor()
        return cursor.executescript(sql_script)

    @property
    def text_factory(self) -> Any:
        """What makes text out of bytes."""
        return self._text_factory

    @text_factory.setter
    def text_factory(self, factory: Any) -> None:
        self._text_factory = factory
        self._convert = converter(factory)

    # Transactions ---------------------------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._in_transaction

    @property
    def total_changes(self) -> int:
        """How many rows were changed since the connection was opened."""
        return self._total_changes

    @property
    def isolation_level(self) -> Any:
        """How a transaction begins before a change; None for not at all."""
        return self._level

    @isolation_level.setter
    def isolation_level(self, level: str | None) -> None:
        if level is None:
            self._level = self._begin = None
            self.commit()
            return
        if level.upper() not in ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"):
            raise ValueError(
                "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'"
            )
        self._level = level
        self._begin = f"BEGIN {level}"

    def commit(self) -> None:
        """Commits the open transaction, where there is one."""
        self._end(True)

    def rollback(self) -> None:
        """Undoes the open transaction, where there is one."""
        self._end(False)

    def _end(self, keep: bool) -> None:
        if self._asking is None:
            raise ConnectionGone("Cannot operate on a closed database.")
        if self._in_transaction:
            self._ask(questions.END, keep)
            if self._tracer is not None:
                self._tracer("COMMIT" if keep else "ROLLBACK")

    def close(self) -> None:
        """Nothing: the connection goes on to be the server's."""

    def __enter__(self) -> RemoteConnection:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any, /) -> Literal[False]:
        if kind is None:
            try:
                self.commit()
            except BaseException:
                self.rollback()
                raise
        else:
            self.rollback()
        return False

    # What SQL can call ----------------------------------------------------------------------

    def _number(self, function: Any, *key: Any) -> int | None:
        if function is None:
            return None
        assert self._asking is not None
        return self._asking.add_function(key, function)

    def create_function(
        self, name: str, narg: int, func: Any, *, deterministic: bool = False
    ) -> None:
        """Defines a function."""
        number = self._number(func, "function", name.lower(), narg)
        self._ask(questions.FUNCTION, name, narg, bool(deterministic), number)

    def create_aggregate(self, name: str, n_arg: int, aggregate_class: Any) -> None:
        """Defines an aggregate."""
        number = self._number(aggregate_class, "aggregate", name.lower(), n_arg)
        self._ask(questions.AGGREGATE, name, n_arg, False, number)

    def create_window_function(self, name: str, num_params: int, aggregate_class: Any, /) -> None:
        """Defines a window function."""
        number = self._number(aggregate_class, "aggregate", name.lower(), num_params)
        self._ask(questions.AGGREGATE, name, num_params, True, number)

    def create_collation(self, name: str, callback: Any, /) -> None:
        """Defines an order of text."""
        if callback is not None and not callable(callback):
            raise TypeError("parameter must be callable")
        number = self._number(callback, "collation", name.lower())
        self._ask(questions.COLLATION, name, number)

    # What watches over statements -----------------------------------------------------------

    def set_authorizer(self, authorizer_callback: Any) -> None:
        """Has a function say what statements may do; None ends that."""
        self._ask(questions.JUDGE, self._number(authorizer_callback, "authorizer"))

    def set_progress_handler(self, progress_handler: Any, n: int) -> None:
        """Has a function say now and then whether a statement should end; None ends that."""
        number = self._number(progress_handler, "progress")
        self._ask(questions.STOPPER, number, max(1, n))

    def set_trace_callback(self, trace_callback: Any) -> None:
        """Tells a function of each statement; None ends that."""
        self._tracer = trace_callback

    def _limit_time(self, milliseconds: float | None) -> None:
        """Ends statements after so much time from now on; None ends that."""
        self._ask(questions.LIMIT_TIME, milliseconds)

    def interrupt(self) -> None:
        """Ends what runs, from any thread."""
        if self._asking is None:
            raise ConnectionGone("Cannot operate on a closed database.")
        self._asking.interrupt()

    def getlimit(self, category: int, /) -> int:
        """A limit of SQLite."""
        return int(self._ask(questions.LIMIT, category, -1))

    def setlimit(self, category: int, limit: int, /) -> int:
        """Sets a limit of SQLite; answers the former."""
        return int(self._ask(questions.LIMIT, category, limit))

    # Extensions, blobs, copies --------------------------------------------------------------

    def enable_load_extension(self, enable: bool, /) -> None:
        """Allows or forbids loading extensions."""
        self._ask(questions.ALLOW_EXTENSIONS, bool(enable))

    def load_extension(self, name: str, /, *, entrypoint: str | None = None) -> None:
        """Loads an extension."""
        self._ask(questions.LOAD_EXTENSION, str(name), entrypoint)

    def blobopen(
        self, table: str, column: str, row: int, /, *, readonly: bool = False, name: str = "main"
    ) -> RemoteBlob:
        """Opens a blob."""
        place = {"schema": name, "table": table, "column": column, "rowid": row}
        return RemoteBlob(self, place, readonly)

    @contextlib.contextmanager
    def _copy(self, name: str) -> Iterator[str]:
        """The path of a copy of a database, for a while."""
        with tempfile.TemporaryDirectory(prefix="datasette-copy-") as folder:
            path = os.path.join(folder, "copy.db")
            self._ask(questions.COPY, name, path)
            yield path

    def backup(
        self,
        target: sqlite3.Connection,
        *,
        pages: int = -1,
        progress: Any = None,
        name: str = "main",
        sleep: float = 0.25,
    ) -> None:
        """Copies a database to another connection."""
        if isinstance(target, RemoteConnection):
            raise sqlite3.NotSupportedError(
                "the target of a backup cannot be a connection of the server"
            )
        with self._copy(name) as path:
            copy = sqlite3.connect(path)
            try:
                copy.backup(target, pages=pages, progress=progress, sleep=sleep)
            finally:
                copy.close()

    def serialize(self, *, name: str = "main") -> bytes:
        """A database as the bytes of its file."""
        with self._copy(name) as path, open(path, "rb") as file:
            return file.read()

    def deserialize(self, data: Any, /, *, name: str = "main") -> NoReturn:
        """Refuses: the server's connection would lose its database."""
        raise sqlite3.NotSupportedError("a connection of the server cannot get another database")


def new_connection() -> RemoteConnection:
    """A connection that nobody has."""
    return sqlite3.connect(":memory:", factory=RemoteConnection, check_same_thread=False)
