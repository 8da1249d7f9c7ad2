"""Tells what stands around the server that it starts and stops, as a server of ASGI does."""

from __future__ import annotations

import asyncio
from typing import Any

from ..utils import StartupError

PATIENCE = 4.0
"""Seconds for what stands around to end."""


class Lifespan:
    """The one `lifespan` call of an application."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._started: asyncio.Future[None] | None = None
        self._landing = asyncio.Event()
        """Set when the server inside was told that it stops, or never will be."""
        self._landed = asyncio.Event()
        """Set when the server inside has stopped."""
        self._task: asyncio.Task[None] | None = None

    async def start(self, application: Any) -> None:
        """Tells the application that it starts, and waits until it has."""
        loop = asyncio.get_running_loop()
        self._started = loop.create_future()
        self._messages.put_nowait({"type": "lifespan.startup"})
        self._task = loop.create_task(self._run(application))
        await self._started

    async def _run(self, application: Any) -> None:
        assert self._started is not None
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await application(scope, self._messages.get, self._send)
        except Exception as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            self._landing.set()
            if not self._started.done():
                self._started.set_result(None)

    async def _send(self, message: dict[str, Any]) -> None:
        assert self._started is not None
        if self._started.done():
            return
        if message["type"] == "lifespan.startup.complete":
            self._started.set_result(None)
        elif message["type"] == "lifespan.startup.failed":
            self._started.set_exception(StartupError(message.get("message", "")))

    async def serve(self, receive: Any, send: Any) -> None:
        """The server inside: it has started already, and stops when its plugins were told."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self._landing.set()
                await self._landed.wait()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def land(self) -> None:
        """Tells the application that the server stops; answers when the server inside knows."""
        if self._task is None:
            return
        self._messages.put_nowait({"type": "lifespan.shutdown"})
        try:
            await asyncio.wait_for(self._landing.wait(), PATIENCE)
        except asyncio.TimeoutError:
            return

    async def end(self) -> None:
        """The server has stopped: what stands around it may end."""
        self._landed.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=PATIENCE)
