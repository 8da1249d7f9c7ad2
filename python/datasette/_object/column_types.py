"""Which columns have which type of column (API-88 to API-90)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..column_types import ColumnType, SQLiteType

if TYPE_CHECKING:
    from ..database import Database


class ColumnTypes:
    """Assigns types to columns and tells which they have."""

    databases: dict[str, Database]
    _internal_database: Database
    _column_types: dict[str, type[ColumnType]]

    async def get_column_type(self, database: str, resource: str, column: str) -> ColumnType | None:
        """The type of a column with its configuration; None without one that is registered."""
        return (await self.get_column_types(database, resource)).get(column)

    async def get_column_types(self, database: str, resource: str) -> dict[str, ColumnType]:
        """The types of the columns of a table that have one."""
        assigned = await self._internal_database.execute(
            "select column_name, column_type, config from column_types "
            "where database_name = :database and resource_name = :resource",
            {"database": database, "resource": resource},
        )
        if not assigned.rows:
            return {}
        declared = await self._declared_types(database, resource)
        found = {}
        for column, name, config in assigned.rows:
            kind = self._column_types.get(name)
            if kind is None:
                continue
            if kind.sqlite_types is not None:
                is_type = SQLiteType.from_declared_type(declared.get(column, "\0"))
                if column not in declared or is_type not in kind.sqlite_types:
                    continue
            found[column] = kind(config=json.loads(config) if config else None)
        return found

    async def set_column_type(
        self,
        database: str,
        resource: str,
        column: str,
        column_type: str,
        config: dict[str, Any] | None = None,
    ) -> None:
        """Gives a column a type, in place of the one that it has.

        `ValueError` where the type is registered and not meant for the column's type in SQLite."""
        kind = self._column_types.get(column_type)
        if kind is not None and kind.sqlite_types is not None:
            declared = (await self._declared_types(database, resource)).get(column)
            if declared is not None:
                _check(kind, declared, f"{database}.{resource}.{column}")
        await self._internal_database.execute_write(
            "insert or replace into column_types "
            "(database_name, resource_name, column_name, column_type, config) "
            "values (:database, :resource, :column, :type, :config)",
            {
                "database": database,
                "resource": resource,
                "column": column,
                "type": column_type,
                "config": json.dumps(config) if config else None,
            },
        )

    async def remove_column_type(self, database: str, resource: str, column: str) -> None:
        """Takes the type of a column away."""
        await self._internal_database.execute_write(
            "delete from column_types "
            "where database_name = :database and resource_name = :resource "
            "and column_name = :column",
            {"database": database, "resource": resource, "column": column},
        )

    async def _declared_types(self, database: str, resource: str) -> dict[str, str]:
        known = self.databases.get(database)
        if known is None:
            return {}
        columns = await known.execute(
            "select name, type from pragma_table_xinfo(:table)", {"table": resource}
        )
        return {row["name"]: row["type"] for row in columns}


def _check(kind: type[ColumnType], declared: str, place: str) -> None:
    actual = SQLiteType.from_declared_type(declared)
    wanted = kind.sqlite_types or ()
    if actual in wanted:
        return
    names = ", ".join(one.value for one in wanted)
    shown = actual.value if actual is not None else f"unrecognized {declared!r}"
    raise ValueError(
        f"Column type {kind.name!r} is only applicable to SQLite types {names} but {place} has "
        f"SQLite type {shown}"
    )
