"""The SQLite module in use and what it can do (API-232, API-249)."""

from __future__ import annotations

import functools
from typing import Any, Literal

try:
    import pysqlite3 as sqlite3  # type: ignore[import-not-found]

    #: Whether `sqlite3` is the package pysqlite3 instead of the module of Python.
    using_pysqlite3 = True
except ImportError:
    import sqlite3

    using_pysqlite3 = False

from ._virtual_tables import (
    SHADOW_SUFFIXES,
    content_table,
    module_of,
    vocabulary_source,
)

__all__ = [
    "SQLiteTableType",
    "sqlite3",
    "sqlite_derived_table_dependencies",
    "sqlite_hidden_table_names",
    "sqlite_table_type",
    "sqlite_version",
    "supports_generated_columns",
    "supports_returning",
    "supports_table_list",
    "supports_table_xinfo",
    "using_pysqlite3",
]

# Errors in Python functions are shown where they happen.
sqlite3.enable_callback_tracebacks(True)

#: What a table can be.
SQLiteTableType = Literal["table", "view", "virtual", "shadow"]

_STATISTICS = frozenset(f"sqlite_stat{number}" for number in (1, 2, 3, 4))
_ASCII_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@functools.cache
def sqlite_version() -> tuple[int, ...]:
    """The version of SQLite as numbers, such as `(3, 45, 1)`."""
    return tuple(int(part) for part in sqlite3.sqlite_version.split("."))


def supports_table_xinfo() -> bool:
    """Whether there is `PRAGMA table_xinfo`."""
    return sqlite_version() >= (3, 26, 0)


def supports_table_list() -> bool:
    """Whether there is `PRAGMA table_list`."""
    return sqlite_version() >= (3, 37, 0)


def supports_generated_columns() -> bool:
    """Whether columns can be generated."""
    return sqlite_version() >= (3, 31, 0)


@functools.cache
def supports_returning() -> bool:
    """Whether statements can end in RETURNING."""
    conn = sqlite3.connect(":memory:")
    try:
        conn.execute("create table t (id integer primary key)")
        conn.execute("insert into t default values returning id").fetchone()
        return True
    except sqlite3.DatabaseError:
        return False
    finally:
        conn.close()


def sqlite_table_type(
    conn: Any, table: str, *, schema: str | None = "main"
) -> SQLiteTableType | None:
    """What the table is, or None when there is none of this name.

    The pragma is used as a statement: its table-valued form could be shadowed by a table that a
    user called `pragma_table_list`.
    """
    if supports_table_list():
        prefix = f"{_quoted(schema)}." if schema is not None else ""
        try:
            cursor = conn.execute(f"PRAGMA {prefix}table_list")
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                row = dict(zip(names, values))
                if row["name"] == table and schema in (None, row["schema"]):
                    return row["type"]
        except sqlite3.DatabaseError:
            pass
    return _type_from_schema(conn, table, schema)


def sqlite_hidden_table_names(conn: Any, *, schema: str | None = "main") -> list[str]:
    """Tables that are not shown: statistics, shadow tables and names that begin with `_`, sorted;
    then full-text tables that index another table."""
    hidden, indexes = [], []
    for name, sql in _tables(conn, schema):
        if (
            name in _STATISTICS
            or name.startswith("_")
            or sqlite_table_type(conn, name, schema=schema) == "shadow"
        ):
            hidden.append(name)
        elif module_of(sql) in ("fts3", "fts4", "fts5") and "content=" in sql.lower():
            indexes.append(name)
    return sorted(hidden) + indexes


def sqlite_derived_table_dependencies(conn: Any, *, schema: str | None = "main") -> dict[str, str]:
    """For each table that shows the contents of another one: that other table (API-162).

    Errors of the database are raised. An empty answer would mean that nothing is derived, and
    access to a table would not be asked for.
    """
    tables = conn.execute(
        f"select name, sql from {_schema_table(schema)} where type = 'table'"
    ).fetchall()
    names = {row[0] for row in tables}
    by_folded_name = {name.translate(_ASCII_LOWER): name for name in names}
    sources = {}
    for name, sql in tables:
        module = module_of(sql)
        for suffix in SHADOW_SUFFIXES.get(module or "", ()):
            if name + suffix in names:
                sources[name + suffix] = name
        if module in ("fts3", "fts4", "fts5"):
            content = content_table(sql)
            if content:
                sources[name] = content
        elif module in ("fts5vocab", "fts4aux"):
            source = vocabulary_source(sql, module, schema or "main")
            found = by_folded_name.get(source.translate(_ASCII_LOWER)) if source else None
            # One whose source is not known depends on itself, which nobody is granted.
            sources[name] = found or name
    return sources


def _type_from_schema(conn: Any, table: str, schema: str | None) -> SQLiteTableType | None:
    """What the text of the schema says, for a SQLite without `table_list`."""
    try:
        row = conn.execute(
            f"select type, sql from {_schema_table(schema)} where name = ?", (table,)
        ).fetchone()
    except sqlite3.DatabaseError:
        return None
    if row is None or row[0] not in ("table", "view"):
        return None
    if row[0] == "view":
        return "view"
    if module_of(row[1]) is not None:
        return "virtual"
    shadows = {
        name + suffix
        for name, sql in _tables(conn, schema)
        for suffix in SHADOW_SUFFIXES.get(module_of(sql) or "", ())
    }
    return "shadow" if table in shadows else "table"


def _tables(conn: Any, schema: str | None) -> list[Any]:
    try:
        return conn.execute(
            f"select name, sql from {_schema_table(schema)} where type = 'table'"
        ).fetchall()
    except sqlite3.DatabaseError:
        return []


def _schema_table(schema: str | None) -> str:
    if schema is None or schema == "main":
        return "sqlite_master"
    if schema == "temp":
        return "sqlite_temp_master"
    return f"{_quoted(schema)}.sqlite_master"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
