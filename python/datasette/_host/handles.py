"""Objects of plugins that the server calls later, by number."""

from __future__ import annotations

import itertools
import secrets
from collections import OrderedDict
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Handles(Generic[T]):
    """Objects that stay: they are declared once, in the same order in every process."""

    def __init__(self) -> None:
        self._objects: list[T] = []
        self._owners: list[str | None] = []

    def add(self, thing: T, owner: str | None = None) -> int:
        """The number of the object, which a plugin owns."""
        self._objects.append(thing)
        self._owners.append(owner)
        return len(self._objects) - 1

    def owner(self, number: int) -> str | None:
        """The plugin whose object it is."""
        return self._owners[number]

    def __getitem__(self, number: int) -> T:
        return self._objects[number]


class FunctionHandles(Handles[Any]):
    """SQL functions: those that are prepared on all connections, and, by other numbers, those that
    callbacks define on connections that they have."""

    def __init__(self) -> None:
        super().__init__()
        self.passing: dict[int, Any] = {}

    def __getitem__(self, number: int) -> Any:
        try:
            return self._objects[number]
        except IndexError:
            return self.passing[number]


class PassingHandles(Generic[T]):
    """Objects that belong to a page, of which the oldest go when there are too many."""

    def __init__(self, most: int = 10_000) -> None:
        self._objects: OrderedDict[int, T] = OrderedDict()
        # A process that replaces another must not know the other's objects by their numbers.
        self._numbers = itertools.count(secrets.randbits(48) + 1)
        self._most = most

    def add(self, thing: T) -> int:
        """The number of the object."""
        number = next(self._numbers)
        self._objects[number] = thing
        while len(self._objects) > self._most:
            self._objects.popitem(last=False)
        return number

    def __getitem__(self, number: int) -> T:
        return self._objects[number]
