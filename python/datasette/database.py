"""Databases as plugins see them (API-126 to API-168). The server has the connections."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import hashlib
import itertools
import os
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ._host.rows import description, rows
from ._introspection import AttachedDatabase as AttachedDatabase
from ._introspection import Introspection
from ._live.binding import Unsupported, adapted, refuse, sent
from .utils import sqlite_timelimit

if TYPE_CHECKING:
    from .app import Datasette

EXECUTE_WRITE_RETURNING_LIMIT = 10
"""Rows that a write with RETURNING keeps unless it is told otherwise (API-168)."""


class QueryInterrupted(Exception):
    """A statement ran into its time limit (API-133)."""

    def __init__(self, e: Exception, sql: str, params: Any) -> None:
        self.e = e
        self.sql = sql
        self.params = params

    def __str__(self) -> str:
        return f"QueryInterrupted: {self.e}"


class MultipleValues(Exception):
    """A result has more than one value, or none (API-164)."""


class DatasetteClosedError(RuntimeError):
    """The database has been closed (API-151)."""


class Results:
    """Rows of a query (API-163)."""

    def __init__(
        self, rows: list[sqlite3.Row], truncated: bool, description: tuple[Any, ...]
    ) -> None:
        self.rows = rows
        self.truncated = truncated
        self.description = description

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [column[0] for column in self.description]

    def first(self) -> sqlite3.Row | None:
        """The first row, or None."""
        return self.rows[0] if self.rows else None

    def single_value(self) -> Any:
        """The only value of the only row.

        Raises MultipleValues where there is another number of either."""
        if len(self.rows) == 1 and len(self.columns) == 1:
            return self.rows[0][0]
        raise MultipleValues

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(row) for row in self.rows]

    def __iter__(self) -> Iterator[sqlite3.Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class ExecuteWriteResult:
    """What a write did (API-167)."""

    def __init__(
        self,
        rowcount: int,
        lastrowid: int | None,
        description: tuple[Any, ...] | None,
        rows: list[sqlite3.Row],
        truncated: bool,
    ) -> None:
        self.rowcount = rowcount
        self.lastrowid = lastrowid
        self.description = description
        self.truncated = truncated
        self._rows = rows

    @classmethod
    def from_cursor(
        cls,
        cursor: Any,
        return_all: bool = False,
        returning_limit: int = EXECUTE_WRITE_RETURNING_LIMIT,
    ) -> ExecuteWriteResult:
        """What a cursor has after its statement, which is closed (API-168)."""
        kept: list[Any] = []
        truncated = False
        columns = cursor.description
        lastrowid = cursor.lastrowid
        try:
            if columns is not None:
                kept = cursor.fetchall() if return_all else cursor.fetchmany(returning_limit + 1)
                if not return_all and len(kept) > returning_limit:
                    kept, truncated = kept[:returning_limit], True
            rowcount = -1 if truncated else cursor.rowcount
        finally:
            cursor.close()
        return cls(rowcount, lastrowid, columns, kept, truncated)

    def fetchall(self) -> list[sqlite3.Row]:
        """The rows that the statement returned; empty the second time (API-168)."""
        kept, self._rows = self._rows, []
        return kept


class Database(Introspection):
    """A database of the site."""

    _numbers = itertools.count(1)

    def __init__(
        self,
        ds: Datasette,
        path: str | Path | None = None,
        is_mutable: bool = True,
        is_memory: bool = False,
        memory_name: str | None = None,
        mode: str | None = None,
        is_temp_disk: bool = False,
    ) -> None:
        self.ds = ds
        self.name: str | None = None
        self._route: str | None = None
        self.path = str(path) if path is not None else None
        self.is_mutable = is_mutable
        self.memory_name = memory_name
        self.is_memory = is_memory or memory_name is not None
        self.is_temp_disk = is_temp_disk
        self.mode = mode
        if is_temp_disk:
            self.path = _temporary_file()
            self.is_mutable = True
            self.mode = "rwc"
        self.cached_hash: str | None = None
        self.cached_size: int | None = None
        self._closed = False
        # The name or key by which the server knows it, once it does.
        self._server_name: str | None = None

    # What it is -----------------------------------------------------------------------------

    def suggest_name(self) -> str:
        """The name that it gets unless somebody says otherwise (API-152)."""
        if self.is_temp_disk:
            return "_temp_disk"
        if self.path:
            return Path(self.path).stem
        return self.memory_name or "db"

    @property
    def route(self) -> str | None:
        """Its name in URLs."""
        return self._route

    @route.setter
    def route(self, route: str | None) -> None:
        self._route = route
        attached = self.name is not None and self.ds.databases.get(self.name) is self
        if route is not None and attached:
            self.ds._link.ask_now("set_route", {"name": self.name, "route": route})

    @property
    def color(self) -> str:
        """Six hexadecimal digits that stand for the database (API-129)."""
        if self.hash:
            return self.hash[:6]
        return hashlib.md5(str(self.name).encode("utf-8"), usedforsecurity=False).hexdigest()[:6]

    def _inspected(self, key: str) -> Any:
        known = (self.ds.inspect_data or {}).get(self.name or "") or {}
        return known.get(key)

    @property
    def hash(self) -> str | None:
        """SHA-256 of an immutable file, else None."""
        if self.cached_hash is None and not (
            self.is_mutable or self.is_memory or self.is_temp_disk or self.path is None
        ):
            from .inspect import inspect_hash

            self.cached_hash = self._inspected("hash") or inspect_hash(Path(self.path))
        return self.cached_hash

    @property
    def size(self) -> int:
        """Size in bytes; 0 in memory."""
        if self.cached_size is not None:
            return self.cached_size
        if self.is_memory or self.path is None:
            return 0
        size = Path(self.path).stat().st_size
        if not self.is_mutable:
            self.cached_size = self._inspected("size") or size
        return size

    @property
    def mtime_ns(self) -> int | None:
        """When the file was changed last, in nanoseconds; None in memory."""
        if self.is_memory or self.path is None:
            return None
        return Path(self.path).stat().st_mtime_ns

    def __repr__(self) -> str:
        tags = []
        if self.is_mutable:
            tags.append("mutable")
        if self.is_memory:
            tags.append("memory")
        if self.is_temp_disk:
            tags.append("temp_disk")
        if self.hash:
            tags.append(f"hash={self.hash}")
        if self.size:
            tags.append(f"size={self.size}")
        return f"<Database: {self.name}{' (' + ', '.join(tags) + ')' if tags else ''}>"

    def _note(self, facts: dict[str, Any]) -> None:
        """What the server says of it."""
        self._route = facts["route"]
        self.cached_hash = facts["hash"] or self.cached_hash

    def _key(self) -> str:
        """The name or key by which the server knows it; it is told of the database first."""
        self._check_not_closed()
        if self._server_name is None:
            key = f"database {next(Database._numbers)} of a plugin"
            self.ds._link.ask_now(
                "bring_database",
                {
                    "key": key,
                    "path": None if self.path is None else str(Path(self.path).absolute()),
                    "memory_name": self.memory_name,
                    "is_mutable": self.is_mutable,
                    "create": self.is_temp_disk or self.mode == "rwc",
                },
            )
            self._server_name = key
        return self._server_name

    def _check_not_closed(self) -> None:
        if self._closed:
            raise DatasetteClosedError(f"Database {self.name!r} has been closed")

    def close(self) -> None:
        """Takes no more work; what was queued is done. More than once does nothing (API-151)."""
        if self._closed:
            return
        self._closed = True
        if self._server_name is not None and self.ds._connection is not None:
            self.ds._link.ask_now("detach_database", self._server_name)
        if self.is_temp_disk and self.path:
            _remove(self.path)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection of this process to the file, beside those of the server (API-152)."""
        assert not (write and not self.is_mutable)
        options: dict[str, Any] = {"uri": True, "check_same_thread": False}
        if write:
            options["isolation_level"] = "IMMEDIATE"
        if self.is_memory or self.path is None:
            return sqlite3.connect(":memory:", **options)
        query = "immutable=1"
        if self.is_mutable:
            query = "mode=ro&nolock=1" if self.ds.nolock else "mode=ro"
        if write:
            query = ""
        if self.mode is not None:
            query = f"mode={self.mode}"
        return sqlite3.connect(f"file:{quote(self.path)}{'?' + query if query else ''}", **options)

    # Reading --------------------------------------------------------------------------------

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """Runs a statement that reads (API-132 to API-135)."""
        key = self._key()
        await self.ds._settled()
        most = self.ds.setting("max_returned_rows") if truncate else 0
        if most and most == (page_size or self.ds.setting("default_page_size")):
            most += 1
        given = {} if params is None else sent(sql, params)
        question = {
            "database": key,
            "sql": sql,
            "params": _plain(given),
            "time_limit_ms": None if not custom_time_limit else max(1, round(custom_time_limit)),
            "rows": most or None,
            "quiet": not log_sql_errors,
        }
        try:
            answer = await self.ds._link.ask("execute", question)
        except sqlite3.DatabaseError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, sql, params) from error
            raise
        columns = answer["columns"]
        return Results(rows(columns, answer["rows"]), answer["truncated"], description(columns))

    async def execute_fn(self, fn: Callable[[Any], Any]) -> Any:
        """Calls `fn` with a connection that reads (API-137)."""
        return await self._lend(fn, "read")

    # Writing --------------------------------------------------------------------------------

    async def execute_write(
        self,
        sql: str,
        params: Any = None,
        block: bool = True,
        request: Any = None,
        return_all: bool = False,
        returning_limit: int = EXECUTE_WRITE_RETURNING_LIMIT,
        transaction: bool = True,
        time_limit_ms: int | None = 2000,
    ) -> Any:
        """Runs a statement that writes (API-139 to API-143)."""
        self._check_not_closed()
        if returning_limit < 0:
            raise ValueError("returning_limit must be >= 0")

        def run(connection: Any) -> ExecuteWriteResult:
            cursor = connection.execute(sql, params or [])
            return ExecuteWriteResult.from_cursor(
                cursor, return_all=return_all, returning_limit=returning_limit
            )

        def limited(connection: Any) -> ExecuteWriteResult:
            try:
                if time_limit_ms is None:
                    return run(connection)
                with sqlite_timelimit(connection, time_limit_ms):
                    return run(connection)
            except sqlite3.DatabaseError as error:
                if error.args == ("interrupted",):
                    raise QueryInterrupted(error, sql, params) from error
                raise

        return await self._write(limited, block, transaction, request)

    async def execute_write_script(self, sql: str, block: bool = True, request: Any = None) -> Any:
        """Runs several statements, outside of a transaction (API-144)."""
        return await self._write(
            lambda connection: connection.executescript(sql), block, False, request
        )

    async def execute_write_many(
        self, sql: str, params_seq: Iterable[Any], block: bool = True, request: Any = None
    ) -> Any:
        """Runs a statement once for each set of parameters (API-145)."""
        return await self._write(
            lambda connection: connection.executemany(sql, params_seq), block, True, request
        )

    async def execute_write_fn(
        self,
        fn: Callable[..., Any],
        block: bool = True,
        transaction: bool = True,
        request: Any = None,
    ) -> Any:
        """Calls `fn` with the connection that writes (API-147)."""
        return await self._write(fn, block, transaction, request)

    async def execute_isolated_fn(self, fn: Callable[[Any], Any]) -> Any:
        """Calls `fn` with a connection of its own, while nobody writes (API-149)."""
        return await self._lend(fn, "alone" if self.is_mutable else "alone_reading")

    async def analyze_sql(self, sql: str, params: Any = None) -> Any:
        """What a statement would do (API-150)."""
        from .utils.sql_analysis import analyze_sql_tables

        return await self.execute_isolated_fn(
            lambda connection: analyze_sql_tables(
                connection, sql, params, database_name=self.name or ""
            )
        )

    async def _write(
        self, fn: Callable[..., Any], block: bool, transaction: bool, request: Any
    ) -> Any:
        kind = "write" if transaction else "write_without_transaction"
        if block:
            return await self._lend(fn, kind, request)
        task = asyncio.ensure_future(self._lend(fn, kind, request))
        _unwatched.add(task)
        task.add_done_callback(_tell_failure)
        # Queued before this returns, so that writes stay in their order (API-141).
        await asyncio.sleep(0)
        return uuid.uuid4()

    async def _lend(self, fn: Callable[..., Any], kind: str, request: Any = None) -> Any:
        assert not kind.startswith("write") or self.is_mutable, (
            f"Database {self.name!r} is immutable"
        )
        key = self._key()
        await self.ds._settled()
        loans = self.ds._calls.loans
        return await loans.lend(self.ds, key, fn, kind, request)


_unwatched: set[asyncio.Future[Any]] = set()


def _tell_failure(task: asyncio.Future[Any]) -> None:
    """Nobody waits for the write: what became of it is only told where errors are read."""
    _unwatched.discard(task)
    if not task.cancelled() and task.exception() is not None:
        sys.stderr.write(f"{task.exception()}\n")
        sys.stderr.flush()


def _plain(given: Any) -> Any:
    """Parameters of types that SQLite does not have as such that it has."""
    known = (int, float, str, bytes, bytearray, memoryview, type(None))

    def one(value: Any) -> Any:
        if isinstance(value, known):
            return value
        try:
            return adapted(value)
        except Unsupported:
            refuse(sqlite3.connect(":memory:"), [value])
            raise

    if isinstance(given, dict):
        return {name: one(value) for name, value in given.items()}
    return [one(value) for value in given]


def _temporary_file() -> str:
    """The path of an empty file that goes with the process."""
    handle, path = tempfile.mkstemp(suffix=".db", prefix="datasette_temp_")
    os.close(handle)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    atexit.register(_remove, path)
    return path


def _remove(path: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            os.unlink(path + suffix)


def database_of(ds: Any, facts: dict[str, Any]) -> Database:
    """A database that the server has."""
    database = Database(
        ds, path=facts["path"], is_mutable=facts["is_mutable"], is_memory=facts["is_memory"]
    )
    database.name = facts["name"]
    database._server_name = facts["name"]
    database._note(facts)
    return database
