"""Column types of plugins (HOOK-108 to HOOK-111)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cells import content

if TYPE_CHECKING:
    from .calls import Calls


def _instance(calls: Calls, params: dict[str, Any]) -> Any:
    return calls.registry.column_types[params["id"]](config=params["config"])


async def render(calls: Calls, params: dict[str, Any]) -> list[Any]:
    """What the cells of a column show."""
    instance = _instance(calls, params)
    request = calls.requests.of(params["request"])
    answers = []
    for value in params["values"]:
        shown = await instance.render_cell(
            value=value,
            column=params["column"],
            table=params.get("table"),
            database=params.get("database"),
            datasette=calls.datasette,
            request=request,
        )
        answers.append(None if shown is None else content(shown))
    return answers


async def validate(calls: Calls, params: dict[str, Any]) -> str | None:
    """The message that refuses a value."""
    message = await _instance(calls, params).validate(params["value"], calls.datasette)
    return str(message) if message else None


async def transform(calls: Calls, params: dict[str, Any]) -> list[Any]:
    """What table JSON shows instead of the values."""
    instance = _instance(calls, params)
    return [await instance.transform_value(value, calls.datasette) for value in params["values"]]
