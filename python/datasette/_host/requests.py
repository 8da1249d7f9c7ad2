"""Requests as plugins see them: for one request, the same object each time (OOP-13)."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..utils.asgi import Request
from . import headers

if TYPE_CHECKING:
    from .link import Link

MOST = 2_000
"""Requests that are remembered. Attributes that plugins set on older ones are lost."""


def arriving(info: dict[str, Any]) -> dict[str, Any]:
    """The ASGI scope of a request as it arrived."""
    path = info["path"]
    name, _, port = info["host"].rpartition(":")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": (name, int(port)) if name and port.isdigit() else (info["host"], None),
        "client": (info["client"], info.get("port", 0)) if info.get("client") else None,
        "scheme": info["scheme"],
        "method": info["method"],
        "root_path": "",
        "path": unquote(path),
        "raw_path": path.encode("utf-8"),
        "query_string": info["query_string"].encode("utf-8"),
        "headers": headers.as_bytes(info["headers"]),
        "state": {},
    }


def scope_of(info: dict[str, Any], outer: dict[str, Any] | None = None) -> dict[str, Any]:
    """The ASGI scope of a request inside: that of what stands around the server, if anything
    does, with what the server found out."""
    token = secrets.token_urlsafe(32)
    scope = arriving(info) if outer is None else dict(outer, scheme=info["scheme"])
    scope.setdefault("csrftoken", lambda: token)
    if info.get("actor") is not None:
        scope["actor"] = info["actor"]
    scope.setdefault("actor", None)
    scope["url_route"] = {"kwargs": dict(info["url_vars"])}
    return scope


class Requests:
    """The requests that the server speaks of."""

    link: Link

    def __init__(self) -> None:
        self.inside: dict[int, tuple[dict[str, Any], Any]] = {}
        """Those that plugins around the server sent inside: scope and `receive`, by number."""
        self._known: OrderedDict[int, Request] = OrderedDict()

    def of(self, info: dict[str, Any] | None) -> Request | None:
        """The request of that description; None outside of one."""
        if info is None:
            return None
        number = info["id"]
        request = self._known.get(number)
        if request is None:
            outer = self.inside.get(info.get("outer") or 0)
            scope = scope_of(info, outer[0] if outer else None)
            request = Request(scope, outer[1] if outer else _no_body)
            request._info = info  # type: ignore[attr-defined]
            self.know(number, request)
            return request
        # What the server finds out on the way: who asks, and what the path names.
        if info.get("actor") is not None:
            request.scope["actor"] = info["actor"]
        if info["url_vars"]:
            request.scope["url_route"] = {"kwargs": dict(info["url_vars"])}
        if info_of(request) is not None:
            request._info = info  # type: ignore[attr-defined]
        return request

    def know(self, number: int, request: Request) -> None:
        """Remembers the request that the server calls by that number."""
        self._known[number] = request
        while len(self._known) > MOST:
            self._known.popitem(last=False)


async def _no_body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def info_of(request: Any) -> dict[str, Any] | None:
    """The description by which the server knows a request; None for none and for made-up ones."""
    return getattr(request, "_info", None)
