"""Databases as plugins see them (API-126 to API-168). The server has the connections."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ._host.requests import info_of
from ._host.rows import description, rows
from ._introspection import AttachedDatabase as AttachedDatabase
from ._introspection import Introspection

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

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

    def fetchall(self) -> list[sqlite3.Row]:
        """The rows that the statement returned; empty the second time (API-168)."""
        kept, self._rows = self._rows, []
        return kept


def _pairs(params: Any) -> list[tuple[str, Any]]:
    if params is None:
        return []
    if isinstance(params, Mapping):
        return [(str(name), value) for name, value in params.items()]
    return [(str(place), value) for place, value in enumerate(params, 1)]


class Database(Introspection):
    """A database of the site."""

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
        self.route: str | None = None
        self.path = str(path) if path is not None else None
        self.is_mutable = is_mutable
        self.memory_name = memory_name
        self.is_memory = is_memory or memory_name is not None
        self.is_temp_disk = is_temp_disk
        self.mode = mode
        self._hash: str | None = None
        self._size = 0

    @property
    def color(self) -> str:
        """Six hexadecimal digits that stand for the database (API-129)."""
        if self.hash:
            return self.hash[:6]
        return hashlib.md5(str(self.name).encode("utf-8")).hexdigest()[:6]

    @property
    def hash(self) -> str | None:
        """SHA-256 of an immutable file, else None."""
        return self._hash

    @property
    def size(self) -> int:
        """Size in bytes; 0 in memory."""
        return self._size

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
        answer = await self.ds._link.ask(
            "execute", {"database": self.name, "sql": sql, "params": _pairs(params)}
        )
        columns = answer["columns"]
        return Results(rows(columns, answer["rows"]), answer["truncated"], description(columns))

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
    ) -> ExecuteWriteResult:
        """Runs a statement that writes (API-139)."""
        answer = await self.ds._link.ask(
            "execute_write",
            {
                "database": self.name,
                "sql": sql,
                "params": _pairs(params),
                "request": info_of(request),
            },
        )
        columns = answer["columns"]
        return ExecuteWriteResult(
            answer["rowcount"],
            answer["lastrowid"],
            description(columns) if columns else None,
            rows(columns, answer["rows"]),
            False,
        )


def database_of(ds: Datasette, facts: dict[str, Any]) -> Database:
    """A database that the server has."""
    database = Database(
        ds, path=facts["path"], is_mutable=facts["is_mutable"], is_memory=facts["is_memory"]
    )
    database.name = facts["name"]
    database.route = facts["route"]
    database._hash = facts["hash"]
    database._size = facts["size"] or 0
    return database
