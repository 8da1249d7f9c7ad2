"""Responses of plugins on their way to the server."""

from __future__ import annotations

from typing import Any


async def whole(response: Any) -> dict[str, Any]:
    """The whole response of anything that can be sent (HOOK-120)."""
    messages: list[dict[str, Any]] = []

    async def keep(message: dict[str, Any]) -> None:
        messages.append(message)

    await response.asgi_send(keep)
    status = 200
    headers: list[tuple[str, str]] = []
    body = bytearray()
    for message in messages:
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = decoded(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")
    return {"status": status, "headers": headers, "body": bytes(body)}


def decoded(headers: Any) -> list[tuple[str, str]]:
    """Headers of ASGI as text."""
    return [(_text(name).lower(), _text(value)) for name, value in headers]


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, (bytes, bytearray)) else str(value)
