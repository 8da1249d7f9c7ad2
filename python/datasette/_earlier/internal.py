"""The database `_internal` of earlier releases, whose tables have other names now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..database import Database, Results
from .notes import note

if TYPE_CHECKING:
    from ..app import Datasette

NAME = "_internal"
"""What it was called."""

_TABLES = ("databases", "tables", "columns", "indexes", "foreign_keys")
_BEFORE = ", ".join(f"{name} as (select * from catalog_{name})" for name in _TABLES)
_START = re.compile(r"\s*(with\s+(?:recursive\s+)?|(?=select\b|values\b))", re.IGNORECASE)


def database(datasette: Datasette) -> Database:
    """The database of that name."""
    note(f'datasette.get_database("{NAME}")', "Use datasette.get_internal_database() instead.")
    return EarlierInternal(datasette)


class EarlierInternal(Database):
    """The server's own database, in which what reads finds the tables under their old names, too."""

    def __init__(self, datasette: Datasette) -> None:
        own = datasette.get_internal_database()
        super().__init__(datasette, is_mutable=own.is_mutable)
        self.__dict__.update(own.__dict__)

    async def execute(self, sql: str, *args: Any, **kwargs: Any) -> Results:
        """Runs a statement that reads."""
        return await super().execute(_with_tables(sql), *args, **kwargs)


def _with_tables(sql: str) -> str:
    start = _START.match(sql)
    if start is None:
        return sql
    word = start.group(1)
    rest = sql[start.end() :]
    return f"{word}{_BEFORE}, {rest}" if word else f"with {_BEFORE} {rest}"
