"""Calls the hooks for the server: in order, one plugin's failure kept from the others."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..utils import await_me_maybe
from . import cells, jinja, results
from .arguments import arguments_of
from .failures import describe
from .implementation import Implementation
from .patience import within
from .recorder import recording, steps
from .work import called

if TYPE_CHECKING:
    from .calls import Calls

Convert = Callable[["Calls", Any, str], Awaitable[Any]]

FIRST_RESULT = {"actors_from_ids"}
"""Hooks that stop at the first plugin that gives something (PLUG-69)."""

STOPS = {*FIRST_RESULT, "forbidden"}
"""Hooks of which only the first answer is waited for (PLUG-69, HOOK-163)."""

PROPAGATES = {
    "actor_from_request",
    "filters_from_request",
    "permission_resources_sql",
    "prepare_jinja2_environment",
    "startup",
    "track_event",
}
"""Hooks whose failure is the failure of what is going on."""

PATIENT = {"prepare_jinja2_environment", "startup"}
"""Hooks in which plugins prepare what they need, which takes as long as it takes."""

_PREPARES = "prepare_jinja2_environment"
"""The hook after which the server learns what plugins made of the environment."""


async def call(calls: Calls, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Calls a hook for the plugins at one place."""
    hook = params["hook"]
    request = calls.requests.of(params["request"])
    arguments = params["arguments"]
    outcomes: list[dict[str, Any]] = []
    chosen = calls.registry.implementations(hook, params["origin"], params["rank"])
    if hook == "render_cell":
        for one in chosen:
            await _settled(outcomes, one, cells.render(calls, one, arguments, request))
        return outcomes
    if hook == "prepare_connection":
        for one in chosen:
            await _settled(outcomes, one, _prepare(calls, one, arguments["database"]))
        return outcomes
    if hook == _PREPARES and not chosen:
        return [jinja.claimed(calls)]
    given = arguments_of(calls, hook, arguments, request, params["actor"])
    convert = results.CONVERTERS[hook]
    joined = calls.registry.joined.get(hook)
    if joined in chosen and joined is not None and hook != "startup":
        outcomes += await _joined(calls, joined, given, convert)
        chosen.remove(joined)
    # As pluggy does: all are called first, and what they gave is awaited afterwards (PLUG-75).
    raw = list(_called(hook, chosen, given))
    if hook in PROPAGATES:
        raised = [pair for pair in raw if isinstance(pair[1], _Raised)]
        if raised:
            # It is the failure of all, and nobody waits for the others (PLUG-71).
            _discard(value for _, value in raw)
            raw = raised[:1]
    for place, (one, value) in enumerate(raw):
        await _settled(outcomes, one, _answer(calls, one, value, convert))
        if hook in STOPS and outcomes and "value" in outcomes[-1]:
            _discard(value for _, value in raw[place + 1 :])
            break
    if hook == _PREPARES:
        outcomes.append(jinja.claimed(calls))
    return outcomes


class _Raised:
    """What an implementation raised when it was called."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _called(
    hook: str, chosen: list[Implementation], given: dict[str, Any]
) -> Iterator[tuple[Implementation, Any]]:
    """The implementations that gave something or failed, and what it was."""
    for one in chosen:
        value: Any
        try:
            value = called(one.plugin, one.function, *[given[name] for name in one.names])
        except Exception as error:  # noqa: BLE001 - plugins raise anything
            value = _Raised(error)
        if value is None:
            continue
        yield one, value
        if hook in FIRST_RESULT and not isinstance(value, _Raised):
            return


def _discard(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, Coroutine):
            # Nobody waits for it, and nobody is to be warned of that (HOOK-163).
            value.close()


async def _answer(calls: Calls, one: Implementation, value: Any, convert: Convert) -> Any:
    if isinstance(value, _Raised):
        raise value.error
    if callable(value) or inspect.isawaitable(value):
        work = await_me_maybe(value)
        value = await (work if one.hook in PATIENT else within(calls.patience, work))
    return await convert(calls, value, one.plugin)


async def _prepare(calls: Calls, one: Implementation, database: str) -> list[dict[str, Any]]:
    connection = recording(calls.lines)
    given = {"conn": connection, "database": database, "datasette": calls.datasette}
    called(one.plugin, one.function, *[given[name] for name in one.names])
    noted = steps(connection)
    connection.close()
    return noted


async def _settled(
    outcomes: list[dict[str, Any]], one: Implementation, work: Awaitable[Any]
) -> None:
    try:
        value = await work
    except Exception as error:  # noqa: BLE001 - plugins raise anything
        outcomes.append({"plugin": one.plugin, "failure": describe(error)})
    else:
        if value is not None:
            outcomes.append({"plugin": one.plugin, "value": value})


async def _joined(
    calls: Calls, one: Implementation, given: dict[str, Any], convert: Convert
) -> list[dict[str, Any]]:
    """The answers where pluggy makes the calls: what stands around sees all results before any is
    awaited (PLUG-70), and one failure is the failure of all (PLUG-71)."""
    try:
        found: Any = called(one.plugin, one.function, *[given.get(name) for name in one.names])
        if one.hook == "actors_from_ids":
            found = [] if found is None else [found]
        elif one.hook in STOPS:
            found = found[:1]
        return [
            {"plugin": one.plugin, "value": value}
            for raw in found
            if (value := await convert(calls, await _awaited(calls, raw), one.plugin)) is not None
        ]
    except Exception as error:  # noqa: BLE001 - plugins raise anything
        return [{"plugin": one.plugin, "failure": describe(error)}]


async def _awaited(calls: Calls, raw: Any) -> Any:
    return await within(calls.patience, await_me_maybe(raw))


async def prepare_again(calls: Calls, before: dict[str, Any]) -> None:
    """Prepares connections in a process that replaces another: functions get the same numbers."""
    chosen = calls.registry.implementations("prepare_connection", before["origin"], before["rank"])
    for one in chosen:
        await _prepare(calls, one, before["database"])


async def start_again(calls: Calls) -> None:
    """Starts the plugins in a process that replaces another."""
    for one in calls.registry.by_hook.get("startup", ()):
        given = {"datasette": calls.datasette}
        started = called(one.plugin, one.function, *[given[name] for name in one.names])
        await await_me_maybe(started)
