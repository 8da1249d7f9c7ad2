"""Metadata and configuration as one document, which they were in earlier releases."""

from __future__ import annotations

from typing import Any


def merged(one: Any, other: Any) -> Any:
    """Both, the second one above the first, all the way down."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return other
    together = dict(one)
    for name, value in other.items():
        together[name] = merged(one[name], value) if name in one else value
    return together


def block(document: dict[str, Any], database: str, table: str | None = None) -> dict[str, Any]:
    """What the document has about a database or table; empty where it has nothing."""
    found = (document.get("databases") or {}).get(database) or {}
    if table is not None:
        found = (found.get("tables") or {}).get(table) or {}
    # In earlier releases a query could be its SQL alone, and was handed out so.
    return dict(found)


def lookup(
    document: dict[str, Any],
    key: str | None,
    database: str | None,
    table: str | None,
    fallback: bool,
) -> Any:
    """A value, or everything about a place where no key is named.

    With `fallback` what a place lacks comes from what is around it."""
    assert not (database is None and table is not None), (
        "Cannot call metadata() with table= but not database="
    )
    places = [document]
    if database is not None:
        places.insert(0, block(document, database))
    if database is not None and table is not None:
        places.insert(0, block(document, database, table))
    if not fallback:
        places = places[:1]
    if key is not None:
        return next((place[key] for place in places if key in place), None)
    everything: dict[str, Any] = {}
    for place in reversed(places):
        everything.update(place)
    return everything
