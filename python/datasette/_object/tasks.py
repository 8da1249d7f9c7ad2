"""Background tasks of plugins, which the server starts, lists and ends (API-106 to API-112)."""

from __future__ import annotations

import asyncio
import itertools
import traceback
from typing import Any

from ..background_tasks import BackgroundTask, BackgroundTaskSupervisor, TaskFunction


class ServedTask(BackgroundTask):
    """A task that the server knows by a number."""

    number: int

    def __init__(self, name: str, func: TaskFunction) -> None:
        super().__init__(name, func)
        self.begun = asyncio.Event()

    def cancel(self) -> None:
        """Stops it. What was not started yet is taken off the list and never starts."""
        if self.task is not None:
            self.task.cancel()
        elif self._supervisor is not None:
            self._supervisor._forget(self)


class ServedTasks(BackgroundTaskSupervisor):
    """The tasks of this process."""

    _tasks: list[BackgroundTask]

    def __init__(self, datasette: Any) -> None:
        super().__init__(datasette)
        self._by_number: dict[int, ServedTask] = {}
        self._numbers = itertools.count(1)

    def add(self, func: TaskFunction, name: str | None = None) -> BackgroundTask:
        """Hands work to the server, which starts it when all plugins have started, or now."""
        qualified = getattr(func, "__qualname__", None) or repr(func)
        task = ServedTask(name or qualified, func)
        task.number = next(self._numbers)
        task._supervisor = self
        told = {
            "id": task.number,
            "name": name,
            "qualified_name": qualified,
            "function": task.function,
        }
        self._tasks.append(task)
        self._by_number[task.number] = task
        try:
            task.name = self._datasette._link.ask_now("add_background_task", told)
        except BaseException:
            self._forget(task)
            raise
        return task

    async def launch_all(self) -> None:
        """Has the server start what was added so far, and from now on all that is added."""
        self._launched = True

    async def all_begun(self) -> None:
        """Waits until the server has had everything started that was added so far."""
        for task in list(self._by_number.values()):
            await task.begun.wait()

    async def run(self, number: int) -> Any:
        """Does the work of that number; answers how it ended."""
        task = self._by_number[number]
        self._launched = True
        task._start(self._datasette)
        task.begun.set()
        assert task.task is not None
        await asyncio.wait({task.task})
        # What notes the state may come after us.
        await asyncio.sleep(0)
        if task.exception is not None:
            error = task.exception
            report = traceback.format_exception(type(error), error, error.__traceback__)
            return {"crashed": {"exception": repr(error), "report": "".join(report)}}
        return "cancelled" if task.task.cancelled() else "completed"

    def cancel(self, number: int) -> None:
        """Ends the work of that number."""
        task = self._by_number.get(number)
        if task is not None and task.task is not None:
            task.task.cancel()

    def _forget(self, task: BackgroundTask) -> None:
        super()._forget(task)
        if not isinstance(task, ServedTask):
            return
        task.begun.set()
        if self._by_number.pop(task.number, None) is not None:
            self._datasette._link.ask_now("cancel_background_task", {"id": task.number})
