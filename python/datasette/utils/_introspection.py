"""What a live connection says about its tables (API-243)."""

from __future__ import annotations

import os
from typing import Any

from ._errors import ConnectionProblem, SpatialiteConnectionProblem, SpatialiteNotFound
from ._names import escape_sqlite
from ._rows import Column
from .sqlite import sqlite3, supports_table_xinfo

#: Where SpatiaLite is looked for.
SPATIALITE_PATHS = (
    "/usr/lib/x86_64-linux-gnu/mod_spatialite.so",
    "/usr/local/lib/mod_spatialite.dylib",
    "/usr/local/lib/mod_spatialite.so",
    "/opt/homebrew/lib/mod_spatialite.dylib",
)
#: The functions that tell the versions and features of SpatiaLite.
SPATIALITE_FUNCTIONS = tuple(
    """
    spatialite_version spatialite_target_cpu check_strict_sql_quoting freexl_version proj_version
    geos_version rttopo_version libxml2_version HasIconv HasMathSQL HasGeoCallbacks HasProj HasProj6
    HasGeos HasGeosAdvanced HasGeosTrunk HasGeosReentrant HasGeosOnlyReentrant HasMiniZip HasRtTopo
    HasLibXML2 HasEpsg HasFreeXL HasGeoPackage HasGCP HasTopology HasKNN HasRouting
    """.split()
)


def table_column_details(conn: Any, table: str) -> list[Column]:
    """The columns of a table or view, hidden and generated ones too."""
    if supports_table_xinfo():
        rows = conn.execute(f"PRAGMA table_xinfo({escape_sqlite(table)})").fetchall()
        return [Column(*row) for row in rows]
    # Reading the schema makes an old SQLite notice that another connection changed it.
    conn.execute("select 1 from sqlite_master limit 1").fetchall()
    rows = conn.execute(f"PRAGMA table_info({escape_sqlite(table)})").fetchall()
    return [Column(*(*row, 0)) for row in rows]


def table_columns(conn: Any, table: str) -> list[str]:
    """The names of the columns of a table or view."""
    return [column.name for column in table_column_details(conn, table)]


def detect_primary_keys(conn: Any, table: str) -> list[str]:
    """The columns of the primary key, in its order; an empty list when there is none."""
    keys = [column for column in table_column_details(conn, table) if column.is_pk]
    return [column.name for column in sorted(keys, key=lambda column: column.is_pk)]


def get_outbound_foreign_keys(conn: Any, table: str) -> list[dict[str, Any]]:
    """The foreign keys of a table that have one column."""
    rows = conn.execute(f"PRAGMA foreign_key_list({escape_sqlite(table)})").fetchall()
    ids = [row[0] for row in rows]
    return [
        {"column": row[3], "other_table": row[2], "other_column": row[4]}
        for row in rows
        if ids.count(row[0]) == 1
    ]


def get_all_foreign_keys(conn: Any) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """For each table the keys that lead to it (`incoming`) and away from it (`outgoing`)."""
    names = [
        row[0]
        for row in conn.execute("select name from sqlite_master where type = 'table' order by name")
    ]
    keys: dict[str, dict[str, list[dict[str, Any]]]] = {
        name: {"incoming": [], "outgoing": []} for name in names
    }
    for name in names:
        for key in get_outbound_foreign_keys(conn, name):
            other = keys.get(key["other_table"])
            if other is None:
                # A key may name a table that is not there.
                continue
            here, there = key["column"], key["other_column"]
            other["incoming"].append({"other_table": name, "column": there, "other_column": here})
            keys[name]["outgoing"].append(
                {
                    "other_table": key["other_table"],
                    "column": here,
                    "other_column": there,
                }
            )
    for both in keys.values():
        for found in both.values():
            found.sort(
                key=lambda key: (
                    key["other_table"],
                    key["column"] or "",
                    key["other_column"] or "",
                )
            )
    return keys


def detect_fts_sql(table: str) -> tuple[str, dict[str, str]]:
    """The statement that finds the full-text table of a table, and its parameters."""
    pattern = table.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sql = r"""
        select name from sqlite_master
        where rootpage = 0 and (
            sql like :fts_double_quoted escape char(92)
            or sql like :fts_bracket_quoted escape char(92)
            or (tbl_name = :table and sql like '%VIRTUAL TABLE%USING FTS%')
        )
    """
    return sql, {
        "fts_double_quoted": f'%VIRTUAL TABLE%USING FTS%content="{pattern}"%',
        "fts_bracket_quoted": f"%VIRTUAL TABLE%USING FTS%content=[{pattern}]%",
        "table": table,
    }


def detect_fts(conn: Any, table: str) -> str | None:
    """The full-text table that indexes this table, if there is one."""
    row = conn.execute(*detect_fts_sql(table)).fetchone()
    return row[0] if row else None


def detect_spatialite(conn: Any) -> bool:
    """Whether the database has the tables of SpatiaLite."""
    sql = "select 1 from sqlite_master where tbl_name = 'geometry_columns'"
    return conn.execute(sql).fetchone() is not None


def detect_json1(conn: Any = None) -> bool:
    """Whether SQLite has its JSON functions."""
    own = sqlite3.connect(":memory:") if conn is None else None
    try:
        (own or conn).execute("SELECT json('{}')")
        return True
    except sqlite3.Error:
        return False
    finally:
        if own is not None:
            own.close()


def check_connection(conn: Any) -> None:
    """Raises `ConnectionProblem` when a table cannot be read, for lack of a module for example."""
    names = [row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")]
    for name in names:
        try:
            conn.execute(f"PRAGMA table_info({escape_sqlite(name)})")
        except sqlite3.OperationalError as error:
            if error.args[0] == "no such module: VirtualSpatialIndex":
                raise SpatialiteConnectionProblem(error) from error
            raise ConnectionProblem(error) from error


def find_spatialite() -> str:
    """The path of SpatiaLite, or `SpatialiteNotFound`."""
    for path in SPATIALITE_PATHS:
        if os.path.exists(path):
            return path
    raise SpatialiteNotFound
