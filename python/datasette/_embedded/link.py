"""A connection that outlives event loops: tests have one each, and code without one comes between."""

from __future__ import annotations

import asyncio
import contextvars
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from .._host import frames
from .._host.failures import ServerGone
from .._host.link import Answerer, Link

_MOST = 256 * 1024


class LoopLink(Link):
    """Calls in both directions over one socket, which the event loop that asks listens to."""

    def __init__(self, path: str, answerer: Answerer) -> None:
        super().__init__(path, answerer)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.buffer = bytearray()
        self.is_over = False
        self._sending = threading.Lock()
        self._listening: list[asyncio.AbstractEventLoop] = []
        self._circumstances: contextvars.Context | None = None
        #: Is given the name of each question before it is asked.
        self.before_asking: Callable[[str], Awaitable[None]] | None = None

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return not self.is_over

    def send(self, *parts: Any) -> None:
        """Sends a message. The server always takes what arrives, so that this does not wait long."""
        message = frames.encode(*parts)
        if self.is_over:
            raise ServerGone("the site is closed")
        with self._sending:
            try:
                self.socket.sendall(message)
            except OSError as error:
                raise ServerGone(f"the site has ended: {error}") from error

    async def ask(self, method: str, params: Any = None) -> Any:
        """Asks the server and waits for its answer."""
        loop = asyncio.get_running_loop()
        self.listen(loop)
        if self.before_asking is not None:
            await self.before_asking(method)
        before, self._circumstances = self._circumstances, contextvars.copy_context()
        number = next(self.numbers)
        future = loop.create_future()
        self.waiting[number] = future
        try:
            self.send(frames.CALL, number, method, params)
            return await future
        except asyncio.CancelledError:
            if self.is_open:
                self.send(frames.CANCEL, number)
            raise
        finally:
            self._circumstances = before
            self.waiting.pop(number, None)
            self._give_back(loop)

    def ask_now(self, method: str, params: Any = None) -> Any:
        """Asks the server and blocks until it answers."""
        if self.is_over:
            raise ServerGone("the site is closed")
        return super().ask_now(method, params)

    def circumstances(self, params: Any) -> contextvars.Context:
        """The context variables of whoever asked for what the server asks about (OOP-20)."""
        known = self.senders.of(params)
        if known is not None:
            return known
        if self._circumstances is not None:
            return self._circumstances.copy()
        return contextvars.Context()

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Lets that event loop take what the server sends."""
        if self.loop is loop or self.is_over:
            return
        self.loop = loop
        loop.add_reader(self.socket.fileno(), self._read, loop)
        self._listening = [one for one in self._listening if not one.is_closed()]
        if loop not in self._listening:
            self._listening.append(loop)

    def _give_back(self, loop: asyncio.AbstractEventLoop) -> None:
        # Another loop may wait for its answers, perhaps in another thread.
        loops = {future.get_loop() for future in self.waiting.values()}
        if loop in loops:
            return
        for other in loops:
            if not other.is_closed():
                other.call_soon_threadsafe(self.listen, other)
                return

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop is not self.loop:
            loop.remove_reader(self.socket.fileno())
            return
        try:
            data = self.socket.recv(_MOST, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.lost()
            return
        self.buffer += data
        for message in frames.cut(self.buffer):
            self.take(message)

    def settle(self, future: asyncio.Future[Any], value: Any, error: Exception | None) -> None:
        """Gives an answer to whoever waits for it, wherever that is."""
        loop = future.get_loop()
        if loop is self.loop:
            super().settle(future, value, error)
        elif not loop.is_closed():
            loop.call_soon_threadsafe(super().settle, future, value, error)

    def lost(self) -> None:
        """The server has gone."""
        self.close()
        for future in list(self.waiting.values()):
            self.settle(future, None, ServerGone("the site has ended"))

    def close(self) -> None:
        """Ends the connection."""
        if self.is_over:
            return
        self.is_over = True
        number = self.socket.fileno()
        for loop in self._listening:
            if loop.is_closed():
                continue
            if loop.is_running() and loop is not _running():
                # Its thread must do it; until then it finds the socket at its end.
                loop.call_soon_threadsafe(self._forget, loop, number)
            else:
                self._forget(loop, number)
        self.socket.close()

    @staticmethod
    def _forget(loop: asyncio.AbstractEventLoop, number: int) -> None:
        if not loop.is_closed():
            loop.remove_reader(number)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
