"""The generators of plugins around writes (HOOK-199 to HOOK-209)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from ..utils import call_with_supported_arguments
from .event_facts import facts_of
from .output import current_plugin

if TYPE_CHECKING:
    from .calls import Calls
    from .loans import Callback

_Generator = Generator[Any, Any, Any]


class Wrappers:
    """The generators that wait behind their `yield` on one thread, by the place of their plugins."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._waiting: dict[tuple[str, str], list[tuple[str, _Generator, list[Any]]]] = {}
        self.error: BaseException | None = None
        """Why a write was prevented."""

    def enter(self, connection: Any, write: dict[str, Any]) -> dict[str, Any]:
        """Runs the generators of one place up to their `yield`, the outermost first."""
        place = (write["origin"], write["rank"])
        events: list[Any] = []
        entered: list[tuple[str, _Generator, list[Any]]] = []
        self._waiting[place] = entered
        self.error = None
        try:
            for plugin, wrapper in self._wrappers(place, write):
                current_plugin.set(plugin)
                generator = call_with_supported_arguments(
                    wrapper, conn=connection, track_event=events.append
                )
                try:
                    next(generator)
                except StopIteration:
                    # One that does not yield has nothing to do with the write (HOOK-205).
                    continue
                entered.append((plugin, generator, events))
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises
            del self._waiting[place]
            self.error = _thrown(entered, error)
            raise self.error from self.error.__cause__
        return {"entered": len(entered), "events": self._told(events)}

    def _wrappers(
        self, place: tuple[str, str], write: dict[str, Any]
    ) -> list[tuple[str, Callable[..., Any]]]:
        given = {
            "datasette": self._calls.datasette,
            "database": write["database"],
            "request": self._calls.requests.of(write["request"]),
            "transaction": write["transaction"],
        }
        found = []
        # All are asked before any begins, as with pluggy.
        for one in self._calls.registry.implementations("write_wrapper", *place):
            current_plugin.set(one.plugin)
            wrapper = one.function(*[given[name] for name in one.names])
            if wrapper is not None:
                found.append((one.plugin, wrapper))
        return found

    def leave(
        self, _connection: Any, values: dict[str, Any], callback: Callback | None
    ) -> dict[str, Any]:
        """Lets the generators of one place go on after their `yield`, the innermost first."""
        entered = self._waiting.pop((values["origin"], values["rank"]), [])
        result, error = _outcome(values["outcome"], callback)
        events = entered[0][2] if entered else []
        events.clear()
        while entered:
            plugin, generator, _ = entered.pop()
            current_plugin.set(plugin)
            try:
                if error is None:
                    generator.send(result)
                else:
                    generator.throw(error)
            except StopIteration:
                pass
            except BaseException as raised:  # noqa: BLE001 - it takes the place of the failure
                if error is None or raised is not error:
                    raised.__context__ = error
                error = raised
        if error is not None:
            if callback is not None:
                callback.error = error
            raise error
        return {"events": self._told(events)}

    def _told(self, events: list[Any]) -> list[dict[str, Any]]:
        known = self._calls.datasette.event_classes
        for event in events:
            assert isinstance(event, known), f"Invalid event type: {type(event)}"
        return [facts_of(event) for event in events]


def _thrown(
    entered: list[tuple[str, _Generator, list[Any]]], error: BaseException
) -> BaseException:
    """Tells the generators outside of one that failed; the failure, or what they make of it."""
    while entered:
        plugin, generator, _ = entered.pop()
        current_plugin.set(plugin)
        try:
            generator.throw(error)
        except StopIteration:
            pass
        except BaseException as raised:  # noqa: BLE001 - it takes the place of the failure
            error = raised
    return error


def _outcome(said: dict[str, Any], callback: Callback | None) -> tuple[Any, BaseException | None]:
    """What the write returned, or raised."""
    if callback is not None:
        if callback.error is None and "failed" in said:
            return None, _failure(said["failed"])
        return callback.result, callback.error
    if "failed" in said:
        return None, _failure(said["failed"])
    return said["done"], None


def _failure(said: dict[str, Any]) -> Exception:
    from .._live.errors import error_of
    from ..utils.asgi import Forbidden
    from .failures import ServerError

    if said["code"] is not None:
        return error_of(said["code"], said["message"])
    if said["forbidden"]:
        return Forbidden(said["message"])
    return ServerError(said["message"])
