"""How long plugins may take."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable
from typing import Any


def _of_hooks() -> float:
    """Seconds that a hook may take; `DATASETTE_PLUGIN_TIMEOUT` says otherwise."""
    try:
        seconds = float(os.environ["DATASETTE_PLUGIN_TIMEOUT"])
    except (KeyError, ValueError):
        return 30.0
    return seconds if 0 < seconds < float("inf") else 30.0


OF_HOOKS = _of_hooks()
"""Seconds that a hook may take before its contribution is given up."""


async def within(seconds: float, work: Awaitable[Any]) -> Any:
    """What comes of the work.

    Raises TimeoutError where that takes longer; the work is cancelled then."""
    task = asyncio.current_task()
    assert task is not None
    is_late = False

    def end() -> None:
        nonlocal is_late
        is_late = True
        task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, end)
    try:
        return await work
    except asyncio.CancelledError:
        if not is_late:
            raise
        if hasattr(task, "uncancel"):
            task.uncancel()
        raise TimeoutError(f"no answer within {seconds:g} seconds") from None
    finally:
        timer.cancel()
