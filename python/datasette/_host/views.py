"""Pages of plugins (HOOK-117 to HOOK-125)."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, cast

from ..utils.asgi import Response
from . import responses
from .failures import ServerError, ServerGone
from .work import called

if TYPE_CHECKING:
    from .calls import Calls

_KNOWN = ("datasette", "request", "scope", "send", "receive")


class _Exchange:
    """The body of a request and the response to it, piece by piece."""

    def __init__(self, calls: Calls, number: int, body: bytes | None) -> None:
        self.link = calls.link
        self.number = number
        self.body = body
        self.is_read = False
        self.started = False

    async def receive(self) -> dict[str, Any]:
        """The next piece of the body, as ASGI wants it."""
        if self.body is not None:
            body, self.body, self.is_read = self.body, None, True
            return {"type": "http.request", "body": body, "more_body": False}
        if self.is_read:
            # Nothing more comes but the end of the connection, which cancels this.
            await asyncio.Event().wait()
        try:
            piece = await self.link.ask("request_body", {"exchange": self.number})
        except (ServerError, ServerGone):
            return {"type": "http.disconnect"}
        self.is_read = not piece["more"]
        return {"type": "http.request", "body": piece["body"], "more_body": piece["more"]}

    async def send(self, message: dict[str, Any]) -> None:
        """Sends a piece of the response, as ASGI gives it."""
        if message["type"] == "http.response.start":
            self.started = True
            head = {
                "exchange": self.number,
                "status": message["status"],
                "headers": responses.decoded(message.get("headers", ())),
            }
            await self.link.ask("response_start", head)
        elif message["type"] == "http.response.body":
            part = {
                "exchange": self.number,
                "body": message.get("body", b""),
                "more": bool(message.get("more_body", False)),
            }
            await self.link.ask("response_body", part)


async def call(calls: Calls, params: dict[str, Any]) -> Any:
    """Answers a request with the page of that number."""
    route = calls.registry.routes[params["id"]]
    exchange = _Exchange(calls, params["exchange"], params["body"])
    request = calls.requests.of(params["request"])
    assert request is not None
    request.receive = exchange.receive
    _place(calls, request, route.names)
    given = {
        "datasette": calls.datasette,
        "request": request,
        "scope": request.scope,
        "send": exchange.send,
        "receive": exchange.receive,
    }
    view: Any = route.view
    if inspect.isclass(view):
        view = cast(Any, view()).__call__
    response = _called(route.plugin, view, given)
    if asyncio.iscoroutine(response):
        response = await response
    if response is None:
        return "sent" if exchange.started else "nothing"
    if isinstance(response, Response):
        return {"response": await responses.whole(response)}
    if not hasattr(response, "asgi_send"):
        raise AssertionError(f"{response!r} should have an asgi_send() method")
    await response.asgi_send(exchange.send)
    return "sent"


def _place(calls: Calls, request: Any, names: tuple[str, ...]) -> None:
    """Where the request is, as views know it (HOOK-116, HOOK-125): parts of the path that are not
    there are None, and below a prefix the path without it is told, too."""
    found = request.scope["url_route"]["kwargs"]
    request.scope["url_route"] = {"kwargs": {name: found.get(name) for name in names}}
    base, path = calls.datasette.setting("base_url"), request.scope["raw_path"].decode("latin-1")
    if base != "/" and path.startswith(base):
        request.scope["route_path"] = "/" + path[len(base) :]


def _called(plugin: str, view: Any, given: dict[str, Any]) -> Any:
    names = [name for name in inspect.signature(view).parameters if name != "self"]
    unknown = [name for name in names if name not in _KNOWN]
    if unknown:
        raise TypeError(f"view function has parameters that are not known: {', '.join(unknown)}")
    return called(plugin, view, *(given[name] for name in names))
