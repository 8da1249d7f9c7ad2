"""Column types of plugins (HOOK-108 to HOOK-111)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cells import content
from .work import at_work, called

if TYPE_CHECKING:
    from .calls import Calls


def _instance(calls: Calls, params: dict[str, Any]) -> Any:
    return calls.registry.column_types[params["id"]](config=params["config"])


def _owner(calls: Calls, params: dict[str, Any]) -> str | None:
    return calls.registry.column_types.owner(params["id"])


async def render(calls: Calls, params: dict[str, Any]) -> list[Any]:
    """What the cells of a column show."""
    instance = _instance(calls, params)
    request = calls.requests.of(params["request"])
    answers = []
    with at_work(_owner(calls, params)):
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
    instance = _instance(calls, params)
    validate = called(_owner(calls, params), instance.validate, params["value"], calls.datasette)
    message = await validate
    return str(message) if message else None


async def transform(calls: Calls, params: dict[str, Any]) -> list[Any]:
    """What table JSON shows instead of the values."""
    instance = _instance(calls, params)
    with at_work(_owner(calls, params)):
        return [
            await instance.transform_value(value, calls.datasette) for value in params["values"]
        ]
