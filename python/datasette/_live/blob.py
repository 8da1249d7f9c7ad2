"""Blobs in tables of connections that belong to the server."""

from __future__ import annotations

import operator
import os
import sqlite3
from typing import TYPE_CHECKING, Any

from . import questions

if TYPE_CHECKING:
    from .connection import RemoteConnection


class RemoteBlob:
    """An open blob, read and written like a file, or like a `bytearray` of fixed length."""

    def __init__(self, connection: RemoteConnection, place: dict[str, Any], readonly: bool) -> None:
        self._connection = connection
        self._place = place
        self._position = 0
        self._closed = False
        self._size = int(connection._ask(questions.BLOB_SIZE, place, not readonly))
        self._readonly = readonly

    def _check(self) -> None:
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed blob.")

    def _bytes(self, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        found = self._connection._ask(questions.READ_BLOB, self._place, start, length)
        return bytes(found)

    def _store(self, start: int, data: bytes) -> None:
        if self._readonly:
            raise sqlite3.OperationalError("attempt to write a readonly database")
        self._connection._ask(questions.WRITE_BLOB, self._place, start, data)

    def read(self, length: int = -1, /) -> bytes:
        """So many bytes from here; all that are left without a number."""
        self._check()
        left = self._size - self._position
        wanted = left if length < 0 else min(length, left)
        data = self._bytes(self._position, wanted)
        self._position += len(data)
        return data

    def write(self, data: bytes, /) -> None:
        """Overwrites what is here. A blob does not grow."""
        self._check()
        data = bytes(data)
        if len(data) > self._size - self._position:
            raise ValueError("data longer than blob length")
        self._store(self._position, data)
        self._position += len(data)

    def seek(self, offset: int, origin: int = os.SEEK_SET, /) -> None:
        """Goes elsewhere."""
        self._check()
        starts = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}
        if origin not in starts:
            raise ValueError("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END")
        position = starts[origin] + offset
        if not 0 <= position <= self._size:
            raise ValueError("offset out of blob range")
        self._position = position

    def tell(self) -> int:
        """Where it is."""
        self._check()
        return self._position

    def close(self) -> None:
        """Ends it."""
        self._closed = True

    def __len__(self) -> int:
        self._check()
        return self._size

    def __enter__(self) -> RemoteBlob:
        self._check()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _index(self, index: Any) -> int:
        place = operator.index(index)
        if place < 0:
            place += self._size
        if not 0 <= place < self._size:
            raise IndexError("Blob index out of range")
        return place

    def __getitem__(self, index: Any) -> Any:
        self._check()
        if isinstance(index, slice):
            places = range(*index.indices(self._size))
            if not places:
                return b""
            if places.step == 1:
                return self._bytes(places.start, len(places))
            low, high = min(places), max(places)
            data = self._bytes(low, high - low + 1)
            return bytes(data[place - low] for place in places)
        return self._bytes(self._index(index), 1)[0]

    def __setitem__(self, index: Any, value: Any) -> None:
        self._check()
        if isinstance(index, slice):
            places = range(*index.indices(self._size))
            data = bytes(value)
            if len(data) != len(places):
                raise IndexError("Blob slice assignment is wrong size")
            if not places:
                return
            if places.step == 1:
                self._store(places.start, data)
                return
            for place, byte in zip(places, data):
                self._store(place, bytes([byte]))
            return
        place = self._index(index)
        if not isinstance(value, int):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
        if not 0 <= value <= 255:
            raise ValueError("byte must be in range(0, 256)")
        self._store(place, bytes([value]))

    def __delitem__(self, index: Any) -> None:
        raise TypeError("Blob doesn't support item deletion")

    def __contains__(self, item: Any) -> bool:
        raise TypeError("argument of type 'Blob' is not iterable")
