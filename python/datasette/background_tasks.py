"""Work that goes on beside requests, with somebody who looks after it (API-106..112)."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from typing import Any

_log = logging.getLogger("datasette.background_tasks")

#: What is run: it is given the `Datasette` object.
TaskFunction = Callable[[Any], Awaitable[Any]]


class BackgroundTask:
    """One piece of work (API-109).

    `state` is `registered`, `running`, and then `completed`, `crashed` or `cancelled`.
    """

    def __init__(self, name: str, func: TaskFunction) -> None:
        self.name = name
        self.state = "registered"
        #: The task of asyncio, when it was started.
        self.task: asyncio.Task[Any] | None = None
        #: What it crashed with.
        self.exception: BaseException | None = None
        #: ISO 8601, in UTC.
        self.started_at: str | None = None
        #: The dotted path of what is run.
        self.function = _dotted_path(func)
        self._func = func
        self._supervisor: BackgroundTaskSupervisor | None = None

    def __repr__(self) -> str:
        return f"<BackgroundTask name={self.name!r} state={self.state!r}>"

    def cancel(self) -> None:
        """Stops it. What was not started yet is taken off the list and never starts."""
        if self.task is not None:
            self.task.cancel()
        elif self._supervisor is not None:
            self._supervisor._forget(self)

    def _start(self, datasette: Any) -> None:
        self.state = "running"
        self.started_at = datetime.now(timezone.utc).isoformat()
        self.task = asyncio.create_task(self._run(datasette), name=self.name)
        self.task.add_done_callback(self._ended)

    async def _run(self, datasette: Any) -> None:
        # Calling it here makes a crash of what fails before its first await, too.
        await self._func(datasette)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            self.state = "cancelled"
        elif (error := task.exception()) is not None:
            self.state = "crashed"
            self.exception = error
            _log.error("Background task %r crashed", self.name, exc_info=error)
        else:
            self.state = "completed"


class BackgroundTaskSupervisor:
    """All pieces of work of one server. It keeps them, also those that ended (API-110)."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        self._tasks: list[BackgroundTask] = []
        self._launched = False

    @property
    def launched(self) -> bool:
        """Whether work starts as soon as it is added."""
        return self._launched

    def tasks(self) -> list[BackgroundTask]:
        """All pieces of work, in the order in which they were added."""
        return list(self._tasks)

    def add(self, func: TaskFunction, name: str | None = None) -> BackgroundTask:
        """Adds work. Without a name it is called like the function; a second one gets `-2`."""
        wanted = name or getattr(func, "__qualname__", None) or repr(func)
        task = BackgroundTask(self._free_name(wanted), func)
        task._supervisor = self
        self._tasks.append(task)
        if self._launched:
            task._start(self._datasette)
        return task

    async def launch_all(self) -> None:
        """Starts what was added so far. Later calls do nothing."""
        if self._launched:
            return
        self._launched = True
        for task in self.tasks():
            if task.task is None:
                task._start(self._datasette)

    async def cancel_all(self, grace: float = 5.0) -> None:
        """Stops what is running and waits so many seconds for it; what stays is logged."""
        running = {
            each.task: each.name
            for each in self._tasks
            if each.task is not None and not each.task.done()
        }
        if not running:
            return
        for task in running:
            task.cancel()
        _, remaining = await asyncio.wait(running, timeout=grace)
        if remaining:
            _log.warning(
                "%d background task(s) still run %.1f seconds after they were cancelled: %s",
                len(remaining),
                grace,
                ", ".join(sorted(running[task] for task in remaining)),
            )

    def _free_name(self, wanted: str) -> str:
        taken = {task.name for task in self._tasks}
        name, number = wanted, 2
        while name in taken:
            name, number = f"{wanted}-{number}", number + 1
        return name

    def _forget(self, task: BackgroundTask) -> None:
        if task in self._tasks:
            self._tasks.remove(task)


def _dotted_path(func: Any) -> str:
    while isinstance(func, functools.partial):
        func = func.func
    if not hasattr(func, "__qualname__"):
        func = type(func).__call__
    return f"{func.__module__}.{func.__qualname__}"
