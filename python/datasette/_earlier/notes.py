"""Tells in the log that a plugin uses what Datasette removed: once per plugin and name."""

from __future__ import annotations

import sys
from types import ModuleType

from .._host.output import current_plugin

_told: set[tuple[str | None, str]] = set()


def note(name: str, instead: str, plugin: str | None = None) -> None:
    """Tells of the use of a name. Without `plugin` it is the one whose code is running."""
    plugin = plugin or current_plugin.get() or _calling()
    if (plugin, name) in _told:
        return
    _told.add((plugin, name))
    before = current_plugin.set(plugin)
    try:
        print(f"deprecated: {name} was removed from Datasette. {instead}", file=sys.stderr)
    finally:
        current_plugin.reset(before)


def _calling() -> str | None:
    """The plugin whose module is the nearest to call us: tasks run outside of the server's calls."""
    from ..plugins import pm

    plugins = {
        plugin.__name__.split(".")[0]: name
        for name, plugin in pm.list_name_plugin()
        if isinstance(plugin, ModuleType)
    }
    frame = sys._getframe(1)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", "")).split(".")[0]
        if name in plugins:
            return plugins[name]
        frame = frame.f_back  # type: ignore[assignment]
    return None
