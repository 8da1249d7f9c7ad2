"""Facts about a database that does not change: its hash, its tables and their counts (API-18)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .utils import (
    detect_fts,
    detect_primary_keys,
    detect_spatialite,
    escape_sqlite,
    get_all_foreign_keys,
    sqlite3,
    table_columns,
)

_BLOCK = 1024 * 1024
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
)


def inspect_hash(path: Path) -> str:
    """The SHA-256 of the file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def inspect_views(conn: Any) -> list[str]:
    """The names of the views."""
    return _names(conn, "type = 'view'")


def inspect_tables(conn: Any, database_metadata: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """For each table its columns, keys and number of rows, and whether it is hidden."""
    foreign_keys = get_all_foreign_keys(conn)
    hidden = _hidden_names(conn)
    tables = {}
    for name in _names(conn, "type = 'table'"):
        configured = database_metadata.get("tables", {}).get(name, {})
        try:
            sql = f"select count(*) from {escape_sqlite(name)}"
            count = conn.execute(sql).fetchone()[0]
        except sqlite3.OperationalError:
            # Some virtual tables cannot be counted.
            count = 0
        tables[name] = {
            "name": name,
            "columns": table_columns(conn, name),
            "primary_keys": detect_primary_keys(conn, name),
            "count": count,
            # Tables that a hidden one keeps have its name in front of theirs.
            "hidden": configured.get("hidden") or name.startswith(hidden),
            "fts_table": detect_fts(conn, name),
            "foreign_keys": foreign_keys[name],
        }
    return tables


def _hidden_names(conn: Any) -> tuple[str, ...]:
    names = _names(conn, "rootpage = 0 and sql like '%VIRTUAL TABLE%USING FTS%'")
    if detect_spatialite(conn):
        names += _SPATIALITE_TABLES
        names += _names(conn, "name like 'idx_%' and type = 'table'")
    return tuple(names)


def _names(conn: Any, condition: str) -> list[str]:
    return [row[0] for row in conn.execute(f"select name from sqlite_master where {condition}")]
