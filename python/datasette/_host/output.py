"""What plugins print, with the name of the plugin in front."""

from __future__ import annotations

import contextvars
import sys
from typing import Any, TextIO

current_plugin: contextvars.ContextVar[str | None] = contextvars.ContextVar(
    "datasette_current_plugin", default=None
)
"""The plugin whose code is running."""


class Attributed:
    """A stream that names the plugin which writes to it, at the start of each line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._at_start = True

    def write(self, text: str) -> int:
        plugin = current_plugin.get()
        if plugin is None:
            self._at_start = text.endswith("\n") if text else self._at_start
            return self._stream.write(text)
        out = []
        for line in text.splitlines(keepends=True):
            if self._at_start:
                out.append(f"[{plugin}] ")
            out.append(line)
            self._at_start = line.endswith("\n")
        self._stream.write("".join(out))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def attribute() -> None:
    """Names plugins in everything that is printed from now on."""
    sys.stdout = Attributed(sys.stdout)
    sys.stderr = Attributed(sys.stderr)
