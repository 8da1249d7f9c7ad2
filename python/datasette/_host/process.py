"""From the start of the process to its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from . import frames, output
from .link import Link


def run(path: str) -> int:
    """Serves the server that listens at `path`; answers the exit code."""
    spoken = os.environ.get("DATASETTE_PLUGIN_PROTOCOL")
    if spoken is not None and spoken != str(frames.VERSION):
        print(
            f"This package speaks version {frames.VERSION} of the plugin protocol, the server "
            f"version {spoken}. Run `datasette install` without arguments to bring the package of "
            "the server.",
            file=sys.stderr,
        )
        return 3
    output.attribute()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(path))
    return 0


async def _serve(path: str) -> None:
    from .calls import Calls

    calls = Calls()
    calls.lines.path = str(Path(path).with_name("lines"))

    async def answer(method: str, params: Any) -> Any:
        return await calls.answer(method, params)

    link = Link(path, answer)
    calls.link = link
    await link.connect()
    await link.ended.wait()
