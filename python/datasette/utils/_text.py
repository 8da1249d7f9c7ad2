"""Small questions about text: sizes, addresses, switches."""

from __future__ import annotations

from typing import Any

from ._errors import ValueAsBooleanError

_ON = ("on", "true", "1")
_OFF = ("off", "false", "0")


def value_as_boolean(value: str) -> bool:
    """The switch that a text stands for; `ValueAsBooleanError` when it stands for none (API-240)."""
    word = value.lower()
    if word in _ON:
        return True
    if word in _OFF:
        return False
    raise ValueAsBooleanError


def format_bytes(bytes: float) -> str:
    """A number of bytes for people: `12 bytes`, `1.5 KB` (API-240)."""
    amount = float(bytes)
    if amount < 1024:
        return f"{int(amount)} bytes"
    for unit in ("KB", "MB", "GB"):
        amount /= 1024
        if amount < 1024:
            return f"{amount:.1f} {unit}"
    # As many terabytes as there are; with a last division beyond them, as it always was.
    amount /= 1024
    return f"{amount if amount < 1024 else amount / 1024:.1f} TB"


def is_url(value: Any) -> bool:
    """Whether a value is an address of the web and nothing else (API-240)."""
    return (
        isinstance(value, str)
        and value.startswith(("http://", "https://"))
        and not any(character.isspace() for character in value)
    )


def truncate_url(url: str, length: int | None) -> str:
    """The address cut to so many characters; a short extension stays visible (API-240)."""
    if not length or len(url) <= length:
        return url
    rest, dot, extension = url.rpartition(".")
    if dot and 1 <= len(extension) <= 4 and "/" not in extension:
        return rest[: length - 1 - len(extension)] + "…." + extension
    return url[: length - 1] + "…"


def parse_size_limit(value: str | None, default: int, maximum: int, name: str = "_size") -> int:
    """The page size that a parameter asks for, or `ValueError` with a message for the visitor.

    Blank means the default, `max` the maximum.
    """
    if value in (None, ""):
        return default
    if value == "max":
        return maximum
    try:
        size = int(value)
    except ValueError:
        size = -1
    if size < 0:
        raise ValueError(f"{name} must be a positive integer")
    if size > maximum:
        raise ValueError(f"{name} must be <= {maximum}")
    return size
