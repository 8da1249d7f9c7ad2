"""The connections to the server: one for the event loop, one for each thread that waits."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import os
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from . import frames
from .failures import ServerGone, describe, revive, sendable

Answerer = Callable[[str, Any], Awaitable[Any]]


class Senders:
    """Context variables of those who send requests from inside, while they wait for the answers."""

    def __init__(self) -> None:
        self._known: dict[int, contextvars.Context] = {}
        self._numbers = itertools.count(1)

    def enter(self) -> int:
        """Notes the running context; answers its number."""
        number = next(self._numbers)
        self._known[number] = contextvars.copy_context()
        return number

    def leave(self, number: int) -> None:
        """The answer is there."""
        self._known.pop(number, None)

    def of(self, params: Any) -> contextvars.Context | None:
        """A copy of the context that a call is about, where its request was sent from inside."""
        request = params.get("request") if isinstance(params, dict) else None
        number = request.get("sender") if isinstance(request, dict) else None
        known = self._known.get(number) if number is not None else None
        return known.copy() if known is not None else None


class _Protocol(asyncio.Protocol):
    """Cuts what arrives into messages."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.buffer = bytearray()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        for message in frames.cut(self.buffer):
            self.link.take(message)

    def connection_lost(self, error: Exception | None) -> None:
        self.link.lost()


class Link:
    """Calls in both directions, many at once, over one connection of the event loop."""

    def __init__(self, path: str, answerer: Answerer) -> None:
        self.path = path
        self.answerer = answerer
        self.loop: asyncio.AbstractEventLoop | None = None
        self.transport: asyncio.WriteTransport | None = None
        self.numbers = itertools.count(1)
        self.waiting: dict[int, asyncio.Future[Any]] = {}
        self.answering: dict[int, asyncio.Task[None]] = {}
        self.ended = asyncio.Event()
        self.senders = Senders()
        self._threads = threading.local()

    async def connect(self) -> None:
        """Connects the running event loop."""
        self.loop = asyncio.get_running_loop()
        transport, _ = await self.loop.create_unix_connection(lambda: _Protocol(self), self.path)
        self.transport = transport

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self.transport is not None and not self.transport.is_closing()

    def send(self, *parts: Any) -> None:
        """Sends a message. Raises what packing it raises, before anything is sent."""
        message = frames.encode(*parts)
        if self.transport is None or not self.is_open:
            raise ServerGone("the server has ended")
        self.transport.write(message)

    async def ask(self, method: str, params: Any = None) -> Any:
        """Asks the server and waits for its answer. From the event loop."""
        assert self.loop is not None
        number = next(self.numbers)
        future = self.loop.create_future()
        self.waiting[number] = future
        try:
            self.send(frames.CALL, number, method, params)
            return await future
        except asyncio.CancelledError:
            if self.is_open:
                self.send(frames.CANCEL, number)
            raise
        finally:
            self.waiting.pop(number, None)

    def ask_now(self, method: str, params: Any = None) -> Any:
        """Asks the server and blocks until it answers. From any thread, the event loop's too: the
        server answers such questions without asking back."""
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = SideConnection(self.path)
        return connection.ask(method, params)

    def leave(self) -> None:
        """Leaves all connections to the process that this one is a copy of."""
        nothing = os.open(os.devnull, os.O_RDWR)
        if self.transport is not None:
            # The number is taken over, so that the event loop, which both share, is not told.
            os.dup2(nothing, self.transport.get_extra_info("socket").fileno())
        os.close(nothing)
        self._threads = threading.local()

    def take(self, message: list[Any]) -> None:
        """Takes one message of the server."""
        kind, number = message[0], message[1]
        if kind == frames.CALL:
            work = self._answer(number, message[2], message[3])
            assert self.loop is not None
            context = self.circumstances(message[3])
            self.answering[number] = context.run(self.loop.create_task, work)
        elif kind == frames.CANCEL:
            task = self.answering.get(number)
            if task is not None:
                task.cancel()
        else:
            future = self.waiting.get(number)
            if future is None or future.done():
                return
            if kind == frames.ANSWER:
                self.settle(future, message[2], None)
            else:
                self.settle(future, None, revive(message[2]))

    def settle(self, future: asyncio.Future[Any], value: Any, error: Exception | None) -> None:
        """Gives an answer to whoever waits for it."""
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    def circumstances(self, params: Any) -> contextvars.Context:
        """The context variables that a call of the server starts with: those of whoever sent the
        request that it is about from inside (OOP-20), else none."""
        return self.senders.of(params) or contextvars.Context()

    async def _answer(self, number: int, method: str, params: Any) -> None:
        try:
            result = await self.answerer(method, params)
            try:
                self.send(frames.ANSWER, number, result)
            except (TypeError, ValueError, OverflowError, RecursionError):
                # One plugin's nonsense is not to cost the others their answers.
                self.send(frames.ANSWER, number, sendable(result))
        except asyncio.CancelledError:
            raise
        except ServerGone:
            pass
        except BaseException as error:
            if self.is_open:
                self.send(frames.FAILED, number, describe(error))
            if not isinstance(error, Exception):
                raise
        finally:
            self.answering.pop(number, None)

    def lost(self) -> None:
        """The server has gone, and with it everything that was asked."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ServerGone("the server has ended"))
        self.ended.set()


class SideConnection:
    """A connection for one thread, which waits for each answer."""

    def __init__(self, path: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.stream = self.socket.makefile("rb")
        self.numbers = itertools.count(1)

    def ask(self, method: str, params: Any = None) -> Any:
        """Asks the server and blocks until it answers."""
        number = next(self.numbers)
        self.socket.sendall(frames.encode(frames.CALL, number, method, params))
        while True:
            head = self.stream.read(4)
            length = frames.length(head)
            if length is None:
                raise ServerGone("the server has ended")
            message = frames.decode(self.stream.read(length))
            if message[1] != number:
                continue
            if message[0] == frames.ANSWER:
                return message[2]
            raise revive(message[2])
