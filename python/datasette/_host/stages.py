"""Threads that have, for a while, what a thread of the server has: the connection of a lane.

Each lane of a database has one such thread, so that callbacks which keep state by thread find it
again, and the generators around a write run where the write runs (HOOK-202).
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
import socket
import struct
import threading
from typing import TYPE_CHECKING, Any

from .._live import questions
from .._live.connection import RemoteConnection, new_connection
from .._live.errors import ConnectionGone, error_of
from .failures import describe
from .write_wrappers import Wrappers

if TYPE_CHECKING:
    from .calls import Calls
    from .loans import Callback

USE, ENTER, EXIT, PREVENTED, NOT_COMMITTED = 20, 21, 22, 23, 24

_LENGTH = struct.Struct("<I")


class Stages:
    """The threads, and what the server can call of the functions that callbacks defined."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.path = ""
        # A process that replaces another one has other numbers: functions of the former may still
        # be defined on connections.
        self.numbers = itertools.count(secrets.randbits(30) << 32 | 1 << 31)

    def open(self) -> None:
        """Starts one more thread, which connects to the server."""
        stage = Stage(self)
        threading.Thread(target=stage.serve, name="database", daemon=True).start()


class Stage:
    """One thread, with the connection that it has at times."""

    def __init__(self, stages: Stages) -> None:
        self.calls = stages.calls
        self.stages = stages
        self.connections: dict[str, RemoteConnection] = {}
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.wrappers = Wrappers(stages.calls)
        self.running: Callback | None = None
        self._socket: socket.socket

    def serve(self) -> None:
        """Serves the server until it goes."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(self.stages.path)
            self._socket = connection
            self._stream = connection.makefile("rb")
            while (message := self._receive()) is not None:
                try:
                    answer = self._play(*message)
                except BaseException as error:  # noqa: BLE001 - whatever a plugin raises
                    self._say(questions.DONE, False, describe(error))
                else:
                    self._say(questions.DONE, True, answer)
        for one in self.connections.values():
            one._asking = None

    def _receive(self) -> Any:
        try:
            head = self._stream.read(4)
            if len(head) < 4:
                return None
            return questions.unpacked(self._stream.read(_LENGTH.unpack(head)[0]))
        except OSError:
            return None

    def _say(self, *parts: Any) -> None:
        message = questions.packed(*parts)
        # Where the server took the connection back, it says so to whoever asks next.
        with contextlib.suppress(OSError):
            self._socket.sendall(message)

    # What the server has this thread do -----------------------------------------------------

    def _play(self, scene: int, values: Any) -> Any:
        if scene == USE:
            return self._use(values)
        if scene == ENTER:
            self.running = None
            return self._wrapping(values, self.wrappers.enter)
        if scene == EXIT:
            return self._wrapping(values, self._leave)
        if scene == PREVENTED:
            callback = self.calls.loans.taken(values)
            if callback is not None:
                callback.error = self.wrappers.error
            return None
        callback = self.running
        if callback is not None and callback.number == values["number"]:
            callback.error = error_of(values["code"], values["message"])
        return None

    def _use(self, values: dict[str, Any]) -> list[Any]:
        callback = self.running = self.calls.loans.taken(values["number"])
        if callback is None:
            raise RuntimeError("there is no such callback")
        connection = self._connection(callback.kind)
        connection._take(self, values)
        try:
            callback.run(connection)
        finally:
            connection._give_back()
        return callback.told_events(self.calls.datasette)

    def _wrapping(self, values: dict[str, Any], play: Any) -> dict[str, Any]:
        connection = self._connection("write")
        connection._take(self, values)
        try:
            return play(connection, values)
        finally:
            connection._give_back()

    def _leave(self, connection: RemoteConnection, values: dict[str, Any]) -> dict[str, Any]:
        return self.wrappers.leave(connection, values, self.running)

    def _connection(self, kind: str) -> RemoteConnection:
        alone = kind == "alone"
        place = "alone" if alone else "lane"
        connection = self.connections.get(place)
        if connection is None:
            connection = self.connections[place] = new_connection()
        reading = kind in ("read", "alone_reading")
        connection._reset("" if reading else "IMMEDIATE", rows=not kind.startswith("alone"))
        return connection

    # What the connection asks ---------------------------------------------------------------

    def ask(self, question: int, *values: Any) -> Any:
        """Asks the server about the connection and waits."""
        message = questions.packed(question, *values)
        try:
            self._socket.sendall(message)
            answer = self._receive()
        except OSError:
            answer = None
        if answer is None:
            raise ConnectionGone(
                "The server took the connection back: what was done with it is undone"
            )
        return answer[1:]

    def add_function(self, key: tuple[Any, ...], function: Any) -> int:
        """The number of a function. One that replaces another has its number."""
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = next(self.stages.numbers)
        self.calls.lines.functions.passing[number] = function
        return number

    def interrupt(self) -> None:
        """Ends what runs on the connection, from another thread."""
        if self.running is not None:
            self.calls.link.ask_now("interrupt", self.running.number)
