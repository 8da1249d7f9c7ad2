"""Messages between this process and the server: a length, then a MessagePack array."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

try:
    import msgpack as packing
except ImportError:
    from . import packing

VERSION = 1
"""The version of the protocol, which both sides must have."""

CALL, ANSWER, FAILED, CANCEL = 1, 2, 3, 4

MOST_BYTES = 256 * 1024 * 1024
"""Longest message, which both sides must have in common."""

_LENGTH = struct.Struct("<I")


def _plain(value: Any) -> Any:
    """What MessagePack does not know by itself, as something that it knows."""
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    keys = getattr(value, "keys", None)
    if callable(keys):
        return {key: value[key] for key in keys()}
    return str(value)


def pack(value: Any) -> bytes:
    """A value without a length."""
    return bytes(packing.packb(value, use_bin_type=True, default=_plain))


def encode(*parts: Any) -> bytes:
    """The message with its length in front."""
    body = pack(parts)
    if len(body) > MOST_BYTES:
        raise OverflowError(f"{len(body)} bytes are too many for one message")
    return _LENGTH.pack(len(body)) + body


def decode(body: bytes | memoryview) -> list[Any]:
    """The message that these bytes are, which come without their length."""
    return packing.unpackb(body, raw=False, strict_map_key=False)


def length(buffer: bytes | bytearray) -> int | None:
    """How long the message at the start of the buffer is, once that is known."""
    if len(buffer) < 4:
        return None
    return int(_LENGTH.unpack_from(buffer)[0])


def cut(buffer: bytearray) -> Iterator[list[Any]]:
    """Takes all messages that are whole from the start of the buffer."""
    while True:
        end = length(buffer)
        if end is None or len(buffer) < end + 4:
            return
        message = decode(bytes(memoryview(buffer)[4 : end + 4]))
        del buffer[: end + 4]
        yield message
