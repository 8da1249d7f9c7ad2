"""Names with one or more values: the query string of a request (API-179)."""

from __future__ import annotations

from collections.abc import Iterator, KeysView, Mapping, Sequence
from typing import Any


class MultiParams:
    """Reads like a dictionary of first values; `getlist` gives all values of a name.

    Made from a dictionary of lists, or from a list of pairs.
    """

    def __init__(self, data: Mapping[str, Sequence[Any]] | Sequence[Sequence[Any]]) -> None:
        values: dict[str, list[Any]] = {}
        if isinstance(data, Mapping):
            for name, many in data.items():
                assert isinstance(many, (list, tuple)), (
                    "dictionary data should be a dictionary of key => [list]"
                )
                values[name] = list(many)
        else:
            for pair in data:
                assert isinstance(pair, (list, tuple)) and len(pair) == 2, (
                    "list data should be a list of [key, value] pairs"
                )
                values.setdefault(pair[0], []).append(pair[1])
        self._data = values

    def __repr__(self) -> str:
        return f"<MultiParams: {self._data}>"

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __getitem__(self, key: str) -> Any:
        return self._data[key][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def keys(self) -> KeysView[str]:
        """The names, each once."""
        return self._data.keys()

    def get(self, name: str, default: Any = None) -> Any:
        """The first value of this name."""
        values = self._data.get(name)
        return values[0] if values else default

    def getlist(self, name: str) -> list[Any]:
        """All values of this name; an empty list when there are none."""
        return self._data.get(name) or []
