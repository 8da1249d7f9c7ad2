"""Requests as plugins see them: for one request, the same object each time (OOP-13)."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..utils.asgi import Request

if TYPE_CHECKING:
    from .link import Link

MOST = 2_000
"""Requests that are remembered. Attributes that plugins set on older ones are lost."""


def scope_of(info: dict[str, Any]) -> dict[str, Any]:
    """The ASGI scope of a request."""
    path = info["path"]
    headers = [
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in info["headers"]
    ]
    token = secrets.token_urlsafe(32)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": info["method"],
        "scheme": info["scheme"],
        "path": unquote(path),
        "raw_path": path.encode("latin-1", "replace"),
        "root_path": "",
        "query_string": info["query_string"].encode("latin-1", "replace"),
        "headers": headers,
        "client": (info["client"], 0) if info.get("client") else None,
        "server": None,
        "csrftoken": lambda: token,
        "actor": info.get("actor"),
    }
    if info["url_vars"]:
        scope["url_route"] = {"kwargs": dict(info["url_vars"])}
    return scope


class Requests:
    """The requests that the server speaks of."""

    link: Link

    def __init__(self) -> None:
        self._known: OrderedDict[int, Request] = OrderedDict()

    def of(self, info: dict[str, Any] | None) -> Request | None:
        """The request of that description; None outside of one."""
        if info is None:
            return None
        number = info["id"]
        request = self._known.get(number)
        if request is None:
            request = Request(scope_of(info), _no_body)
            request._info = info  # type: ignore[attr-defined]
            self._known[number] = request
            while len(self._known) > MOST:
                self._known.popitem(last=False)
            return request
        # What the server finds out on the way: who asks, and what the path names.
        if info.get("actor") is not None:
            request.scope["actor"] = info["actor"]
        if info["url_vars"]:
            request.scope["url_route"] = {"kwargs": dict(info["url_vars"])}
        request._info = info  # type: ignore[attr-defined]
        return request


async def _no_body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def info_of(request: Any) -> dict[str, Any] | None:
    """The description by which the server knows a request; None for none and for made-up ones."""
    return getattr(request, "_info", None)
