"""Events on their way to the server and from it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from typing import Any

from .. import events

OWN_EVENTS: tuple[type, ...] = tuple(
    one
    for one in vars(events).values()
    if isinstance(one, type) and issubclass(one, events.Event) and one is not events.Event
)
"""The classes of the server's own events."""


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
