"""What the names in a path stand for, and labels of foreign keys (API-53, API-100..102)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .resources import TableResource
from .utils import escape_sqlite, row_sql_params_pks, tilde_decode, urlsafe_components
from .utils.asgi import BadRequest, DatabaseNotFound, NotFound, RowNotFound, TableNotFound


class ResolvedTable(NamedTuple):
    """The table or view that a path names."""

    db: Any
    table: str
    is_view: bool


class ResolvedRow(NamedTuple):
    """The row that a path names, and the statement that found it."""

    db: Any
    table: str
    sql: str
    params: dict[str, Any]
    pks: list[str]
    pk_values: list[str]
    row: Any


class ResourcesSQL(NamedTuple):
    """SQL over the internal database that yields what an actor may use (API-67)."""

    sql: str
    params: dict[str, Any]


@dataclass
class PermissionCheck:
    """A check that was made, for the page that lists them (API-70)."""

    when: str
    actor: dict[str, Any] | None
    action: str
    parent: str | None
    child: str | None
    result: bool


class NotFoundExplicit(NotFound):
    """There is nothing there, and that is the answer: nothing else is tried."""


async def resolve_database(datasette: Any, request: Any) -> Any:
    """The database at the route that the path names; `DatabaseNotFound`."""
    route = tilde_decode(request.url_vars["database"])
    try:
        return datasette.get_database(route=route)
    except KeyError:
        raise DatabaseNotFound(route) from None


async def resolve_table(datasette: Any, request: Any) -> ResolvedTable:
    """The table or view that the path names; `TableNotFound`."""
    db = await datasette.resolve_database(request)
    table = tilde_decode(request.url_vars["table"])
    if await db.table_exists(table):
        return ResolvedTable(db, table, False)
    if await db.view_exists(table):
        return ResolvedTable(db, table, True)
    raise TableNotFound(db.name, table)


async def resolve_row(datasette: Any, request: Any) -> ResolvedRow:
    """The row that the path names; `RowNotFound`, or `BadRequest` for a key of other parts."""
    db, table, _ = await datasette.resolve_table(request)
    values = urlsafe_components(request.url_vars["pks"])
    sql, params, pks = await row_sql_params_pks(db, table, values)
    if len(values) != len(pks):
        raise BadRequest("URL row identifier does not match the primary key for this table")
    row = (await db.execute(sql, params, truncate=True)).first()
    if row is None:
        raise RowNotFound(db.name, table, values)
    return ResolvedRow(db, table, sql, params, pks, values, row)


async def expand_foreign_keys(
    datasette: Any,
    actor: dict[str, Any] | None,
    database: str,
    table: str,
    column: str,
    values: Sequence[Any],
) -> dict[tuple[str, Any], str]:
    """The labels of the values, as far as the actor may see the table that they lead to (API-53)."""
    from .database import QueryInterrupted

    db = datasette.get_database(database)
    keys = await db.foreign_keys_for_table(table)
    key = next((each for each in keys if each["column"] == column), None)
    if key is None:
        return {}
    found = await db.execute(
        "select name from sqlite_master where type = 'table' and name = ? collate nocase",
        [key["other_table"]],
    )
    if not found.rows:
        # A key may lead to a table that is not there.
        return {}
    other_table, other_column = found.rows[0][0], key["other_column"]
    if other_column is None:
        other_keys = await db.primary_keys(other_table)
        if len(other_keys) != 1:
            return {}
        other_column = other_keys[0]
    resource = TableResource(database, other_table)
    if not await datasette.allowed(action="view-table", resource=resource, actor=actor):
        return {}
    label_column = await db.label_column_for_table(other_table)
    if not label_column:
        return {(column, value): str(value) for value in values}
    wanted = list(dict.fromkeys(values))
    places = ", ".join("?" * len(wanted))
    name = escape_sqlite(other_column)
    try:
        labels = await db.execute(
            f"select {name}, {escape_sqlite(label_column)} from {escape_sqlite(other_table)} "
            f"where {name} in ({places})",
            wanted,
        )
    except QueryInterrupted:
        return {}
    return {(column, row[0]): row[1] for row in labels.rows}
