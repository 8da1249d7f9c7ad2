"""MessagePack where its package is not installed.

The server's own environments have `msgpack`. One that was made for something else may have all that
plugins import and lack it; there this module does the same, more slowly.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

Default = Callable[[Any], Any]


def packb(value: Any, use_bin_type: bool = True, default: Default | None = None) -> bytes:
    """A value as MessagePack."""
    out = bytearray()
    _pack(value, out, default)
    return bytes(out)


def _pack(value: Any, out: bytearray, default: Default | None) -> None:
    if value is None:
        out.append(0xC0)
    elif value is True:
        out.append(0xC3)
    elif value is False:
        out.append(0xC2)
    elif isinstance(value, int):
        _pack_int(value, out)
    elif isinstance(value, float):
        out += struct.pack(">Bd", 0xCB, value)
    elif isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        _head(len(data), out, (0xA0, 32), ((0xD9, "B"), (0xDA, "H"), (0xDB, "I")))
        out += data
    elif isinstance(value, bytes):
        _head(len(value), out, None, ((0xC4, "B"), (0xC5, "H"), (0xC6, "I")))
        out += value
    elif isinstance(value, (list, tuple)):
        _head(len(value), out, (0x90, 16), ((0xDC, "H"), (0xDD, "I")))
        for item in value:
            _pack(item, out, default)
    elif isinstance(value, dict):
        _head(len(value), out, (0x80, 16), ((0xDE, "H"), (0xDF, "I")))
        for key, item in value.items():
            _pack(key, out, default)
            _pack(item, out, default)
    elif default is not None:
        _pack(default(value), out, default)
    else:
        raise TypeError(f"can not serialize {type(value).__name__!r} object")


def _head(
    size: int,
    out: bytearray,
    short: tuple[int, int] | None,
    forms: tuple[tuple[int, str], ...],
) -> None:
    if short is not None and size < short[1]:
        out.append(short[0] | size)
        return
    for marker, form in forms:
        if size < 1 << (8 * struct.calcsize(form)):
            out += struct.pack(f">B{form}", marker, size)
            return
    raise ValueError("too large for MessagePack")


def _pack_int(value: int, out: bytearray) -> None:
    if 0 <= value < 128:
        out.append(value)
    elif -32 <= value < 0:
        out.append(value & 0xFF)
    elif 0 <= value < 1 << 64:
        _head(value, out, None, ((0xCC, "B"), (0xCD, "H"), (0xCE, "I"), (0xCF, "Q")))
    elif -(1 << 63) <= value < 0:
        for marker, form in ((0xD0, "b"), (0xD1, "h"), (0xD2, "i"), (0xD3, "q")):
            if value >= -(1 << (8 * struct.calcsize(form) - 1)):
                out += struct.pack(f">B{form}", marker, value)
                return
    else:
        raise OverflowError("Integer value out of range")


_SIZES = {
    0xC4: ("B", "bin"),
    0xC5: ("H", "bin"),
    0xC6: ("I", "bin"),
    0xD9: ("B", "str"),
    0xDA: ("H", "str"),
    0xDB: ("I", "str"),
    0xDC: ("H", "array"),
    0xDD: ("I", "array"),
    0xDE: ("H", "map"),
    0xDF: ("I", "map"),
}
_NUMBERS = {
    0xCA: "f",
    0xCB: "d",
    0xCC: "B",
    0xCD: "H",
    0xCE: "I",
    0xCF: "Q",
    0xD0: "b",
    0xD1: "h",
    0xD2: "i",
    0xD3: "q",
}
_PLAIN = {0xC0: None, 0xC2: False, 0xC3: True}


_EXTENSIONS = {
    0xD4: 1,
    0xD5: 2,
    0xD6: 4,
    0xD7: 8,
    0xD8: 16,
}
_LONG_EXTENSIONS = {0xC7: "B", 0xC8: "H", 0xC9: "I"}


class _How:
    """How values are made."""

    def __init__(self, use_list: bool, ext_hook: Callable[[int, bytes], Any] | None) -> None:
        self.sequence: Callable[[list[Any]], Any] = list if use_list else tuple
        self.extension = ext_hook


def unpackb(
    data: bytes | memoryview,
    raw: bool = False,
    strict_map_key: bool = False,
    use_list: bool = True,
    ext_hook: Callable[[int, bytes], Any] | None = None,
) -> Any:
    """The value that these bytes are."""
    value, end = _unpack(memoryview(data), 0, _How(use_list, ext_hook))
    if end != len(data):
        raise ValueError("more bytes than one value has")
    return value


def _unpack(data: memoryview, at: int, how: _How) -> tuple[Any, int]:
    marker = data[at]
    at += 1
    if marker < 0x80:
        return marker, at
    if marker >= 0xE0:
        return marker - 256, at
    if marker in _PLAIN:
        return _PLAIN[marker], at
    if marker in _NUMBERS:
        form = f">{_NUMBERS[marker]}"
        return struct.unpack_from(form, data, at)[0], at + struct.calcsize(form)
    if marker in _SIZES:
        form, kind = _SIZES[marker]
        size = struct.unpack_from(f">{form}", data, at)[0]
        at += struct.calcsize(form)
    elif marker < 0x90:
        size, kind = marker & 0x0F, "map"
    elif marker < 0xA0:
        size, kind = marker & 0x0F, "array"
    elif marker < 0xC0:
        size, kind = marker & 0x1F, "str"
    elif marker in _EXTENSIONS or marker in _LONG_EXTENSIONS:
        return _unpack_extension(data, at, marker, how)
    else:
        raise ValueError(f"unknown marker {marker}")
    return _unpack_sized(data, at, size, kind, how)


def _unpack_extension(data: memoryview, at: int, marker: int, how: _How) -> tuple[Any, int]:
    size = _EXTENSIONS.get(marker)
    if size is None:
        form = f">{_LONG_EXTENSIONS[marker]}"
        size = struct.unpack_from(form, data, at)[0]
        at += struct.calcsize(form)
    kind = struct.unpack_from(">b", data, at)[0]
    piece = bytes(data[at + 1 : at + 1 + size])
    if how.extension is None or len(piece) != size:
        raise ValueError("an extension that nobody knows")
    return how.extension(kind, piece), at + 1 + size


def _unpack_sized(data: memoryview, at: int, size: int, kind: str, how: _How) -> tuple[Any, int]:
    if kind in ("str", "bin"):
        piece = bytes(data[at : at + size])
        if len(piece) != size:
            raise ValueError("the value is cut off")
        return (piece.decode("utf-8") if kind == "str" else piece), at + size
    if kind == "array":
        items = []
        for _ in range(size):
            item, at = _unpack(data, at, how)
            items.append(item)
        return how.sequence(items), at
    mapping = {}
    for _ in range(size):
        key, at = _unpack(data, at, how)
        mapping[key], at = _unpack(data, at, how)
    return mapping, at
