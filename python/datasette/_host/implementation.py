"""Implementations of hooks, and their places in the order of calls (PLUG-67)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ..plugins import comes_after_installed, pm


@dataclasses.dataclass
class Implementation:
    """A plugin's implementation of a hook."""

    plugin: str
    origin: str
    rank: str
    hook: str
    function: Callable[..., Any]
    names: tuple[str, ...]
    raw: Any

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in the order of calls: origin and rank."""
        return (self.origin, self.rank)


def _rank(implementation: Any) -> str:
    if implementation.tryfirst:
        return "first"
    return "last" if implementation.trylast else "normal"


def implementations(hook: str) -> list[Implementation]:
    """The implementations of a hook in call order, wrappers left out."""
    found = []
    for one in reversed(getattr(pm.hook, hook).get_hookimpls()):
        if one.hookwrapper or one.wrapper:
            continue
        found.append(implementation_of(one, hook))
    return found


def implementation_of(one: Any, hook: str) -> Implementation:
    """What pluggy knows of an implementation."""
    return Implementation(
        plugin=one.plugin_name,
        origin="files" if comes_after_installed(one.plugin) else "installed",
        rank=_rank(one),
        hook=hook,
        function=one.function,
        names=tuple(one.argnames),
        raw=one,
    )
