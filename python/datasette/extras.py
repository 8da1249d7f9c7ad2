"""Extras: parts of an answer that are asked for by name with `?_extra=` (API-18)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from datasette.utils.asgi import BadRequest


def extra_names_from_request(request: Any) -> set[str]:
    """The names that the query string asks for; one argument may have several, between commas."""
    arguments = request.args.getlist("_extra")
    return {name for argument in arguments for name in argument.split(",") if name}


class ExtraScope(Enum):
    """The kinds of pages that have extras."""

    TABLE = "table"
    ROW = "row"
    QUERY = "query"


@dataclass(frozen=True)
class ExtraExample:
    """An example for the documentation of an extra."""

    path: str | None = None
    key: str | None = None
    value: object | None = None
    note: str | None = None


class Provider:
    """A value that extras are made from: `resolve` takes the context and other values by name."""

    #: None means the name of the class: `RowCountExtra` is `row_count`.
    name: ClassVar[str | None] = None
    scopes: ClassVar[set[ExtraScope]] = set()
    #: Whether JSON may have it.
    public: ClassVar[bool] = False

    @classmethod
    def key(cls) -> str:
        """By which it is asked for."""
        return cls.name or _snake_case(cls.__name__)

    @classmethod
    def available_for(cls, scope: ExtraScope) -> bool:
        """Whether pages of this kind have it."""
        return scope in cls.scopes

    async def resolve(self, context: Any) -> Any:
        """Its value."""
        raise NotImplementedError


class Extra(Provider):
    """A value that can be asked for."""

    description: ClassVar[str | None] = None
    example: ClassVar[ExtraExample | None] = None
    examples: ClassVar[dict[ExtraScope, Any]] = {}
    public: ClassVar[bool] = True
    expensive: ClassVar[bool] = False
    docs_note: ClassVar[str | None] = None

    @classmethod
    def example_for_scope(cls, scope: ExtraScope) -> Any:
        """The example for a kind of page."""
        return cls.examples.get(scope, cls.example)


class ExtraRegistry:
    """Some extras, and their values when they are asked for."""

    def __init__(self, classes: Iterable[type[Provider]]) -> None:
        self.classes = list(classes)
        self.classes_by_name = {cls.key(): cls for cls in self.classes}

    def classes_for_scope(
        self, scope: ExtraScope, include_internal: bool = True
    ) -> list[type[Provider]]:
        """Those that pages of this kind have."""
        return [
            cls
            for cls in self.classes
            if cls.available_for(scope) and (include_internal or cls.public)
        ]

    def public_classes_for_scope(self, scope: ExtraScope) -> list[type[Provider]]:
        """Those that JSON may have."""
        return self.classes_for_scope(scope, include_internal=False)

    def internal_classes_for_scope(self, scope: ExtraScope) -> list[type[Provider]]:
        """Extras that templates have, but JSON does not."""
        return [
            cls
            for cls in self.classes_for_scope(scope)
            if issubclass(cls, Extra) and not cls.public
        ]

    def validate_requested(self, requested: Iterable[str], scope: ExtraScope) -> None:
        """Raises `BadRequest` for names that JSON does not have."""
        known = {cls.key() for cls in self.public_classes_for_scope(scope)}
        unknown = sorted(set(requested) - known)
        if unknown:
            raise BadRequest(f"Unknown _extra: {', '.join(unknown)}")

    async def resolve(
        self,
        requested: Iterable[str],
        context: Any,
        scope: ExtraScope,
        include_internal: bool = False,
    ) -> dict[str, Any]:
        """The values that are asked for. Names that are not there are skipped."""
        from asyncinject import Registry

        available = {cls.key() for cls in self.classes_for_scope(scope, include_internal)}
        names = [name for name in requested if name in available]
        registry = Registry()
        for cls in self.classes_for_scope(scope):
            registry.register(cls().resolve, name=cls.key())
        values = await registry.resolve_multi(names, results={"context": context})
        return {name: values[name] for name in names}


def _snake_case(name: str) -> str:
    name = re.sub(r"(?:Extra|Provider)$", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
