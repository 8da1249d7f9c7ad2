"""Whose code is running: for what is printed, and for the server, should this process hang or die
in it (OOP-26)."""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Callable, Coroutine, Iterator
from inspect import iscoroutine
from pathlib import Path
from typing import Any

from .output import current_plugin

_SIZE = 256
_NOTHING = bytes(_SIZE)

# The name of the plugin, in a file that the server reads. Nothing is written to a disk in time, and
# nothing has to be: what a process wrote to its memory others see even when it is killed.
_note: mmap.mmap | bytearray = bytearray(_SIZE)

# Whether this is a copy of the process, made by a plugin.
_is_copy = False


def note_in(path: Path) -> None:
    """Notes plugins in this file from now on."""
    global _note
    path.write_bytes(_NOTHING)
    with path.open("r+b") as file:
        _note = mmap.mmap(file.fileno(), _SIZE)


def become_copy() -> None:
    """This process is a copy of the plugins' process, made by `fork`: it goes on with the code of
    the plugin that made it, and ends with that."""
    global _is_copy, _note
    _is_copy = True
    _note = bytearray(_SIZE)


def is_copy() -> bool:
    """Whether this is a copy of the process, made by a plugin."""
    return _is_copy


def called(plugin: str | None, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Calls code of a plugin. A coroutine that comes of it notes the plugin as well, step by
    step."""
    current_plugin.set(plugin)
    before = _enter(plugin or "")
    try:
        result = function(*arguments, **named)
    finally:
        _leave(before)
    return Noted(plugin or "", result) if iscoroutine(result) else result


@contextlib.contextmanager
def at_work(plugin: str | None) -> Iterator[None]:
    """Notes the plugin while its code is called many times."""
    current_plugin.set(plugin)
    before = _enter(plugin or "")
    try:
        yield
    finally:
        _leave(before)


def _enter(plugin: str) -> bytes:
    before = _note[:_SIZE]
    _note[:_SIZE] = plugin.encode(errors="replace")[: _SIZE - 1].ljust(_SIZE, b"\0")
    return bytes(before)


def _leave(before: bytes) -> None:
    _note[:_SIZE] = before
    if _is_copy:
        # It came back to code that is not the plugin's, and that the process it was copied from
        # goes on with.
        os._exit(0)


class Noted(Coroutine[Any, Any, Any]):
    """A coroutine of a plugin."""

    def __init__(self, plugin: str, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.plugin = plugin
        self.coroutine = coroutine

    def send(self, value: Any) -> Any:
        """Runs to where it waits next."""
        before = _enter(self.plugin)
        try:
            return self.coroutine.send(value)
        finally:
            _leave(before)

    def throw(self, *error: Any) -> Any:
        """Runs on from an exception."""
        before = _enter(self.plugin)
        try:
            return self.coroutine.throw(*error)
        finally:
            _leave(before)

    def close(self) -> None:
        """Ends it."""
        self.coroutine.close()

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self.send(None)
