"""Sending answers straight through an ASGI `send` (API-190..192)."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ._files import calculate_etag, sha256_file

Send = Callable[[dict[str, Any]], Awaitable[None]]
_Path = str | os.PathLike[str]

#: What tells caches to keep an answer: its address changes with its contents.
HASHED_STATIC_CACHE_CONTROL = "max-age=31536000, immutable, public"


async def asgi_start(
    send: Send,
    status: int,
    headers: Mapping[str, str] | None = None,
    content_type: str = "text/plain",
) -> None:
    """Sends status and headers. `content_type` replaces any such header."""
    sent = {k: v for k, v in (headers or {}).items() if k.lower() != "content-type"}
    sent["content-type"] = content_type
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                [name.encode("latin1"), value.encode("latin1")] for name, value in sent.items()
            ],
        }
    )


async def asgi_send(
    send: Send,
    content: str,
    status: int,
    headers: Mapping[str, str] | None = None,
    content_type: str = "text/plain",
) -> None:
    """Sends a whole answer of text."""
    await asgi_start(send, status, headers, content_type)
    await send({"type": "http.response.body", "body": content.encode("utf-8")})


async def asgi_send_json(
    send: Send, info: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> None:
    """Sends a value as JSON."""
    content_type = "application/json; charset=utf-8"
    await asgi_send(send, json.dumps(info), status, headers, content_type)


async def asgi_send_html(
    send: Send, html: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> None:
    """Sends HTML."""
    await asgi_send(send, html, status, headers, "text/html; charset=utf-8")


async def asgi_send_redirect(send: Send, location: str, status: int = 302) -> None:
    """Sends the visitor elsewhere.

    Slashes and backslashes in front become one slash: two of them would mean another site.
    """
    location = re.sub(r"^[/\\]+", "/", location)
    await asgi_send(send, "", status, {"Location": location}, "text/html; charset=utf-8")


async def asgi_send_file(
    send: Send,
    filepath: _Path,
    filename: str | None = None,
    content_type: str | None = None,
    chunk_size: int = 4096,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Sends a file piece by piece, as a download called `filename` when that is given.

    The type is guessed from the name of the file unless it is given.
    """
    sent = dict(headers or {})
    if filename:
        sent["content-disposition"] = _attachment(filename)
    file = await asyncio.to_thread(open, filepath, "rb")
    try:
        status = await asyncio.to_thread(os.fstat, file.fileno())
        sent["content-length"] = str(status.st_size)
        guessed = content_type or guess_type(os.fspath(filepath))[0] or "text/plain"
        await asgi_start(send, 200, sent, guessed)
        more_body = True
        while more_body:
            chunk = await asyncio.to_thread(file.read, chunk_size)
            more_body = len(chunk) == chunk_size
            await send({"type": "http.response.body", "body": chunk, "more_body": more_body})
    finally:
        file.close()


def _attachment(filename: str) -> str:
    """The header for a download, also for names that a header cannot hold as they are."""
    plain = re.sub(r'["\\\r\n]', "_", filename)
    if plain == filename and filename.isascii():
        return f'attachment; filename="{filename}"'
    plain = plain.encode("ascii", errors="replace").decode("ascii")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def asgi_static(
    root_path: _Path,
    chunk_size: int = 4096,
    headers: Mapping[str, str] | None = None,
    content_type: str | None = None,
) -> Callable[[Any, Send], Awaitable[None]]:
    """A view of the files below a folder (PLUG-44..46). The route has a group called `path`."""
    root = Path(root_path)

    async def view(request: Any, send: Send) -> None:
        path = request.scope["url_route"]["kwargs"]["path"]
        sent = dict(headers or {})
        full_path = (root / path).resolve()
        if full_path.is_dir():
            return await asgi_send_html(send, "403: Directory listing is not allowed", 403)
        if not full_path.is_relative_to(root.resolve()):
            return await asgi_send_html(send, "404: Path not inside root path", 404)
        try:
            asked = request.args.get("_hash")
            if asked:
                digest = await asyncio.to_thread(sha256_file, full_path, chunk_size)
                if asked == digest[:12]:
                    sent["Cache-Control"] = HASHED_STATIC_CACHE_CONTROL
            sent["ETag"] = await calculate_etag(full_path, chunk_size)
            if request.headers.get("if-none-match") == sent["ETag"]:
                return await asgi_send(send, "", 304, sent)
            await asgi_send_file(send, full_path, chunk_size=chunk_size, headers=sent)
        except FileNotFoundError:
            await asgi_send_html(send, "404: File not found", 404)

    # Tells the server that what this view sends is the same for everybody.
    view._datasette_static = True  # type: ignore[attr-defined]
    return view


class AsgiWriter:
    """What a function that streams an answer writes to."""

    def __init__(self, send: Send) -> None:
        self.send = send

    async def write(self, chunk: str) -> None:
        """Sends a piece of text."""
        await self.send(
            {
                "type": "http.response.body",
                "body": chunk.encode("utf-8"),
                "more_body": True,
            }
        )
