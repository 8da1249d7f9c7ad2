"""What the loaded plugins declare: their hooks, and what they register for later calls."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .. import hookspecs
from .._earlier import hooks as earlier
from ..plugins import listed_plugins, pm
from ..utils import StartupError, await_me_maybe
from . import joined
from .handles import Handles
from .implementation import Implementation, implementations
from .output import current_plugin
from .work import called

if TYPE_CHECKING:
    from ..app import Datasette


HOOKS = [name for name, one in vars(hookspecs).items() if hasattr(one, "datasette_spec")]
"""Names of all hooks."""


@dataclasses.dataclass
class Route:
    """A page of a plugin."""

    plugin: str
    view: Any
    names: tuple[str, ...]


@dataclasses.dataclass
class Renderer:
    """An output format of a plugin."""

    render: Callable[..., Any]
    can_render: Callable[..., Any] | None


def _always() -> bool:
    return True


class Registry:
    """What plugins registered, by the numbers that the server knows."""

    def __init__(self) -> None:
        self.by_hook: dict[str, list[Implementation]] = {}
        self.joined: dict[str, Implementation] = {}
        """Hooks that pluggy calls, by name."""
        self.routes: Handles[Route] = Handles()
        self.renderers: Handles[Renderer] = Handles()
        self.facets: Handles[type] = Handles()
        self.column_types: Handles[type] = Handles()
        self.magic: Handles[Callable[..., Any]] = Handles()
        self.token_handlers: Handles[Any] = Handles()
        self.events: dict[str, type] = {}
        self._types: dict[str, type] = {}
        self._segments: dict[tuple[str, str], dict[str, Any]] = {}

    def implementations(self, hook: str, origin: str, rank: str) -> list[Implementation]:
        """The implementations of a hook at one place, in call order."""
        return [one for one in self.by_hook.get(hook, ()) if one.place == (origin, rank)]

    def column_type(self, assigned: dict[str, Any]) -> Any:
        """An instance of an assigned column type; None where no plugin knows it."""
        known = self._types.get(assigned["name"])
        return None if known is None else known(config=assigned["config"])

    def _segment(self, place: tuple[str, str]) -> dict[str, Any]:
        return self._segments.setdefault(
            place,
            {
                "hooks": [],
                "routes": [],
                "renderers": [],
                "facets": [],
                "actions": [],
                "column_types": [],
                "magic": [],
                "events": [],
                "token_handlers": [],
            },
        )

    def _called_joined(
        self, hook: str, given: dict[str, Any]
    ) -> Iterator[tuple[Implementation, dict[str, Any], Any]]:
        one = self.joined[hook]
        current_plugin.set(one.plugin)
        for result in getattr(pm.hook, hook)(**given):
            yield one, self._segment(one.place), result
        current_plugin.set(None)

    def _called(
        self, hook: str, **given: Any
    ) -> Iterator[tuple[Implementation, dict[str, Any], Any]]:
        if hook in self.joined:
            yield from self._called_joined(hook, given)
        for one in self.by_hook.get(hook, ()):
            if one is self.joined.get(hook):
                continue
            result = called(one.plugin, one.function, *[given[name] for name in one.names])
            if result is not None:
                yield one, self._segment(one.place), result
        current_plugin.set(None)

    async def declare(self, datasette: Datasette) -> dict[str, Any]:
        """Calls what registers, and describes all of it."""
        earlier.tell()
        for hook in HOOKS:
            self.by_hook[hook] = implementations(hook)
            one = joined.implementation(hook, self.by_hook[hook])
            if one is not None:
                self.joined[hook] = one
                self.by_hook[hook] = [one]
            self.by_hook[hook] += earlier.adapted(hook)
            for one in self.by_hook[hook]:
                hooks = self._segment(one.place)["hooks"]
                if hook not in hooks:
                    hooks.append(hook)
        self._renderers(datasette)
        await self._events(datasette)
        self._actions(datasette)
        self._column_types(datasette)
        self._routes(datasette)
        self._facets()
        self._magic(datasette)
        self._token_handlers(datasette)
        return {
            "plugins": listed_plugins(),
            "earlier": {
                "skip_csrf": bool(earlier.implementers("skip_csrf")),
                "canned_queries": bool(earlier.implementers("canned_queries")),
            },
            "segments": [
                (origin, rank, segment) for (origin, rank), segment in self._segments.items()
            ],
        }

    def _renderers(self, datasette: Datasette) -> None:
        found: dict[str, tuple[Any, Any]] = {}
        for owner, segment, result in self._called("register_output_renderer", datasette=datasette):
            for one in result if isinstance(result, list) else [result]:
                render = one["render"] if "render" in one else one["callback"]
                can_render = one.get("can_render")
                number = self.renderers.add(Renderer(render, can_render), owner.plugin)
                found[one["extension"]] = (render, can_render or _always)
                segment["renderers"].append(
                    {
                        "id": number,
                        "extension": one["extension"],
                        "asks": can_render is not None,
                    }
                )

        datasette._note_renderers(found)

    async def _events(self, datasette: Datasette) -> None:
        for _, segment, result in self._called("register_events", datasette=datasette):
            for one in await await_me_maybe(result) or ():
                self.events[one.name] = one
                segment["events"].append({"name": one.name})
        datasette._note_event_classes(list(self.events.values()))

    def _actions(self, datasette: Datasette) -> None:
        known: dict[str, Any] = {}
        for _, segment, result in self._called("register_actions", datasette=datasette):
            for one in result or ():
                known.setdefault(one.name, one)
                resource = one.resource_class
                segment["actions"].append(
                    {
                        "name": one.name,
                        "abbreviation": one.abbr,
                        "description": one.description,
                        "takes_parent": one.takes_parent,
                        "takes_child": one.takes_child,
                        "resource_class": resource.__name__ if resource else None,
                        "case_insensitive_child": bool(
                            getattr(resource, "case_insensitive_child", False)
                        ),
                        "also_requires": one.also_requires,
                    }
                )
        datasette._note_actions(known)

    def _column_types(self, datasette: Datasette) -> None:
        from ..column_types import ColumnType

        for owner, segment, result in self._called("register_column_types", datasette=datasette):
            for one in result or ():
                if one.name in self._types:
                    raise StartupError(f"Duplicate column type name: {one.name}")
                self._types[one.name] = one
                types = one.sqlite_types
                segment["column_types"].append(
                    {
                        "id": self.column_types.add(one, owner.plugin),
                        "name": one.name,
                        "description": one.description or "",
                        "sqlite_types": [kind.value for kind in types or ()],
                        "transforms": one.transform_value is not ColumnType.transform_value,
                    }
                )
        datasette._note_column_types(dict(self._types))

    def _routes(self, datasette: Datasette) -> None:
        for one, segment, result in self._called("register_routes", datasette=datasette):
            for regex, view in result:
                if not (inspect.isfunction(view) or inspect.isclass(view)):
                    raise ValueError("view_fn_or_class must be a function or a class")
                pattern = getattr(regex, "pattern", regex)
                names = tuple(re.compile(regex).groupindex)
                number = self.routes.add(Route(one.plugin, view, names))
                segment["routes"].append({"id": number, "pattern": pattern})

    def _facets(self) -> None:
        for owner, segment, result in self._called("register_facet_classes"):
            for one in result:
                number = self.facets.add(one, owner.plugin)
                segment["facets"].append({"id": number, "type": one.type})

    def _magic(self, datasette: Datasette) -> None:
        called = self._called("register_magic_parameters", datasette=datasette)
        for owner, segment, result in called:
            for prefix, function in result:
                number = self.magic.add(function, owner.plugin)
                segment["magic"].append({"id": number, "prefix": prefix})

    def _token_handlers(self, datasette: Datasette) -> None:
        from ..tokens import TokenHandler

        for owner, segment, result in self._called("register_token_handler", datasette=datasette):
            for one in result if isinstance(result, list) else [result]:
                if isinstance(one, TokenHandler):
                    number = self.token_handlers.add(one, owner.plugin)
                    segment["token_handlers"].append({"id": number, "name": one.name})
