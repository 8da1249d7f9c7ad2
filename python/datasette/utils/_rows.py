"""Rows: how they look to templates, and how a row is named in a URL."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ._names import escape_sqlite, tilde_decode, tilde_encode


class Column(NamedTuple):
    """A column as SQLite describes it (API-154)."""

    cid: int
    name: str
    type: str
    notnull: int
    default_value: Any
    is_pk: int
    hidden: int


class CustomRow(OrderedDict[str, Any]):
    """A row of expanded values that reads like `sqlite3.Row`: by number and by name (API-239).

    Iteration gives the values, in the order of the columns.
    """

    def __init__(self, columns: Sequence[str], values: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.columns = columns
        if values:
            self.update(values)

    def __getitem__(self, key: str | int) -> Any:
        return super().__getitem__(self.columns[key] if isinstance(key, int) else key)

    def __iter__(self) -> Iterator[Any]:
        return (self[column] for column in self.columns)


def urlsafe_components(token: str) -> list[str]:
    """The parts of the name of a row: `a~2Fb,c` is `a/b` and `c` (API-244)."""
    return [tilde_decode(part) for part in token.split(",")]


def path_from_row_pks(row: Any, pks: Sequence[str], use_rowid: bool, quote: bool = True) -> str:
    """The name of a row in a URL: the values of its primary key, joined by commas (API-244)."""
    values = [row[name] for name in (["rowid"] if use_rowid else pks)]
    if not use_rowid:
        values = [value["value"] if isinstance(value, dict) else value for value in values]
    return ",".join(tilde_encode(str(value)) if quote else str(value) for value in values)


def compound_keys_after_sql(pks: Sequence[str], start_index: int = 0) -> str:
    """The condition for rows that come after given values of a compound key (API-244).

    The values are the parameters `:p0`, `:p1`, ..., counted from `start_index`.
    """
    names = [escape_sqlite(pk) for pk in pks]
    alternatives = []
    for length in range(len(names)):
        conditions = [
            f"{name} = :p{start_index + position}" for position, name in enumerate(names[:length])
        ]
        conditions.append(f"{names[length]} > :p{start_index + length}")
        alternatives.append("(" + " and ".join(conditions) + ")")
    return "(" + "\n  or\n".join(alternatives) + ")"


async def row_sql_params_pks(
    db: Any, table: str, pk_values: Sequence[Any]
) -> tuple[str, dict[str, Any], list[str]]:
    """The statement that selects one row, its parameters and the names of its key (API-244)."""
    pks = await db.primary_keys(table)
    columns = "*"
    if not pks:
        columns, pks = "rowid, *", ["rowid"]
    conditions = " AND ".join(
        f"{_always_quoted(pk)}=:p{position}" for position, pk in enumerate(pks)
    )
    sql = f"select {columns} from {escape_sqlite(table)} where {conditions}"
    return sql, {f"p{i}": value for i, value in enumerate(pk_values)}, pks


def _always_quoted(name: str) -> str:
    # The statement is shown by `_extra=query`, where keys always had quotes.
    escaped = escape_sqlite(name)
    return f'"{name}"' if escaped == name else escaped
