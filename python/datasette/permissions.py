"""What can be permitted, on what, and by which rules (API-205..211)."""

from __future__ import annotations

import contextvars
import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, NamedTuple

# Whether checks succeed without being made. The server is told with each call.
_skip_permission_checks: contextvars.ContextVar[bool] = contextvars.ContextVar(
    "skip_permission_checks", default=False
)

_ASCII_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
# Reasons of rules are parameters; each has a name of its own.
_reason_numbers = itertools.count(1)


class SkipPermissions:
    """`with SkipPermissions():` makes all permission checks inside succeed (API-211). Not stable."""

    def __enter__(self) -> SkipPermissions:
        self.token = _skip_permission_checks.set(True)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> Literal[False]:
        _skip_permission_checks.reset(self.token)
        return False


class Resource(ABC):
    """What an action is permitted on: the class is the kind, an instance is one of them (API-206).

    A kind is either top-level or below one that is; deeper hierarchies raise `ValueError` when the
    class is defined.
    """

    #: What the kind is called, such as `table`.
    name: str | None = None
    #: The kind that contains this one, None for a top-level kind.
    parent_class: type[Resource] | None = None
    #: Whether names of children are the same in upper and lower case; only for ASCII letters.
    case_insensitive_child: bool = False
    #: Why it is allowed, where that was asked for.
    reasons: list[str] | None = None
    include_reasons: bool | None = None
    _private: bool | None = None

    def __init__(self, parent: str | None = None, child: str | None = None) -> None:
        self.parent = parent
        self.child = child

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        parent = cls.parent_class
        if parent is not None and parent.parent_class is not None:
            raise ValueError(
                f"Resource {cls.__name__} creates a 3-level hierarchy: "
                f"{parent.parent_class.__name__} -> {parent.__name__} -> {cls.__name__}. "
                "Maximum 2 levels allowed (parent -> child)."
            )

    def __str__(self) -> str:
        return "/".join(str(part) for part in (self.parent, self.child) if part is not None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(parent={self.parent!r}, child={self.child!r})"

    @property
    def private(self) -> bool:
        """Whether somebody without an actor could not see it; only where that was asked for."""
        if self._private is None:
            raise AttributeError(
                "The 'private' attribute is only available when using "
                "allowed_resources(..., include_is_private=True)"
            )
        return self._private

    @private.setter
    def private(self, value: bool) -> None:
        self._private = value

    @classmethod
    def normalize_child(cls, child: str | None) -> str | None:
        """The name of a child in the form in which names are compared."""
        if child is not None and cls.case_insensitive_child:
            return child.translate(_ASCII_LOWER)
        return child

    @classmethod
    @abstractmethod
    async def resources_sql(cls, datasette: Any, actor: Any = None) -> str:
        """SQL over the internal database with the columns `parent` and `child` (HOOK-101)."""


class AllowedResource(NamedTuple):
    """A resource and why it is allowed."""

    resource: Resource
    reason: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that can be permitted (API-205). Without a `resource_class` it is global."""

    name: str
    description: str | None
    #: The short name that tokens use.
    abbr: str | None = None
    resource_class: type[Resource] | None = None
    #: The name of an action that has to be allowed as well.
    also_requires: str | None = None

    @property
    def takes_parent(self) -> bool:
        """Whether it is permitted on something."""
        return self.resource_class is not None

    @property
    def takes_child(self) -> bool:
        """Whether what it is permitted on is inside of something."""
        return self.resource_class is not None and self.resource_class.parent_class is not None

    def normalize_child(self, child: str | None) -> str | None:
        """The name of a child in the form in which names are compared."""
        if self.resource_class is None:
            return child
        return self.resource_class.normalize_child(child)


@dataclass
class PermissionSQL:
    """Rules as SQL over the internal database (API-209).

    `sql` yields `parent`, `child`, `allow` (1 or 0) and `reason`; null for a name means all of them.
    `restriction_sql` yields `parent` and `child`: nothing else is allowed, whatever rules say.
    """

    sql: str | None = None
    params: dict[str, Any] | None = None
    #: Whose rules these are; the server fills in the name of the plugin.
    source: str | None = None
    restriction_sql: str | None = None

    @classmethod
    def allow(cls, reason: str, _allow: bool = True) -> PermissionSQL:
        """The rule that allows everything."""
        parameter = f"reason_{next(_reason_numbers)}"
        return cls(
            sql="SELECT NULL AS parent, NULL AS child, "
            f"{int(_allow)} AS allow, :{parameter} AS reason",
            params={parameter: reason},
        )

    @classmethod
    def deny(cls, reason: str) -> PermissionSQL:
        """The rule that denies everything."""
        return cls.allow(reason, _allow=False)


@dataclass
class Permission:
    """What `Action` replaced; only here so that old imports work (API-210)."""

    name: str
    abbr: str | None
    description: str | None
    takes_database: bool
    takes_resource: bool
    default: bool
    implies_can_view: bool = False
