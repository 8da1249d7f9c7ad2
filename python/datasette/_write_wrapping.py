"""Generators of plugins around a write (HOOK-201..207)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from .utils import call_with_supported_arguments

_Write = Callable[[Any], Any]


def wrapped_write(
    fn: _Write, wrappers: Iterable[Callable[..., Any] | None], track_event: Callable[[Any], None]
) -> _Write:
    """The write with the wrappers around it, the first one outermost. None wraps nothing."""
    for wrapper in reversed(list(wrappers)):
        if wrapper is not None:
            fn = _wrapped(fn, wrapper, track_event)
    return fn


def _wrapped(fn: _Write, wrapper: Callable[..., Any], track_event: Callable[[Any], None]) -> _Write:
    def run(conn: Any) -> Any:
        generator = call_with_supported_arguments(wrapper, conn=conn, track_event=track_event)
        try:
            next(generator)
        except StopIteration:
            # One that does not yield has nothing to do with the write.
            return fn(conn)
        try:
            result = fn(conn)
        except Exception as error:
            # The generator may react, or raise something else; it cannot keep the error to itself.
            _resume(generator.throw, error)
            raise
        _resume(generator.send, result)
        return result

    return run


def _resume(how: Callable[[Any], Any], value: Any) -> None:
    """Lets the generator go on after its yield, to its end."""
    with contextlib.suppress(StopIteration):
        how(value)
