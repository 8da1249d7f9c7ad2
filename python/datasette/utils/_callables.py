"""Calling what plugins give: values, functions and coroutines alike (PLUG-72, API-226, API-229)."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import markupsafe


async def await_me_maybe(value: Any) -> Any:
    """What `value` stands for: it is called if it is callable, and a coroutine is awaited.

    Futures, tasks and other awaitable objects are values and returned as they are (PLUG-74).
    """
    if callable(value):
        value = value()
    if asyncio.iscoroutine(value):
        value = await value
    return value


def call_with_supported_arguments(fn: Callable[..., Any], **kwargs: Any) -> Any:
    """Calls `fn` with those of the values that its parameters name (API-229).

    Values are passed positionally, in the order of the signature. Defaults are not considered: a
    parameter for which there is no value is a `TypeError`.
    """
    return fn(*_values_for(fn, kwargs))


async def async_call_with_supported_arguments(
    fn: Callable[..., Awaitable[Any]], **kwargs: Any
) -> Any:
    """Awaits `fn`, called with those of the values that its parameters name (API-229)."""
    return await fn(*_values_for(fn, kwargs))


def _values_for(fn: Callable[..., Any], values: Mapping[str, Any]) -> list[Any]:
    wanted = tuple(inspect.signature(fn).parameters)
    missing = [name for name in wanted if name not in values]
    if missing:
        names = ", ".join(repr(name) for name in missing)
        raise TypeError(f"{fn} requires parameters {wanted}, missing: {{{names}}}")
    return [values[name] for name in wanted]


def make_slot_function(
    name: str, datasette: Any, request: Any, **kwargs: Any
) -> Callable[[], Awaitable[markupsafe.Markup]]:
    """An async function that gives the HTML of all implementations of the hook `name` (API-246).

    Results are resolved one after the other; None is skipped and nothing stands between them.
    """
    from datasette.plugins import pm

    hook = getattr(pm.hook, name, None)
    assert hook is not None, f"No hook found for {name}"

    async def slot() -> markupsafe.Markup:
        pieces = []
        for result in hook(datasette=datasette, request=request, **kwargs):
            piece = await await_me_maybe(result)
            if piece is not None:
                pieces.append(piece)
        return markupsafe.Markup("".join(pieces))

    return slot
