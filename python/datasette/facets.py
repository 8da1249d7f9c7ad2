"""Facets: counts of the values that a column has, and which columns are worth counting (API-218..220).

The server counts by itself. These classes are what plugins build their own kinds on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from .utils import escape_sqlite, path_with_added_args, path_with_removed_args, sqlite3

_ARRAYS_LOOKED_AT = 100


def load_facet_configs(
    request: Any, table_config: Mapping[str, Any] | None
) -> dict[str, list[dict[str, Any]]]:
    """The facets that are asked for, by type: each with its `source` and its `config` (API-220)."""
    found: dict[str, list[dict[str, Any]]] = {}

    def add(kind: str, source: str, config: Any) -> None:
        if isinstance(config, str):
            config = {"simple": config}
        found.setdefault(kind, []).append({"source": source, "config": config})

    for configured in (table_config or {}).get("facets", []):
        if isinstance(configured, str):
            add("column", "metadata", configured)
        else:
            assert len(configured) == 1, "Metadata config dicts should be {type: config}"
            ((kind, config),) = configured.items()
            add(kind, "metadata", config)
    for name, values in parse_qs(request.query_string, keep_blank_values=True).items():
        if name == "_facet" or name.startswith("_facet_"):
            kind = "column" if name == "_facet" else name.removeprefix("_facet_")
            for value in values:
                add(kind, "request", json.loads(value) if value.startswith("{") else value)
    return found


class Facet:
    """Base of kinds of facets; return subclasses from `register_facet_classes` (HOOK-90).

    `sql` selects all rows of the page, without order and limit. Without it, `table` is selected.
    """

    #: The kind: `?_facet_TYPE=` asks for it.
    type: str | None = None
    #: How many rows are looked at for suggestions.
    suggest_consider = 1000

    def __init__(
        self,
        ds: Any,
        request: Any,
        database: str,
        sql: str | None = None,
        table: str | None = None,
        params: Any = None,
        table_config: Mapping[str, Any] | None = None,
        row_count: int | None = None,
    ) -> None:
        assert table or sql, "Must provide either table= or sql="
        self.ds = ds
        self.request = request
        self.database = database
        self.table = table
        self.sql = sql or f"select * from {escape_sqlite(table or '')}"
        self.params = params or []
        self.table_config = table_config
        self.row_count = row_count

    def get_configs(self) -> list[dict[str, Any]]:
        """The facets of this kind that are asked for."""
        return load_facet_configs(self.request, self.table_config).get(self.type or "", [])

    def get_querystring_pairs(self) -> list[tuple[str, str]]:
        """The query string as pairs, blank values too."""
        return parse_qsl(self.request.query_string, keep_blank_values=True)

    def get_facet_size(self) -> int:
        """How many values are counted: `_facet_size`, the setting of the table, the default."""
        maximum: int = self.ds.setting("max_returned_rows")
        asked = self.request.args.get("_facet_size")
        size: Any = None
        if asked and (asked == "max" or asked.isdigit()):
            size = asked
        elif self.table:
            config: Any = self.ds.config or {}
            for step in ("databases", self.database, "tables", self.table):
                config = config.get(step) or {}
            size = config.get("facet_size")
        if not size and size != "0":
            size = self.ds.setting("default_facet_size")
        return min(maximum if size == "max" else int(size), maximum)

    async def get_columns(self, sql: str, params: Any = None) -> list[str]:
        """The names of the columns that a statement gives."""
        results = await self.ds.execute(
            self.database, f"select * from ({sql}) limit 0", params or []
        )
        return results.columns

    async def suggest(self) -> list[dict[str, Any]]:
        """Facets that would make sense: dictionaries with `name` and `toggle_url` (HOOK-92)."""
        return []

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The facets that are asked for, and the names of those that took too long (HOOK-93)."""
        raise NotImplementedError

    # What the three kinds below share.

    def _configured(self) -> Iterator[tuple[str, bool]]:
        """For each facet that is asked for: its column, and whether the visitor can hide it."""
        for each in self.get_configs():
            config = each["config"]
            yield config.get("column") or config["simple"], each["source"] != "metadata"

    async def _candidates(self) -> list[str]:
        """The columns that are no facet yet."""
        shown = {each["config"].get("simple") for each in self.get_configs()}
        columns = await self.get_columns(self.sql, self.params)
        return [column for column in columns if column not in shown]

    async def _asked(self, sql: str, limit_setting: str, **options: Any) -> Any:
        """The results, or None when they take longer than the setting allows."""
        from datasette.database import QueryInterrupted

        try:
            return await self.ds.execute(
                self.database,
                sql,
                self.params,
                truncate=False,
                custom_time_limit=self.ds.setting(limit_setting),
                **options,
            )
        except QueryInterrupted:
            return None

    def _url(self, path: str) -> str:
        return self.ds.absolute_url(self.request, self.ds.urls.path(path))

    def _suggestion(self, column: str) -> dict[str, Any]:
        argument = "_facet" if self.type == "column" else f"_facet_{self.type}"
        found = {"name": column}
        if self.type != "column":
            found["type"] = str(self.type)
        found["toggle_url"] = self._url(path_with_added_args(self.request, {argument: column}))
        return found

    def _result(
        self, column: str, hideable: bool, values: list[dict[str, Any]], truncated: bool
    ) -> dict[str, Any]:
        argument = "_facet" if self.type == "column" else f"_facet_{self.type}"
        without = path_with_removed_args(self.request, {argument: column})
        return {
            "name": column,
            "type": self.type,
            "hideable": hideable,
            "toggle_url": self.ds.urls.path(without),
            "results": values,
            "truncated": truncated,
        }

    def _value(
        self, value: Any, label: Any, count: int, argument: str, selected_by: Sequence[str]
    ) -> dict[str, Any]:
        """A counted value. The address adds it to the query string or takes it away."""
        pairs = self.get_querystring_pairs()
        selected = {name: str(value) for name in selected_by if (name, str(value)) in pairs}
        if selected:
            path = path_with_removed_args(self.request, selected)
        else:
            path = path_with_added_args(self.request, {argument: value})
        return {
            "value": value,
            "label": label,
            "count": count,
            "toggle_url": self._url(path),
            "selected": bool(selected),
        }


class ColumnFacet(Facet):
    """Counts the values of a column."""

    type = "column"

    async def get_row_count(self) -> int:
        """How many rows there are, at most as many as suggestions consider."""
        if self.row_count is None:
            results = await self.ds.execute(
                self.database,
                f"select count(*) from (select * from ({self.sql}) limit {self.suggest_consider})",
                self.params,
            )
            self.row_count = results.rows[0][0]
        return self.row_count or 0

    async def suggest(self) -> list[dict[str, Any]]:
        """Columns with few values, some of which come more than once."""
        row_count = await self.get_row_count()
        size = self.get_facet_size()
        found = []
        for column in await self._candidates():
            sql = (
                f"with limited as (select * from ({self.sql}) limit {self.suggest_consider}) "
                f"select {escape_sqlite(column)} as value, count(*) as n from limited "
                f"where value is not null group by value limit {size + 1}"
            )
            values = await self._asked(sql, "facet_suggest_time_limit_ms")
            if (
                values is not None
                and 1 < len(values) < row_count
                and len(values) <= size
                and any(row["n"] > 1 for row in values)
            ):
                found.append(self._suggestion(column))
        return found

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The values that come most often, with labels where they are foreign keys."""
        size = self.get_facet_size()
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        for column, hideable in self._configured():
            name = escape_sqlite(column)
            counted = await self._asked(
                f"select {name} as value, count(*) as count from ({self.sql}) "
                f"where {name} is not null "
                f"group by {name} order by count desc, value limit {size + 1}",
                "facet_time_limit_ms",
            )
            if counted is None:
                timed_out.append(column)
                continue
            rows = counted.rows[:size]
            labels: Mapping[Any, Any] = {}
            if self.table:
                labels = await self.ds.expand_foreign_keys(
                    self.request.actor,
                    self.database,
                    self.table,
                    column,
                    [row["value"] for row in rows],
                )
            # `_column=` would be an argument of the server.
            argument = f"{column}__exact" if column.startswith("_") else column
            values = [
                self._value(
                    row["value"],
                    labels.get((column, row["value"]), row["value"]),
                    row["count"],
                    argument,
                    (argument, f"{column}__exact"),
                )
                for row in rows
            ]
            results.append(self._result(column, hideable, values, len(counted) > size))
        return results, timed_out


class ArrayFacet(Facet):
    """Counts the items of JSON arrays."""

    type = "array"

    async def suggest(self) -> list[dict[str, Any]]:
        """Columns in which everything is an array, and the first arrays have texts only."""
        found = []
        for column in await self._candidates():
            name = escape_sqlite(column)
            try:
                kinds = await self._asked(
                    f"with limited as (select * from ({self.sql}) limit {self.suggest_consider}) "
                    f"select distinct json_type({name}) from limited "
                    f"where {name} is not null and {name} != ''",
                    "facet_suggest_time_limit_ms",
                    log_sql_errors=False,
                )
                if kinds is None or [row[0] for row in kinds.rows] not in (
                    ["array"],
                    ["array", None],
                ):
                    continue
                arrays = await self._asked(
                    f"select {name} from ({self.sql}) where {name} is not null "
                    f"and {name} != '' and json_array_length({name}) > 0 "
                    f"limit {_ARRAYS_LOOKED_AT}",
                    "facet_suggest_time_limit_ms",
                    log_sql_errors=False,
                )
            except sqlite3.OperationalError:
                # Not JSON at all.
                continue
            if arrays and all(_is_array_of_texts(row[0]) for row in arrays):
                found.append(self._suggestion(column))
        return found

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The items that are in most arrays; an array counts once."""
        size = self.get_facet_size()
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        for column, hideable in self._configured():
            counted = await self._asked(
                f"with inner as ({self.sql}), deduped_array_items as ("
                "select distinct j.value, inner.* "
                f"from json_each(inner.{escape_sqlite(column)}) j join inner) "
                "select value as value, count(*) as count from deduped_array_items "
                f"group by value order by count(*) desc, value limit {size + 1}",
                "facet_time_limit_ms",
            )
            if counted is None:
                timed_out.append(column)
                continue
            argument = f"{column}__arraycontains"
            values = [
                self._value(
                    str(row["value"]), str(row["value"]), row["count"], argument, (argument,)
                )
                for row in counted.rows[:size]
            ]
            results.append(self._result(column, hideable, values, len(counted) > size))
        return results, timed_out


class DateFacet(Facet):
    """Counts the days of dates and times."""

    type = "date"

    async def suggest(self) -> list[dict[str, Any]]:
        """Columns with a date in their first rows."""
        found = []
        for column in await self._candidates():
            name = escape_sqlite(column)
            try:
                dates = await self._asked(
                    f"select date({name}) from (select * from ({self.sql}) limit 100) "
                    f"where {name} glob '????-??-*'",
                    "facet_suggest_time_limit_ms",
                    log_sql_errors=False,
                )
            except sqlite3.OperationalError:
                continue
            if dates is not None and any(row[0] for row in dates.rows):
                found.append(self._suggestion(column))
        return found

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The days that come most often."""
        size = self.get_facet_size()
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        for column, hideable in self._configured():
            name = escape_sqlite(column)
            counted = await self._asked(
                f"select date({name}) as value, count(*) as count from ({self.sql}) "
                f"where date({name}) is not null "
                f"group by date({name}) order by count desc, value limit {size + 1}",
                "facet_time_limit_ms",
            )
            if counted is None:
                timed_out.append(column)
                continue
            argument = f"{column}__date"
            values = [
                self._value(row["value"], row["value"], row["count"], argument, (argument,))
                for row in counted.rows[:size]
            ]
            results.append(self._result(column, hideable, values, len(counted) > size))
        return results, timed_out


def _is_array_of_texts(text: Any) -> bool:
    try:
        array = json.loads(text)
    except (TypeError, ValueError):
        return False
    return all(isinstance(item, str) for item in array)
