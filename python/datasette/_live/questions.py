"""What a thread asks of the server's connection while it has it."""

from __future__ import annotations

import struct
from typing import Any, Protocol

try:
    import msgpack as packing
except ImportError:
    from .._host import packing

from .binding import adapted

RUN, RUN_ON, FORGET, REPEAT, SCRIPT, END = 1, 2, 3, 4, 5, 6
FUNCTION, AGGREGATE, COLLATION, JUDGE, STOPPER = 7, 8, 9, 10, 11
LIMIT_TIME, LIMIT, ALLOW_EXTENSIONS, LOAD_EXTENSION = 12, 13, 14, 15
COPY, BLOB_SIZE, READ_BLOB, WRITE_BLOB = 16, 17, 18, 19
DONE = 0

_LENGTH = struct.Struct("<I")
_BROKEN_TEXT = 1


class BrokenText(bytes):
    """Text that is not valid UTF-8."""


def _extension(kind: int, data: bytes) -> Any:
    return BrokenText(data) if kind == _BROKEN_TEXT else data


def packed(*parts: Any) -> bytes:
    """A message with its length in front."""
    body = packing.packb(parts, use_bin_type=True, default=adapted)
    return _LENGTH.pack(len(body)) + body


def unpacked(body: bytes) -> Any:
    """A message without its length; arrays are tuples."""
    return packing.unpackb(
        body, raw=False, strict_map_key=False, use_list=False, ext_hook=_extension
    )


class Asking(Protocol):
    """Where questions go."""

    def ask(self, question: int, *values: Any) -> Any:
        """Asks and waits; answers `(error, in transaction, total changes, result)`."""

    def add_function(self, key: tuple[Any, ...], function: Any) -> int:
        """The number by which the server calls a function."""

    def interrupt(self) -> None:
        """Ends what the connection is doing, from another thread."""
