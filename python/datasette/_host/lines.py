"""Threads that call SQL functions of plugins for threads of the server.

SQLite calls such a function in the middle of a statement and waits. Each line is one thread here for
one thread there, so that functions which keep state by thread find it again.
"""

from __future__ import annotations

import itertools
import socket
import threading
from typing import Any

from . import frames
from .handles import Handles

CALL, START, STEP, INVERSE, VALUE, FINISH, COMPARE = range(7)


class Lines:
    """The functions that plugins registered, and the threads that call them."""

    def __init__(self) -> None:
        self.path = ""
        self.functions: Handles[Any] = Handles()
        self.running: dict[int, Any] = {}
        self.makers: dict[int, Any] = {}
        self.numbers = itertools.count(1)

    def open(self) -> None:
        """Starts one more thread, which connects to the server."""
        threading.Thread(target=self._serve, name="sql-functions", daemon=True).start()

    def _serve(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(self.path)
            stream = connection.makefile("rb")
            read, send, serve = stream.read, connection.sendall, self._answer
            unpack, pack, length_of = frames.decode, frames.pack, frames.length
            while True:
                length = length_of(read(4))
                if length is None:
                    return
                answer = pack(serve(*unpack(read(length))))
                send(len(answer).to_bytes(4, "little") + answer)

    def _answer(self, operation: int, number: int, arguments: list[Any]) -> tuple[bool, Any]:
        try:
            if operation == CALL:
                return (True, _value(self.functions[number](*arguments)))
            return (True, self._aggregate(operation, number, arguments))
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises
            return (False, f"{type(error).__name__}: {error}")

    def _aggregate(self, operation: int, number: int, arguments: list[Any]) -> Any:
        if operation == COMPARE:
            return int(self.functions[number](*arguments))
        if operation == START:
            instance = next(self.numbers)
            # Made at the first step, as in `sqlite3`: over no rows there is none.
            self.running[instance] = None
            self.makers[instance] = self.functions[number]
            return instance
        if operation == FINISH:
            running = self.running.pop(number, None)
            self.makers.pop(number, None)
            if hasattr(running, "value"):
                running.finalize()
            return None
        running = self.running[number]
        if running is None:
            if operation == VALUE:
                return None
            running = self.running[number] = self.makers[number]()
        if operation == STEP:
            running.step(*arguments)
            return None
        if operation == INVERSE:
            running.inverse(*arguments)
            return None
        return _value(running.value() if hasattr(running, "value") else running.finalize())


def _value(value: Any) -> Any:
    """A result as SQLite takes it; others are errors, as in `sqlite3`."""
    kind = type(value)
    if value is None or kind in (int, float, str, bytes):
        if kind is int and not -(2**63) <= value < 2**63:
            raise OverflowError("int too big to convert")
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{kind.__name__} is no value of SQL")
