"""The fields and files of a submitted form (API-180, API-182, API-183)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any


@dataclass
class UploadedFile:
    """One uploaded file. Large ones lie in a temporary file, which is gone when this is closed."""

    #: The name of the field.
    name: str
    #: The name that the visitor's file had, without folders.
    filename: str
    #: What the browser took it for, if it said so.
    content_type: str | None
    #: In bytes.
    size: int
    _file: IO[bytes] = field(repr=False)

    async def read(self, size: int = -1) -> bytes:
        """The next so many bytes, or all that are left."""
        return await asyncio.to_thread(self._file.read, size)

    async def seek(self, offset: int, whence: int = 0) -> int:
        """Moves to a position and returns it, as files do."""
        return await asyncio.to_thread(self._file.seek, offset, whence)

    async def close(self) -> None:
        """Lets go of the contents."""
        await asyncio.to_thread(self._file.close)

    def close_sync(self) -> None:
        """Lets go of the contents, outside of async code."""
        self._file.close()

    async def __aenter__(self) -> UploadedFile:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self._file.close()


#: What a field of a form can hold.
FormValue = str | UploadedFile


class FormData:
    """What a form sent: reads like a dictionary of first values, in the order they were sent."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, FormValue]] = []

    def append(self, key: str, value: FormValue) -> None:
        """Adds a value; a name may have many."""
        self._pairs.append((key, value))

    def __getitem__(self, key: str) -> FormValue:
        for name, value in self._pairs:
            if name == key:
                return value
        raise KeyError(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The first value of this name."""
        return next((value for name, value in self._pairs if name == key), default)

    def getlist(self, key: str) -> list[FormValue]:
        """All values of this name; an empty list when there are none."""
        return [value for name, value in self._pairs if name == key]

    def __contains__(self, key: object) -> bool:
        return any(name == key for name, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def keys(self) -> list[str]:
        """The names, each once."""
        return list(dict.fromkeys(name for name, _ in self._pairs))

    def items(self) -> list[tuple[str, FormValue]]:
        """All pairs of name and value."""
        return list(self._pairs)

    def values(self) -> list[FormValue]:
        """All values."""
        return [value for _, value in self._pairs]

    def close(self) -> None:
        """Lets go of all files. Never raises."""
        for uploaded in self._files():
            with contextlib.suppress(Exception):
                uploaded.close_sync()

    async def aclose(self) -> None:
        """Lets go of all files, without holding up the event loop. Never raises."""
        for uploaded in self._files():
            with contextlib.suppress(Exception):
                await uploaded.close()

    def _files(self) -> list[UploadedFile]:
        return [value for value in self.values() if isinstance(value, UploadedFile)]

    def __enter__(self) -> FormData:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> FormData:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self.aclose()
