"""Threads that call SQL functions of plugins for threads of the server.

SQLite calls such a function in the middle of a statement and waits, perhaps for every row. Each line
is one thread here for one thread there, so that functions which keep state by thread find it again.
Both look at memory that they share while calls follow each other, and sleep at a socket when nothing
comes for a while.
"""

from __future__ import annotations

import contextlib
import itertools
import marshal
import mmap
import os
import platform
import socket
import threading
import time
from pathlib import Path
from typing import Any

from . import work
from .handles import FunctionHandles

CALL, START, STEP, INVERSE, VALUE, FINISH, COMPARE = range(7)

ROOM = 256 * 1024
"""Longest question and longest answer in the memory."""

ASKED, ANSWERED, SLEEPS, SERVER_SLEEPS, QUESTION = 0, 64, 128, 192, 256
ANSWER = QUESTION + ROOM
"""Places in the memory; the server says what is there."""

LOOKS = 0 if (os.cpu_count() or 1) < 2 else 3_000
"""How often a thread looks for a question before it sleeps: about a tenth of a millisecond."""

FORM = 2
"""The version of `marshal`'s form that has no references."""

_PLAIN = {int, float, str, bytes, type(None)}

# Other processors than these may see the mark of an answer before the answer. Letting go of the
# interpreter's lock, as sleeping does, puts them in order.
_IS_ORDERED = platform.machine().lower() in ("x86_64", "amd64", "i686", "i386")


class Lines:
    """The functions that plugins registered, and the threads that call them."""

    def __init__(self) -> None:
        self.path = ""
        self.functions = FunctionHandles()
        self.running: dict[int, Any] = {}
        self.makers: dict[int, Any] = {}
        self.numbers = itertools.count(1)

    def open(self, number: int) -> None:
        """Starts one more thread, which takes the line of that number."""
        threading.Thread(
            target=self._serve, args=(number,), name="sql-functions", daemon=True
        ).start()

    def _serve(self, number: int) -> None:
        path = Path(self.path).with_name(f"line-{number}")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(self.path)
            with path.open("r+b") as file:
                memory = mmap.mmap(file.fileno(), 0)
            # The server may be gone when an answer is ready for it.
            with contextlib.suppress(OSError):
                self._answer_all(connection, memory, path)

    def _answer_all(self, connection: socket.socket, memory: mmap.mmap, path: Path) -> None:
        loads, dumps = marshal.loads, marshal.dumps
        question = memoryview(memory)[QUESTION:ANSWER]
        functions = self.functions
        asked = looks = 0
        while True:
            for _ in itertools.repeat(None, looks):
                if memory[ASKED] != asked:
                    break
            while memory[ASKED] == asked:
                if not _sleep(connection, memory, asked):
                    return
            asked = memory[ASKED]
            try:
                message = loads(question)
                if message is None:
                    message = loads(path.with_suffix(".question").read_bytes())
                operation, number, arguments = message
                if operation == CALL:
                    value = functions[number](*arguments)
                else:
                    value = self._aggregate(operation, number, arguments)
                if type(value) not in _PLAIN:
                    value = _value(value)
                answer = dumps(value, FORM)
            except BaseException as error:  # noqa: BLE001 - whatever a plugin raises
                answer = b"E" + dumps(f"{type(error).__name__}: {error}", FORM)
            if work.is_copy():
                os._exit(0)
            length = len(answer)
            if length > ROOM:
                path.with_suffix(".answer").write_bytes(answer)
                answer, length = b"F", 1
            memory[ANSWER : ANSWER + length] = answer
            if not _IS_ORDERED:
                time.sleep(0)
            memory[ANSWERED] = asked
            if memory[SERVER_SLEEPS]:
                # It has not the time to look, and would not be helped by a thread that does.
                looks = 0
                connection.send(b"!")
            else:
                looks = LOOKS

    def _aggregate(self, operation: int, number: int, arguments: tuple[Any, ...]) -> Any:
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
        return running.value() if hasattr(running, "value") else running.finalize()


def _sleep(connection: socket.socket, memory: mmap.mmap, asked: int) -> bool:
    """Sleeps until the server asks; false where it has gone."""
    memory[SLEEPS] = 1
    try:
        # Said first, and looked after: the server looks in the other order. Where both did so in
        # the same moment, it wakes this thread a little later.
        return memory[ASKED] != asked or bool(connection.recv(64))
    finally:
        memory[SLEEPS] = 0


def _value(value: Any) -> Any:
    """A result as SQLite takes it; others are errors, as in `sqlite3`."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{type(value).__name__} is no value of SQL")
