"""Work beside requests: when it starts, how it ends, what is remembered."""

import asyncio
import functools
import logging
from datetime import datetime, timezone

import pytest

from datasette import BackgroundTaskSupervisor


async def _work(datasette):
    """Ends at once."""


class _Worker:
    async def __call__(self, datasette):
        """Ends at once."""


async def test_work_waits_until_all_is_launched_and_then_starts_at_once():
    ran = []

    async def work(datasette):
        ran.append(datasette)

    supervisor = BackgroundTaskSupervisor("ds")
    task = supervisor.add(work)
    await asyncio.sleep(0)
    assert (task.state, ran, supervisor.launched) == ("registered", [], False)
    assert (task.task, task.exception, task.started_at) == (None, None, None)
    await supervisor.launch_all()
    await supervisor.launch_all()
    assert (task.state, supervisor.launched) == ("running", True)
    await task.task
    late = supervisor.add(work)
    assert late.state == "running"
    await late.task
    assert ran == ["ds", "ds"]
    await asyncio.sleep(0)
    assert [each.state for each in supervisor.tasks()] == ["completed", "completed"]


# Proves: API-108, API-109
def test_work_is_called_like_its_function_and_names_differ():
    supervisor = BackgroundTaskSupervisor(None)
    partial = functools.partial(_work)
    worker = _Worker()
    named = [
        supervisor.add(_work),
        supervisor.add(_work),
        supervisor.add(_work, "own"),
        supervisor.add(_work, name="own"),
        supervisor.add(_work),
    ]
    assert [task.name for task in named] == ["_work", "_work-2", "own", "own-2", "_work-3"]
    assert supervisor.add(partial).name == repr(partial)
    assert supervisor.add(worker).name == repr(worker)
    assert supervisor.add(partial).function == named[0].function == f"{__name__}._work"
    assert supervisor.add(worker).function == f"{__name__}._Worker.__call__"


# Proves: API-109
async def test_the_time_of_the_start_is_in_utc():
    supervisor = BackgroundTaskSupervisor(None)
    task = supervisor.add(_work)
    before = datetime.now(timezone.utc)
    await supervisor.launch_all()
    started = datetime.fromisoformat(task.started_at)
    assert before <= started <= datetime.now(timezone.utc)
    assert started.utcoffset().total_seconds() == 0
    await task.task


# Proves: API-110, API-109
async def test_a_crash_is_logged_and_remembered_and_others_go_on(caplog):
    done = asyncio.Event()

    async def crash(datasette):
        raise ValueError("broken")

    def no_coroutine(datasette):
        raise KeyError("at once")

    async def go_on(datasette):
        await done.wait()

    supervisor = BackgroundTaskSupervisor(None)
    tasks = [supervisor.add(each) for each in (crash, no_coroutine, go_on)]
    with caplog.at_level(logging.ERROR, logger="datasette.background_tasks"):
        await supervisor.launch_all()
        await asyncio.wait([tasks[0].task, tasks[1].task])
        await asyncio.sleep(0)
    assert [task.state for task in tasks] == ["crashed", "crashed", "running"]
    assert isinstance(tasks[0].exception, ValueError)
    assert [record.name for record in caplog.records] == ["datasette.background_tasks"] * 2
    assert "ValueError: broken" in caplog.text and "Traceback" in caplog.text
    done.set()
    await tasks[2].task
    await asyncio.sleep(0)
    assert tasks[2].state == "completed"
    assert supervisor.tasks() == tasks


# Proves: API-109
async def test_work_that_is_cancelled_before_it_starts_never_does():
    supervisor = BackgroundTaskSupervisor(None)
    task = supervisor.add(_work)
    task.cancel()
    task.cancel()
    await supervisor.launch_all()
    assert supervisor.tasks() == []
    assert (task.state, task.task) == ("registered", None)
    assert supervisor.add(_work).name == "_work"


# Proves: API-109
async def test_running_work_can_be_cancelled():
    supervisor = BackgroundTaskSupervisor(None)

    async def forever(datasette):
        await asyncio.Event().wait()

    task = supervisor.add(forever)
    await supervisor.launch_all()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task.task
    await asyncio.sleep(0)
    assert task.state == "cancelled"
    assert repr(task) == f"<BackgroundTask name={task.name!r} state='cancelled'>"


async def test_at_the_end_all_work_is_cancelled_and_what_stays_is_logged(caplog):
    supervisor = BackgroundTaskSupervisor(None)
    await supervisor.cancel_all()
    release = asyncio.Event()

    async def polite(datasette):
        await asyncio.Event().wait()

    async def stubborn(datasette):
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    kind = supervisor.add(polite, "kind")
    rude = supervisor.add(stubborn, "rude")
    await supervisor.launch_all()
    await asyncio.sleep(0)
    with caplog.at_level(logging.WARNING, logger="datasette.background_tasks"):
        await supervisor.cancel_all(grace=0)
        await asyncio.sleep(0)
    assert "rude" in caplog.text
    release.set()
    await rude.task
    await asyncio.sleep(0)
    assert (kind.state, rude.state) == ("cancelled", "completed")
