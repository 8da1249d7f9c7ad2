"""Column types: what a column means, beyond how SQLite stores it (API-216, API-217)."""

from __future__ import annotations

from enum import Enum
from typing import Any


class SQLiteType(Enum):
    """The affinity of a column."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    REAL = "REAL"
    BLOB = "BLOB"
    NUMERIC = "NUMERIC"

    @classmethod
    def from_declared_type(cls, declared_type: str | None) -> SQLiteType:
        """The affinity that SQLite derives from the type in CREATE TABLE; none means BLOB."""
        declared = (declared_type or "").strip().upper()
        if not declared:
            return cls.BLOB
        # The order of these questions is part of SQLite's rules.
        for words, affinity in (
            (("INT",), cls.INTEGER),
            (("CHAR", "CLOB", "TEXT"), cls.TEXT),
            (("BLOB",), cls.BLOB),
            (("REAL", "FLOA", "DOUB"), cls.REAL),
        ):
            if any(word in declared for word in words):
                return affinity
        return cls.NUMERIC


class ColumnType:
    """Base of column types; return subclasses from `register_column_types` (HOOK-102).

    An instance belongs to a column and has its configuration as `config`.
    """

    #: By which configuration names it: lower case, without spaces.
    name: str
    #: What people read.
    description: str
    #: The affinities of columns that may have it; None for all.
    sqlite_types: tuple[SQLiteType, ...] | None = None

    def __init__(self, config: Any = None) -> None:
        self.config = config

    async def render_cell(
        self,
        value: Any,
        column: str,
        table: str,
        database: str,
        datasette: Any,
        request: Any,
    ) -> Any:
        """The HTML of a cell, or None to leave it to others."""
        return None

    async def validate(self, value: Any, datasette: Any) -> str | None:
        """Why a value may not be written; None when it may."""
        return None

    async def transform_value(self, value: Any, datasette: Any) -> Any:
        """The value as JSON shows it."""
        return value
