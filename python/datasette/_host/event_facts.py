"""Events on their way to the server and from it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .. import events

if TYPE_CHECKING:
    from .link import Link

OWN_EVENTS: tuple[type, ...] = tuple(
    one
    for one in vars(events).values()
    if isinstance(one, type) and issubclass(one, events.Event) and one is not events.Event
)
"""The classes of the server's own events."""


class OnTheirWay:
    """Events of this process that its plugins are being told of: they get the very same object."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, int, int], Any] = {}

    async def tell(self, link: Link, event: Any) -> None:
        """Tells the server, which tells all plugins."""
        facts = facts_of(event)
        key = _key(facts)
        self._events[key] = event
        try:
            await link.ask("track_event", facts)
        finally:
            self._events.pop(key, None)

    def of(self, classes: tuple[type, ...], facts: dict[str, Any]) -> Any:
        """The event that the server tells of."""
        event = self._events.get(_key(facts))
        if event is not None and event.properties() == facts["properties"]:
            return event
        return event_of(classes, facts)


def _key(facts: dict[str, Any]) -> tuple[str, int, int]:
    created = facts["created"]
    return (facts["name"], created["secs"], created["nanos"])


def event_of(classes: tuple[type, ...], facts: dict[str, Any]) -> Any:
    """The event that the server tells of, as an object of its class."""
    known = {one.name: one for one in classes}  # type: ignore[attr-defined]
    kind = known[facts["name"]]
    given = {
        field.name: facts["properties"].get(field.name)
        for field in dataclasses.fields(kind)
        if field.init and field.name != "actor"
    }
    event = kind(actor=facts["actor"], **given)
    created = facts["created"]
    seconds = created["secs"] + created["nanos"] / 1e9
    event.created = datetime.fromtimestamp(seconds, timezone.utc)
    return event


def facts_of(event: Any) -> dict[str, Any]:
    """What the server is told of an event."""
    since = event.created.timestamp()
    seconds = int(since)
    return {
        "name": event.name,
        "actor": event.actor,
        "created": {"secs": seconds, "nanos": int((since - seconds) * 1e9)},
        "properties": event.properties(),
    }
