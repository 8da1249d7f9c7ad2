"""What plugins put around the server: the whole request as ASGI, the server as the inner
application (HOOK-15 to HOOK-21)."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..plugins import pm
from . import headers
from .failures import ServerError, ServerGone
from .lifespan import Lifespan
from .output import current_plugin
from .requests import arriving
from .work import Noted

if TYPE_CHECKING:
    from ..app import Datasette
    from .calls import Calls
    from .link import Link

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_exchange: contextvars.ContextVar[Exchange | None] = contextvars.ContextVar(
    "datasette_exchange", default=None
)
"""The request of the server that the running code answers."""

_URL = "/:@!$&'()*+,;=~-._%"


def around(datasette: Datasette, server: Application) -> Application:
    """The server with what plugins put around it; they are asked each time (HOOK-21)."""
    application = server
    for wrapper in pm.hook.asgi_wrapper(datasette=datasette):
        application = wrapper(application)
    return application


class Exchange:
    """A request from outside and the response to it."""

    def __init__(self, link: Link, number: int, body: bytes | None) -> None:
        self.link = link
        self.number = number
        self.closed = asyncio.Event()
        """Set when the client has gone, or has all of the response."""
        self.outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        """The whole response, or that it was sent piece by piece."""
        self._body = body
        self._is_read = False
        self._head: dict[str, Any] | None = None
        self._sending: asyncio.Task[Any] | None = None
        self.is_complete = False

    @property
    def is_untouched(self) -> bool:
        """Whether no body has to be asked for."""
        return self._body == b""

    async def receive(self) -> dict[str, Any]:
        """The next message about the request."""
        if self._body is not None and not self._is_read:
            self._is_read = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        if self._is_read or self.closed.is_set():
            await self.closed.wait()
            return {"type": "http.disconnect"}
        try:
            piece = await self.link.ask("request_body", {"exchange": self.number})
        except (ServerError, ServerGone):
            self._is_read = True
            return {"type": "http.disconnect"}
        self._is_read = not piece["more"]
        return {"type": "http.request", "body": piece["body"], "more_body": piece["more"]}

    async def send(self, message: dict[str, Any]) -> None:
        """Takes a message of the response."""
        if self.closed.is_set() and not self.is_complete:
            return
        kind = message["type"]
        if self._head is None:
            if kind != "http.response.start":
                raise RuntimeError(
                    f"Expected ASGI message 'http.response.start', but got '{kind}'."
                )
            self._head = {
                "status": message["status"],
                "headers": headers.as_text(message.get("headers", ())),
            }
            # What has no body yet is not kept from the client.
            asyncio.get_running_loop().call_soon(self._begin)
            return
        if self.is_complete or kind != "http.response.body":
            raise RuntimeError(f"Unexpected ASGI message '{kind}'.")
        body = message.get("body", b"")
        more = bool(message.get("more_body", False))
        self.is_complete = not more
        if self._sending is None and not more:
            self._settle({"response": {**self._head, "body": bytes(body)}})
            self.closed.set()
            return
        self._begin()
        assert self._sending is not None
        await self._ask(self._sending)
        await self._ask(
            self.link.ask("response_body", {"exchange": self.number, "body": body, "more": more})
        )
        if not more:
            self._settle("sent")
            self.closed.set()

    def _begin(self) -> None:
        if self._sending is None and not self.is_complete and not self.closed.is_set():
            head = {"exchange": self.number, **(self._head or {})}
            self._sending = asyncio.ensure_future(self.link.ask("response_start", head))
            self._sending.add_done_callback(_looked_at)

    async def _ask(self, question: Awaitable[Any]) -> None:
        try:
            await question
        except (ServerError, ServerGone):
            self.closed.set()

    def _settle(self, outcome: Any) -> None:
        if not self.outcome.done():
            self.outcome.set_result(outcome)

    async def run(self, application: Application, scope: Scope) -> None:
        """Answers the request with that application."""
        _exchange.set(self)
        try:
            await application(scope, self.receive, self.send)
        except Exception as error:  # noqa: BLE001 - plugins raise anything
            self._failed(error)
            return
        if self._head is None:
            self._failed(RuntimeError("ASGI callable returned without starting response."))
        elif not self.is_complete:
            self._failed(RuntimeError("ASGI callable returned without completing response."))

    def _failed(self, error: Exception) -> None:
        if not self.outcome.done():
            self.outcome.set_exception(error)
            # Nobody may be there to take it.
            self.outcome.exception()
        elif self.is_complete:
            print("Exception in ASGI application", file=sys.stderr)
            traceback.print_exception(type(error), error, error.__traceback__)


def _looked_at(task: asyncio.Future[Any]) -> None:
    if not task.cancelled():
        task.exception()


class Wrapping:
    """The server's application, with plugins around it."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._application: Application | None = None
        self._numbers = itertools.count(1)
        self._running: set[asyncio.Task[None]] = set()
        self._plugin: str | None = None
        self.inside: dict[int, tuple[Scope, Receive]] = {}
        """Requests that were sent inside, by number."""
        self.lifespan = Lifespan()

    def application(self) -> Application:
        """The application, made when it is first needed."""
        if self._application is None:
            names = [one.plugin_name for one in pm.hook.asgi_wrapper.get_hookimpls()]
            self._plugin = names[0] if len(names) == 1 else "asgi_wrapper"
            current_plugin.set(self._plugin)
            self._application = around(self._calls.datasette, self._server)
        return self._application

    async def launch(self, serving: bool) -> None:
        """Makes the application; where the site is served, it is told that it starts."""
        if not pm.hook.asgi_wrapper.get_hookimpls():
            return
        application = self.application()
        if serving:
            await self.lifespan.start(application)

    async def answer(self, params: dict[str, Any]) -> Any:
        """Answers a request from outside."""
        application = self.application()
        exchange = Exchange(self._calls.link, params["exchange"], params["body"])
        scope = arriving(params["request"])
        scope["state"] = self.lifespan.state.copy()
        current_plugin.set(self._plugin)
        # The application may go on after its response, and when the client has gone.
        work = Noted(self._plugin or "", exchange.run(application, scope))
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await exchange.outcome
        except asyncio.CancelledError:
            exchange.closed.set()
            raise

    async def _server(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "lifespan":
            await self.lifespan.serve(receive, send)
            return
        if kind != "http":
            raise RuntimeError(f"The server answers no requests of type '{kind}'.")
        exchange = _exchange.get()
        if exchange is None:
            raise RuntimeError("The server was called outside of a request.")
        link = self._calls.link
        number = next(self._numbers)
        self.inside[number] = (scope, receive)
        which = {"exchange": exchange.number, "number": number}
        try:
            answer = await link.ask(
                "inside", {**which, "head": head_of(scope), "body": _source(exchange, receive)}
            )
            await send(
                {
                    "type": "http.response.start",
                    "status": answer["status"],
                    "headers": headers.as_bytes(answer["headers"]),
                }
            )
            while answer["more"]:
                if answer["body"]:
                    await send(
                        {"type": "http.response.body", "body": answer["body"], "more_body": True}
                    )
                if exchange.closed.is_set():
                    answer = {"body": b"", "more": False}
                    break
                answer = await link.ask("inside_body", which)
            await send({"type": "http.response.body", "body": answer["body"], "more_body": False})
        finally:
            del self.inside[number]

    async def receive_inside(self, number: int) -> dict[str, Any]:
        """The next piece of the body of a request that was sent inside."""
        sent = self.inside.get(number)
        if sent is None:
            raise ServerGone("the request is over")
        message = await sent[1]()
        if message["type"] != "http.request":
            raise ServerGone("the client has gone")
        return {"body": message.get("body", b""), "more": bool(message.get("more_body", False))}


def _source(exchange: Exchange, receive: Receive) -> str:
    if receive == exchange.receive:
        return "empty" if exchange.is_untouched else "same"
    return "asked"


def head_of(scope: Scope) -> dict[str, Any]:
    """What the server is told about a request: routes go by `raw_path` first (HOOK-20)."""
    raw_path = scope.get("raw_path")
    path = raw_path.decode("utf-8", "replace") if raw_path else scope["path"]
    client = scope.get("client")
    return {
        "method": scope["method"],
        "scheme": scope.get("scheme") or "http",
        "path": quote(path.partition("?")[0], safe=_URL),
        "query_string": quote(scope.get("query_string") or b"", safe=_URL + "?/"),
        "headers": headers.as_text(scope["headers"]),
        "client": client[0] if client else None,
        "port": (client[1] or 0) if client else 0,
        "actor": scope.get("actor") or None,
    }


async def call(calls: Calls, params: dict[str, Any]) -> Any:
    """Answers a request from outside."""
    return await calls.wrapping.answer(params)


async def inside_request(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    """The server reads the body of a request that was sent inside."""
    return await calls.wrapping.receive_inside(params["number"])


async def launch(calls: Calls, params: dict[str, Any]) -> None:
    """All plugins have started."""
    await calls.wrapping.launch(params["serving"])


async def land(calls: Calls, _params: Any) -> None:
    """The server stops, and plugins are about to be told."""
    await calls.wrapping.lifespan.land()
