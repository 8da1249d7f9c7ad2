"""Functions of plugins that templates call (HOOK-55)."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .handles import PassingHandles

if TYPE_CHECKING:
    from collections.abc import Callable

    from .calls import Calls


class Functions:
    """The functions that were given to templates."""

    def __init__(self) -> None:
        self.handles: PassingHandles[Callable[..., Any]] = PassingHandles()

    async def value(self, value: Any) -> dict[str, Any]:
        """A value for a template as it crosses."""
        if inspect.isawaitable(value):
            value = await value
        if isinstance(value, Markup):
            return {"html": str(value)}
        if hasattr(value, "__html__"):
            return {"html": str(value.__html__())}
        if callable(value):
            return {"function": self.handles.add(value)}
        return {"data": value}


async def call(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    """Calls the function of that number."""
    function = calls.functions.handles[params["id"]]
    arguments = [_given(one) for one in params["arguments"]]
    named = {name: _given(one) for name, one in params["named"].items()}
    return await calls.functions.value(function(*arguments, **named))


def _given(value: dict[str, Any]) -> Any:
    return Markup(value["html"]) if "html" in value else value["data"]
