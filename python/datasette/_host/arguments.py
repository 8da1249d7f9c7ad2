"""The arguments of hooks, from what the server sends to what plugins expect (PLUG-66)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .exceptions import exception_of
from .rows import row

if TYPE_CHECKING:
    from .calls import Calls

_NAMES = (
    "template",
    "database",
    "table",
    "view",
    "columns",
    "view_name",
    "query_name",
    "sql",
    "params",
    "action",
    "message",
    "actor_ids",
)


def arguments_of(
    calls: Calls, hook: str, sent: dict[str, Any], request: Any, actor: Any
) -> dict[str, Any]:
    """All arguments that implementations of the hook may name."""
    given: dict[str, Any] = {name: sent.get(name) for name in _NAMES}
    given["datasette"] = calls.datasette
    given["request"] = request
    given["actor"] = actor
    if sent.get("row") is not None:
        given["row"] = row(sent["row"])
    if hook == "track_event":
        given["event"] = calls.datasette._event_of(sent["event"])
    if hook == "prepare_jinja2_environment":
        given["env"] = calls.datasette._jinja_env
    if hook == "handle_exception":
        given["exception"] = exception_of(sent, request)
    return given
