"""The site as an application of ASGI (API-113)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote


class Application:
    """Hands requests to the server, which has everything around them: wrappers, rights, errors."""

    def __init__(self, ds: Any) -> None:
        self.ds = ds

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request, or follows the life of a server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        assert scope["type"] == "http", f"{scope['type']} is not supported"
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        answer = await self.ds.client._ask(
            scope["method"],
            _target(scope),
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
            bytes(body),
        )
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer["headers"]
        ]
        start = {"type": "http.response.start", "status": answer["status"], "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": answer["body"]})

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.ds._ready()
                except Exception as error:  # noqa: BLE001 - the server tells it
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.ds.invoke_shutdown()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _target(scope: Any) -> str:
    raw = scope.get("raw_path")
    path = raw.decode("latin-1").partition("?")[0] if raw else quote(scope["path"])
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path
