"""Addresses that already begin with the `base_url` (API-200)."""

from __future__ import annotations

import functools
from typing import Any


class PrefixedUrlString(str):
    """Text that `datasette.urls` made, so that the prefix is put in front of it only once.

    What is added on the right and what methods of `str` return is prefixed text, too.
    """

    __slots__ = ()

    def __add__(self, other: str) -> PrefixedUrlString:
        return type(self)(super().__add__(other))


def _kept(name: str) -> Any:
    """The method of `str`, with results of this type."""
    original = getattr(str, name)

    @functools.wraps(original)
    def method(self: PrefixedUrlString, *args: Any, **kwargs: Any) -> Any:
        value = original(self, *args, **kwargs)
        if isinstance(value, str):
            return type(self)(value)
        if isinstance(value, (list, tuple)):
            return type(value)(type(self)(part) for part in value)
        return value

    return method


for _name in dir(str):
    if not _name.startswith("__") and _name != "maketrans":
        setattr(PrefixedUrlString, _name, _kept(_name))
