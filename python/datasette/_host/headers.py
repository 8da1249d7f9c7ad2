"""Headers of ASGI and their text: bytes go through unchanged where they are UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def as_bytes(pairs: Iterable[Any]) -> list[tuple[bytes, bytes]]:
    """The pairs that ASGI has, from texts."""
    return [(name.encode("utf-8"), value.encode("utf-8")) for name, value in pairs]


def as_text(pairs: Iterable[Any]) -> list[tuple[str, str]]:
    """The texts, names in lower case, from pairs of ASGI."""
    return [(_text(name).lower(), _text(value)) for name, value in pairs]


def _text(value: Any) -> str:
    if not isinstance(value, (bytes, bytearray)):
        return str(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
