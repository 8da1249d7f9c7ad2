"""ASGI applications around another one, for what has to run before requests and after them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

_App = Callable[[Any, Any, Any], Awaitable[Any]]
_Hook = Callable[[], Awaitable[Any]]


class AsgiLifespan:
    """Answers the lifespan protocol by awaiting functions; all else goes to the application."""

    def __init__(
        self,
        app: _App,
        on_startup: Sequence[_Hook] | _Hook | None = None,
        on_shutdown: Sequence[_Hook] | _Hook | None = None,
    ) -> None:
        self.app = app
        self.on_startup = _as_list(on_startup)
        self.on_shutdown = _as_list(on_shutdown)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        hooks = {
            "lifespan.startup": self.on_startup,
            "lifespan.shutdown": self.on_shutdown,
        }
        while True:
            kind = (await receive())["type"]
            if kind not in hooks:
                continue
            try:
                for hook in hooks[kind]:
                    await hook()
            except Exception as error:  # noqa: BLE001 - the server wants to know of any
                await send({"type": f"{kind}.failed", "message": str(error)})
                return
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return


class AsgiRunOnFirstRequest:
    """Awaits functions before the first request, for servers without the lifespan protocol.

    Requests that come meanwhile wait. When a function raises, the next request tries again.
    """

    def __init__(self, asgi: _App, on_startup: list[_Hook]) -> None:
        assert isinstance(on_startup, list)
        self.asgi = asgi
        self.on_startup = on_startup
        self._started = False
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        if scope["type"] != "lifespan" and not self._started:
            async with self._lock:
                if not self._started:
                    for hook in self.on_startup:
                        await hook()
                    self._started = True
        return await self.asgi(scope, receive, send)


def _as_list(hooks: Sequence[_Hook] | _Hook | None) -> list[_Hook]:
    if hooks is None:
        return []
    return [hooks] if callable(hooks) else list(hooks)
