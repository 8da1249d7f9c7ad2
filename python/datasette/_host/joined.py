"""Hooks that pluggy calls, because something stands around their implementations (PLUG-64, PLUG-70),
or because its calls are traced (PLUG-80)."""

from __future__ import annotations

import os
from typing import Any

from ..plugins import comes_after_installed, pm
from ..utils import await_me_maybe
from .implementation import Implementation


def implementation(hook: str, inside: list[Implementation]) -> Implementation | None:
    """All implementations of a hook as one, with one place; None where each goes for itself."""
    caller = getattr(pm.hook, hook)
    around = [one for one in caller.get_hookimpls() if one.hookwrapper or one.wrapper]
    if not around and not (inside and os.environ.get("DATASETTE_TRACE_PLUGINS")):
        return None
    names = tuple(caller.spec.argnames)
    files = any(one.origin == "files" for one in inside)
    files = files or any(comes_after_installed(one.plugin) for one in around)

    async def first_shown(*given: Any) -> Any:
        for answer in caller(**dict(zip(names, given, strict=True))):
            shown = await await_me_maybe(answer)
            if shown is not None:
                return shown
        return None

    async def in_turn(*given: Any) -> None:
        for answer in caller(**dict(zip(names, given, strict=True))):
            await await_me_maybe(answer)

    def together(*given: Any) -> Any:
        return caller(**dict(zip(names, given, strict=True)))

    functions = {"render_cell": first_shown, "startup": in_turn}
    return Implementation(
        plugin=inside[0].plugin if inside else around[-1].plugin_name,
        origin="files" if files else "installed",
        rank="normal",
        hook=hook,
        function=functions.get(hook, together),
        names=names,
        raw=None,
    )
