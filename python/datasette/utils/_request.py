"""A request, as plugins see it (API-169..178)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlunparse

from . import multipart
from ._http_errors import BadRequest, PayloadTooLarge
from ._multi_params import MultiParams

#: How large a body may be that is read as a whole, in bytes.
DEFAULT_MAX_POST_BODY_BYTES = 2 * 1024 * 1024


class RequestHeaders(dict[str, str]):
    """Headers by name in lower case; they are found in any case (API-171)."""

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(key.lower())

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and super().__contains__(key.lower())

    def get(self, key: str, default: Any = None) -> Any:
        """The header of this name."""
        return super().get(key.lower(), default)


class Request:
    """A view of an ASGI scope. Plugins may set attributes of their own on it."""

    def __init__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]] | None,
        max_post_body_bytes: int = DEFAULT_MAX_POST_BODY_BYTES,
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.max_post_body_bytes = max_post_body_bytes

    def __repr__(self) -> str:
        return f'<asgi.Request method="{self.method}" url="{self.url}">'

    @property
    def method(self) -> str:
        """The method in capitals."""
        return self.scope["method"]

    @property
    def url(self) -> str:
        """The whole address."""
        return urlunparse((self.scheme, self.host, self.path, "", self.query_string, ""))

    @property
    def url_vars(self) -> dict[str, Any]:
        """The named groups of the route, tilde-encoded as they are in the path."""
        return (self.scope.get("url_route") or {}).get("kwargs") or {}

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return self.scope.get("scheme") or "http"

    @property
    def headers(self) -> RequestHeaders:
        """The headers; of repeated ones the last."""
        return RequestHeaders(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in self.scope.get("headers") or []
        )

    @property
    def host(self) -> str:
        """The host that was asked."""
        return self.headers.get("host") or "localhost"

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        cookies: SimpleCookie = SimpleCookie()
        # A name that no cookie can have ends the list.
        with contextlib.suppress(CookieError):
            cookies.load(self.headers.get("cookie", ""))
        return {name: morsel.value for name, morsel in cookies.items()}

    @property
    def path(self) -> str:
        """The path as it was sent, not decoded and without the query string."""
        raw_path = self.scope.get("raw_path")
        if raw_path is not None:
            return raw_path.decode("latin-1").partition("?")[0]
        path = self.scope["path"]
        return path if isinstance(path, str) else path.decode("utf-8")

    @property
    def query_string(self) -> str:
        """What stands after the question mark."""
        return (self.scope.get("query_string") or b"").decode("latin-1")

    @property
    def full_path(self) -> str:
        """Path and query string."""
        query_string = self.query_string
        return f"{self.path}?{query_string}" if query_string else self.path

    @property
    def args(self) -> MultiParams:
        """The arguments of the query string, blank ones too."""
        return MultiParams(parse_qs(self.query_string, keep_blank_values=True))

    @property
    def actor(self) -> dict[str, Any] | None:
        """Who asks."""
        return self.scope.get("actor")

    async def post_body(self, max_bytes: int | None = None) -> bytes:
        """The whole body (API-173).

        `PayloadTooLarge` as soon as it is known to be more than `max_bytes`, or than
        `max_post_body_bytes` when that is not given. 0 means no limit.
        """
        limit = self.max_post_body_bytes if max_bytes is None else max_bytes
        too_large = PayloadTooLarge(f"Request body exceeded maximum size of {limit} bytes")
        if limit:
            announced = self.headers.get("content-length", "")
            if announced.isdecimal() and int(announced) > limit:
                raise too_large
        assert self.receive is not None, "this request has no body to read"
        body = bytearray()
        while True:
            message = await self.receive()
            assert message["type"] == "http.request", message
            body += message.get("body", b"")
            if limit and len(body) > limit:
                raise too_large
            if not message.get("more_body", False):
                return bytes(body)

    async def post_vars(self) -> dict[str, str]:
        """The fields of a URL-encoded form; of repeated ones the last (API-174)."""
        body = await self.post_body()
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))

    async def json(self) -> Any:
        """The body read as JSON (API-174)."""
        return json.loads(await self.post_body())

    async def form(
        self,
        files: bool = False,
        max_file_size: int = multipart.DEFAULT_MAX_FILE_SIZE,
        max_request_size: int = multipart.DEFAULT_MAX_REQUEST_SIZE,
        max_fields: int = multipart.DEFAULT_MAX_FIELDS,
        max_files: int = multipart.DEFAULT_MAX_FILES,
        max_parts: int | None = multipart.DEFAULT_MAX_PARTS,
        max_field_size: int = multipart.DEFAULT_MAX_FIELD_SIZE,
        max_memory_file_size: int = multipart.DEFAULT_MAX_MEMORY_FILE_SIZE,
        max_part_header_bytes: int = multipart.DEFAULT_MAX_PART_HEADER_BYTES,
        max_part_header_lines: int = multipart.DEFAULT_MAX_PART_HEADER_LINES,
        min_free_disk_bytes: int = multipart.DEFAULT_MIN_FREE_DISK_BYTES,
    ) -> multipart.FormData:
        """The form that was sent, either way (API-175).

        Without `files` files are skipped. Sizes are in bytes. `BadRequest` says why a form cannot be
        read or what limit it exceeds.
        """
        content_type = self.headers.get("content-type", "")
        if not content_type:
            raise BadRequest(
                "Missing Content-Type header; expected application/x-www-form-urlencoded "
                "or multipart/form-data"
            )
        assert self.receive is not None, "this request has no body to read"
        try:
            return await multipart.parse_form_data(
                self.receive,
                content_type,
                files=files,
                max_file_size=max_file_size,
                max_request_size=max_request_size,
                max_fields=max_fields,
                max_files=max_files,
                max_parts=max_parts,
                max_field_size=max_field_size,
                max_memory_file_size=max_memory_file_size,
                max_part_header_bytes=max_part_header_bytes,
                max_part_header_lines=max_part_header_lines,
                min_free_disk_bytes=min_free_disk_bytes,
            )
        except multipart.MultipartParseError as error:
            raise BadRequest(str(error)) from error

    @classmethod
    def fake(
        cls,
        path_with_query_string: str,
        method: str = "GET",
        scheme: str = "http",
        url_vars: Mapping[str, str] | None = None,
    ) -> Request:
        """A request for tests, without a body (API-178)."""
        path, _, query_string = path_with_query_string.partition("?")
        scope: dict[str, Any] = {
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path_with_query_string.encode("latin-1"),
            "query_string": query_string.encode("latin-1"),
            "scheme": scheme,
            "type": "http",
        }
        if url_vars:
            scope["url_route"] = {"kwargs": url_vars}
        return cls(scope, None)
