"""What databases say about their tables and views (API-153..162)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .utils import (
    Column,
    detect_fts,
    detect_primary_keys,
    detect_spatialite,
    escape_sqlite,
    get_all_foreign_keys,
    get_outbound_foreign_keys,
    table_column_details,
    table_columns,
)
from .utils.sqlite import (
    sqlite3,
    sqlite_derived_table_dependencies,
    sqlite_hidden_table_names,
)

_SPATIALITE_TABLES = (
    "ElementaryGeometries",
    "SpatialIndex",
    "geometry_columns",
    "spatial_ref_sys",
    "spatialite_history",
    "sql_statements_log",
    "sqlite_sequence",
    "views_geometry_columns",
    "virts_geometry_columns",
    "data_licenses",
    "KNN",
    "KNN2",
)


class AttachedDatabase(NamedTuple):
    """A database that a connection has beside its own."""

    seq: int
    name: str
    file: str


class Introspection:
    """The part of `Database` that asks about tables; it is built on `execute` and `execute_fn`."""

    #: Counts of rows stop after so many.
    count_limit = 10_000
    #: The counts of a database that does not change, once they are known.
    cached_table_counts: dict[str, int | None] | None = None
    _dependencies: tuple[int, dict[str, str]] | None = None

    if TYPE_CHECKING:
        ds: Any
        name: Any
        is_mutable: bool

        execute: Any
        execute_fn: Any

    async def table_names(self) -> list[str]:
        """The names of the tables, sorted."""
        return await self._names("type = 'table' order by name")

    async def view_names(self) -> list[str]:
        """The names of the views."""
        return await self._names("type = 'view'")

    async def table_exists(self, table: str) -> bool:
        """Whether there is a table of exactly this name."""
        return bool(await self._names("type = 'table' and name = ?", table))

    async def view_exists(self, table: str) -> bool:
        """Whether there is a view of exactly this name."""
        return bool(await self._names("type = 'view' and name = ?", table))

    async def table_columns(self, table: str) -> list[str]:
        """The names of the columns of a table or view."""
        return await self.execute_fn(lambda conn: table_columns(conn, table))

    async def table_column_details(self, table: str) -> list[Column]:
        """The columns of a table or view, with their types."""
        return await self.execute_fn(lambda conn: table_column_details(conn, table))

    async def primary_keys(self, table: str) -> list[str]:
        """The columns of the primary key, in its order; an empty list when there is none."""
        return await self.execute_fn(lambda conn: detect_primary_keys(conn, table))

    async def foreign_keys_for_table(self, table: str) -> list[dict[str, Any]]:
        """The foreign keys of a table that have one column."""
        return await self.execute_fn(lambda conn: get_outbound_foreign_keys(conn, table))

    async def get_all_foreign_keys(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """For each table the keys that lead to it (`incoming`) and away from it (`outgoing`)."""
        return await self.execute_fn(get_all_foreign_keys)

    async def fts_table(self, table: str) -> str | None:
        """The full-text table that indexes this table, if there is one."""
        return await self.execute_fn(lambda conn: detect_fts(conn, table))

    async def label_column_for_table(self, table: str) -> str | None:
        """The column that says what a row is (API-157)."""
        configured = (await self.ds.table_config(self.name, table)).get("label_column")
        if configured:
            return configured
        details = await self.table_column_details(table)
        columns = [column for column in details if not column.hidden]
        unique = await self.execute_fn(lambda conn: _unique_columns(conn, table))
        texts = [
            column.name for column in columns if column.name in unique and _is_text(column.type)
        ]
        if len(texts) == 1:
            return texts[0]
        names = [column.name for column in columns]
        named = [name for name in names if name.lower() in ("name", "title")]
        if named:
            return named[0]
        others = [name for name in names if name not in ("id", "pk")]
        return others[0] if len(names) == 2 and len(others) == 1 else None

    async def hidden_table_names(self) -> list[str]:
        """The tables that lists of tables leave out (API-158)."""
        configured = (self.ds.config or {}).get("databases", {}).get(self.name, {})
        tables = configured.get("tables") or {}
        names = [name for name, table in tables.items() if table.get("hidden")]
        names += await self.execute_fn(sqlite_hidden_table_names)
        if await self.execute_fn(detect_spatialite):
            names += _SPATIALITE_TABLES
            names += await self._names("type = 'table' and name like 'idx_%'")
        return names

    async def get_table_definition(self, table: str, type_: str = "table") -> str | None:
        """The statements that make a table and its indexes; None when there is none."""
        own = await self._sql("name = ? and type = ?", table, type_)
        if not own:
            return None
        indexes = await self._sql("tbl_name = ? and type = 'index' and sql is not null", table)
        return "\n".join(f"{sql};" for sql in own + indexes)

    async def get_view_definition(self, view: str) -> str | None:
        """The statement that makes a view; None when there is none."""
        return await self.get_table_definition(view, "view")

    async def table_counts(self, limit: float = 10) -> dict[str, int | None]:
        """How many rows each table has, None where counting takes longer than `limit` milliseconds.

        Counts go up to one more than `count_limit`.
        """
        from .database import QueryInterrupted

        if not self.is_mutable and self.cached_table_counts is not None:
            return self.cached_table_counts
        counts: dict[str, int | None] = {}
        for table in await self.table_names():
            rows = f"select 1 from {escape_sqlite(table)} limit {self.count_limit + 1}"
            try:
                found = await self.execute(
                    f"select count(*) from ({rows})", custom_time_limit=limit
                )
                counts[table] = found.rows[0][0]
            except (QueryInterrupted, sqlite3.DatabaseError):
                counts[table] = None
        if not self.is_mutable:
            self.cached_table_counts = counts
        return counts

    async def attached_databases(self) -> list[AttachedDatabase]:
        """The databases that queries can name beside this one."""
        found = await self.execute_fn(
            lambda conn: [tuple(row) for row in conn.execute("PRAGMA database_list").fetchall()]
        )
        databases = [AttachedDatabase(*row) for row in found]
        return [each for each in databases if each.seq > 0 and each.name != "temp"]

    async def derived_table_dependencies(self) -> dict[str, str]:
        """For each table that shows the contents of another one: that other table."""

        def asked(conn: Any) -> tuple[int, dict[str, str]]:
            version = conn.execute("PRAGMA schema_version").fetchone()[0]
            if self._dependencies is not None and self._dependencies[0] == version:
                return self._dependencies
            return version, sqlite_derived_table_dependencies(conn)

        self._dependencies = await self.execute_fn(asked)
        return self._dependencies[1]

    async def _names(self, condition: str, *values: str) -> list[str]:
        found = await self.execute(f"select name from sqlite_master where {condition}", values)
        return [row[0] for row in found.rows]

    async def _sql(self, condition: str, *values: str) -> list[str]:
        found = await self.execute(f"select sql from sqlite_master where {condition}", values)
        return [row[0] for row in found.rows]


def _unique_columns(conn: Any, table: str) -> set[str]:
    """The columns of which no two rows have the same value."""
    found = set()
    for index in conn.execute(f"PRAGMA index_list({escape_sqlite(table)})").fetchall():
        columns = conn.execute(f"PRAGMA index_info({escape_sqlite(index[1])})").fetchall()
        if index[2] and len(columns) == 1 and columns[0][2] is not None:
            found.add(columns[0][2])
    return found


def _is_text(declared: str) -> bool:
    """Whether sqlite-utils takes a column of this type for text."""
    from .column_types import SQLiteType

    return SQLiteType.from_declared_type(declared) is SQLiteType.TEXT
