"""Whether something can be called, and whether the call has to be awaited (API-250)."""

from __future__ import annotations

import inspect
import types
from typing import Any, NamedTuple


class CallableStatus(NamedTuple):
    """What `check_callable` found."""

    is_callable: bool
    is_async_callable: bool


def check_callable(obj: Any) -> CallableStatus:
    """Looks at functions, classes and instances with `__call__`. A class is never asynchronous."""
    if not callable(obj):
        return CallableStatus(False, False)
    if isinstance(obj, type):
        return CallableStatus(True, False)
    called = obj if isinstance(obj, types.FunctionType) else obj.__call__
    return CallableStatus(True, inspect.iscoroutinefunction(called))
