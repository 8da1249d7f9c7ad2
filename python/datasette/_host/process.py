"""From the start of the process to its end."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import signal
import sys
from pathlib import Path
from typing import Any

from . import frames, output, work
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
    # What a crash of C code prints names the lines of Python that led there; so does a process that
    # hangs, when the server asks it before it ends it.
    faulthandler.enable(file=2)
    faulthandler.register(signal.SIGUSR1, file=2, all_threads=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(path))
    return 0


async def _serve(path: str) -> None:
    from .calls import Calls

    calls = Calls()
    calls.lines.path = str(Path(path).with_name("lines"))
    work.note_in(Path(path).with_name("at-work"))
    calls.stages.path = str(Path(path).with_name("stages"))

    async def answer(method: str, params: Any) -> Any:
        return await calls.answer(method, params)

    link = Link(path, answer)
    calls.link = link
    await link.connect()
    os.register_at_fork(after_in_child=lambda: _become_copy(link))
    await link.ended.wait()


def _become_copy(link: Link) -> None:
    """A plugin forked: the connections stay with the process that they belong to."""
    work.become_copy()
    link.leave()
