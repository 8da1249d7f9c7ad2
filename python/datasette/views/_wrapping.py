"""Makes one shape of all kinds of views: a coroutine of request and send (API-05)."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils import call_with_supported_arguments


def wrap_view(view_fn_or_class: Any, datasette: Any) -> Callable[[Any, Any], Awaitable[Any]]:
    """The view of a route, which takes what its parameters name: `scope`, `receive`, `send`,
    `request` and `datasette`. A class is made anew for each request."""
    if isinstance(view_fn_or_class, types.FunctionType):
        made: Any = None
    elif isinstance(view_fn_or_class, type):
        made = view_fn_or_class
    else:
        raise ValueError("view_fn_or_class must be a function or a class")

    async def wrapped(request: Any, send: Any) -> Any:
        called = view_fn_or_class if made is None else made().__call__
        answer = call_with_supported_arguments(
            called,
            scope=request.scope,
            receive=request.receive,
            send=send,
            request=request,
            datasette=datasette,
        )
        return await answer if inspect.isawaitable(answer) else answer

    if made is None:
        return functools.wraps(view_fn_or_class)(wrapped)
    wrapped.view_class = made  # type: ignore[attr-defined]
    return wrapped
