"""Callbacks that want a connection of the server."""

from __future__ import annotations

import contextvars
import inspect
import itertools
from collections.abc import Callable
from typing import Any

from .event_facts import facts_of
from .requests import info_of


class Callback:
    """One callback, and what became of it."""

    def __init__(self, number: int, fn: Callable[..., Any], kind: str) -> None:
        self.number = number
        self.fn = fn
        self.kind = kind
        self.context = contextvars.copy_context()
        self.result: Any = None
        self.error: BaseException | None = None
        self.events: list[Any] = []

    def run(self, connection: Any) -> None:
        """Calls it with the connection."""
        try:
            self.result = self.context.run(self._called, connection)
        except BaseException as error:
            self.error = error
            raise

    def _called(self, connection: Any) -> Any:
        # A callback that names it also wants to queue events; all others have one parameter of
        # whatever name (API-147).
        if self.kind.startswith("write") and "track_event" in _parameters(self.fn):
            from ..utils import call_with_supported_arguments

            return call_with_supported_arguments(
                self.fn, conn=connection, track_event=self.events.append
            )
        return self.fn(connection)

    def told_events(self, datasette: Any) -> list[dict[str, Any]]:
        """Its events as the server is told of them."""
        known = datasette.event_classes
        return [facts_of(event) for event in self.events if isinstance(event, known)]

    def outcome(self, datasette: Any) -> Any:
        """What it returned, once all is over."""
        for event in self.events:
            assert isinstance(event, datasette.event_classes), f"Invalid event type: {type(event)}"
        return self.result


def _parameters(fn: Callable[..., Any]) -> Any:
    try:
        return inspect.signature(fn).parameters
    except (TypeError, ValueError):
        return ()


class Loans:
    """The callbacks that wait for their connection."""

    def __init__(self) -> None:
        self._waiting: dict[int, Callback] = {}
        self._numbers = itertools.count(1)

    def taken(self, number: int) -> Callback | None:
        """The callback of that number, which waits no longer."""
        return self._waiting.pop(number, None)

    async def lend(
        self, datasette: Any, database: str, fn: Callable[..., Any], kind: str, request: Any = None
    ) -> Any:
        """Has `fn` called with a connection, and returns what it returns. It is asked for before
        this waits for anything: writes happen in this order."""
        callback = Callback(next(self._numbers), fn, kind)
        self._waiting[callback.number] = callback
        wanted = {
            "database": database,
            "kind": "alone" if kind == "alone_reading" else kind,
            "callback": callback.number,
            "request": info_of(request),
        }
        try:
            await datasette._link.ask("lend", wanted)
        except Exception:
            # Where it was not called nobody will call it now.
            self.taken(callback.number)
            if callback.error is not None:
                raise callback.error from callback.error.__cause__
            raise
        return callback.outcome(datasette)
