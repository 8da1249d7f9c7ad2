"""Conditions of table pages: what `?column__lookup=value` means (API-221..223)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .utils import detect_json1, escape_sqlite

#: A text with `{c}` for the column and `{v}` for the value, or what makes one for them.
HumanTemplate = str | Callable[[str, str], str]


class FilterArguments:
    """What `filters_from_request` returns: conditions, their parameters and their words (API-221)."""

    def __init__(
        self,
        where_clauses: Sequence[str],
        params: dict[str, Any] | None = None,
        human_descriptions: list[str] | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        self.where_clauses = where_clauses
        self.params = params or {}
        self.human_descriptions = human_descriptions or []
        #: Variables for the template.
        self.extra_context = extra_context or {}


class Filter:
    """One lookup."""

    #: As it stands in a query string.
    key: str | None = None
    #: As a form shows it.
    display: str | None = None
    #: Whether the value means nothing.
    no_argument = False

    def where_clause(self, table: str, column: str, value: str, param_counter: int) -> Any:
        """The condition, and the value or the list of values to bind from `:p{param_counter}` on."""
        raise NotImplementedError

    def human_clause(self, column: str, value: str) -> str:
        """The condition in words."""
        raise NotImplementedError


class TemplatedFilter(Filter):
    """A lookup whose condition is a text with `{c}`, `{t}` and `{p}` for column, table and parameter."""

    def __init__(
        self,
        key: str,
        display: str,
        sql_template: str,
        human_template: HumanTemplate,
        format: str = "{}",
        numeric: bool = False,
        no_argument: bool = False,
    ) -> None:
        self.key = key
        self.display = display
        self.sql_template = sql_template
        self.human_template = human_template
        #: How the value is bound, such as `%{}%`.
        self.format = format
        #: Whether a value that is a number is bound as one (API-223).
        self.numeric = numeric
        self.no_argument = no_argument

    def where_clause(self, table: str, column: str, value: str, param_counter: int) -> Any:
        """The condition and the value to bind, None when there is none."""
        sql = self.sql_template.format(
            c=_always_quoted(column), t=_always_quoted(table), p=f"p{param_counter}"
        )
        if self.no_argument:
            return sql, None
        bound = self.format.format(value)
        return sql, _number_or_text(bound) if self.numeric else bound

    def human_clause(self, column: str, value: str) -> str:
        """The condition in words."""
        template = self.human_template
        if callable(template):
            template = template(column, value)
        return template.format(c=column, v=value)


class InFilter(Filter):
    """One of several values, which are a JSON list or stand between commas."""

    key = "in"
    display = "in"

    def split_value(self, value: str) -> list[Any]:
        """The values."""
        if value.startswith("["):
            return json.loads(value)
        return [part.strip() for part in value.split(",")]

    def where_clause(self, table: str, column: str, value: str, param_counter: int) -> Any:
        """The condition and the values to bind."""
        values = self.split_value(value)
        names = ", ".join(f":p{param_counter + i}" for i in range(len(values)))
        # What forms call it is what SQL calls it.
        return f"{escape_sqlite(column)} {self.display} ({names})", values

    def human_clause(self, column: str, value: str) -> str:
        """The condition in words."""
        return f"{column} {self.display} {json.dumps(self.split_value(value))}"


class NotInFilter(InFilter):
    """None of several values."""

    key = "notin"
    display = "not in"


def _always_quoted(name: str) -> str:
    escaped = escape_sqlite(name)
    return f'"{name}"' if escaped == name else escaped


def _number_or_text(value: str) -> int | float | str:
    try:
        return int(value)
    except ValueError:
        pass
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def _unquoted_when_digits(operator: str) -> HumanTemplate:
    return lambda column, value: (
        f"{{c}} {operator} {{v}}" if value.isdigit() else f'{{c}} {operator} "{{v}}"'
    )


def _pattern(key: str, display: str, operator: str, format: str) -> TemplatedFilter:
    return TemplatedFilter(
        key, display, f"{{c}} {operator} :{{p}}", f'{{c}} {display} "{{v}}"', format=format
    )


def _comparison(key: str, display: str, operator: str) -> TemplatedFilter:
    return TemplatedFilter(
        key, display, f"{{c}} {operator} :{{p}}", f"{{c}} {display} {{v}}", numeric=True
    )


def _state(key: str, display: str, sql: str) -> TemplatedFilter:
    return TemplatedFilter(key, display, sql, f"{{c}} {display}", no_argument=True)


def _of_arrays() -> list[Filter]:
    if not detect_json1():
        return []
    sql = ":{p} %s (select value from json_each({t}.{c}))"
    return [
        TemplatedFilter("arraycontains", "array contains", sql % "in", '{c} contains "{v}"'),
        TemplatedFilter(
            "arraynotcontains",
            "array does not contain",
            sql % "not in",
            '{c} does not contain "{v}"',
        ),
    ]


class Filters:
    """The conditions that pairs of a query string ask for (API-222)."""

    _filters: list[Filter] = [
        TemplatedFilter("exact", "=", "{c} = :{p}", _unquoted_when_digits("=")),
        TemplatedFilter("not", "!=", "{c} != :{p}", _unquoted_when_digits("!=")),
        _pattern("contains", "contains", "like", "%{}%"),
        _pattern("notcontains", "does not contain", "not like", "%{}%"),
        _pattern("endswith", "ends with", "like", "%{}"),
        _pattern("startswith", "starts with", "like", "{}%"),
        _comparison("gt", ">", ">"),
        _comparison("gte", "≥", ">="),
        _comparison("lt", "<", "<"),
        _comparison("lte", "≤", "<="),
        _pattern("like", "like", "like", "{}"),
        _pattern("notlike", "not like", "not like", "{}"),
        _pattern("glob", "glob", "glob", "{}"),
        InFilter(),
        NotInFilter(),
        *_of_arrays(),
        TemplatedFilter("date", "date", "date({c}) = :{p}", '"{c}" is on date {v}'),
        _state("isnull", "is null", "{c} is null"),
        _state("notnull", "is not null", "{c} is not null"),
        _state("isblank", "is blank", "({c} is null or {c} = '')"),
        _state("notblank", "is not blank", "({c} is not null and {c} != '')"),
    ]
    _filters_by_key: dict[str | None, Filter] = {each.key: each for each in _filters}

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs

    def lookups(self) -> Iterator[tuple[Any, Any, bool]]:
        """For each lookup: its key, its words, whether it takes no value."""
        for each in self._filters:
            yield each.key, each.display, each.no_argument

    def selections(self) -> Iterator[tuple[str, str, str]]:
        """For each pair: column, lookup and value."""
        for key, value in self.pairs:
            column, separator, lookup = key.rpartition("__")
            yield (column, lookup, value) if separator else (key, "exact", value)

    def has_selections(self) -> bool:
        """Whether there are pairs."""
        return bool(self.pairs)

    def human_description_en(self, extra: Sequence[str] | None = None) -> str:
        """The conditions in words, after those of `extra`: `where a = 1, b = 2 and c = 3`."""
        phrases = list(extra or [])
        for column, lookup, value in self.selections():
            found = self._filters_by_key.get(lookup)
            if found is not None:
                phrases.append(found.human_clause(column, value))
        if not phrases:
            return ""
        *first, last = phrases
        return f"where {', '.join(first)} and {last}" if first else f"where {last}"

    def build_where_clauses(self, table: str) -> tuple[list[str], dict[str, Any]]:
        """The conditions in SQL, and their parameters `p0`, `p1`, ... Unknown lookups are skipped."""
        clauses: list[str] = []
        params: dict[str, Any] = {}
        for column, lookup, value in self.selections():
            found = self._filters_by_key.get(lookup)
            if found is None:
                continue
            clause, bound = found.where_clause(table, column, value, len(params))
            clauses.append(clause)
            if bound is not None:
                for each in bound if isinstance(bound, list) else [bound]:
                    params[f"p{len(params)}"] = each
        return clauses, params
