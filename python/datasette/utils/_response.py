"""Answers that a view returns (API-184..191)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any

from ._http import error_body
from ._sending import AsgiWriter, Send, _Path, asgi_send_file

#: What `samesite` of a cookie may be.
SAMESITE_VALUES = ("strict", "lax", "none")


class Response:
    """An answer. All attributes may be assigned."""

    def __init__(
        self,
        body: str | bytes | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
        content_type: str = "text/plain",
    ) -> None:
        self.body = body
        self.status = status
        self.headers = headers or {}
        self.content_type = content_type
        self._set_cookie_headers: list[str] = []

    async def asgi_send(self, send: Send) -> None:
        """Sends it (API-189)."""
        sent = {**self.headers, "content-type": self.content_type}
        headers = [[name.encode(), value.encode()] for name, value in sent.items()]
        headers += [[b"set-cookie", line.encode()] for line in self._set_cookie_headers]
        body = self.body if self.body is not None else b""
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        await send(start)
        await send(
            {
                "type": "http.response.body",
                "body": body if isinstance(body, bytes) else body.encode("utf-8"),
            }
        )

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: int | None = None,
        expires: int | str | None = None,
        path: str = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: str = "lax",
    ) -> None:
        """Adds a cookie (API-187). A number for `expires` is in seconds from now."""
        assert samesite in SAMESITE_VALUES, f"samesite should be one of {SAMESITE_VALUES}"
        cookie: SimpleCookie = SimpleCookie()
        cookie[key] = value
        attributes: dict[str, Any] = {
            "max-age": max_age,
            "expires": expires,
            "path": path,
            "domain": domain,
            "samesite": samesite,
            "secure": secure or None,
            "httponly": httponly or None,
        }
        for name, setting in attributes.items():
            if setting is not None:
                cookie[key][name] = setting
        self._set_cookie_headers.append(cookie[key].OutputString())

    @classmethod
    def html(cls, body: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """A page."""
        return cls(body, status, headers, "text/html; charset=utf-8")

    @classmethod
    def text(cls, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """Plain text: `str(body)`."""
        return cls(str(body), status, headers, "text/plain; charset=utf-8")

    @classmethod
    def json(
        cls,
        body: Any,
        status: int = 200,
        headers: dict[str, str] | None = None,
        default: Callable[[Any], Any] | None = None,
    ) -> Response:
        """A value as JSON; `default` is asked for what JSON does not know."""
        text = json.dumps(body, default=default)
        return cls(text, status, headers, "application/json; charset=utf-8")

    @classmethod
    def error(
        cls, messages: Any, status: int = 400, headers: dict[str, str] | None = None
    ) -> Response:
        """An error as JSON, of one message or several (API-186)."""
        return cls.json(error_body(messages, status), status, headers)

    @classmethod
    def redirect(
        cls, path: str, status: int = 302, headers: dict[str, str] | None = None
    ) -> Response:
        """Sends the visitor elsewhere."""
        return cls("", status, {**(headers or {}), "Location": path})


class AsgiFileDownload:
    """A file, as a download when it is given a `filename` (API-190)."""

    def __init__(
        self,
        filepath: _Path,
        filename: str | None = None,
        content_type: str = "application/octet-stream",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.headers = headers or {}
        self.filepath = filepath
        self.filename = filename
        self.content_type = content_type

    async def asgi_send(self, send: Send) -> None:
        """Sends it piece by piece."""
        await asgi_send_file(
            send,
            self.filepath,
            filename=self.filename,
            content_type=self.content_type,
            headers=self.headers,
        )


class AsgiStream:
    """An answer that `stream_fn` writes while it is sent (API-191)."""

    def __init__(
        self,
        stream_fn: Callable[[AsgiWriter], Awaitable[Any]],
        status: int = 200,
        headers: dict[str, str] | None = None,
        content_type: str = "text/plain",
    ) -> None:
        self.stream_fn = stream_fn
        self.status = status
        self.headers = headers or {}
        self.content_type = content_type

    async def asgi_send(self, send: Send) -> None:
        """Sends status and headers, lets the function write, and ends the answer."""
        sent = {k: v for k, v in self.headers.items() if k.lower() != "content-type"}
        sent["content-type"] = self.content_type
        headers = [[name.encode(), value.encode()] for name, value in sent.items()]
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        await send(start)
        await self.stream_fn(AsgiWriter(send))
        await send({"type": "http.response.body", "body": b""})
