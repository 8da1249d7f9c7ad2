"""No page of another site may make a visitor's browser change something (API-18).

The server does this for its own requests; this is the same for ASGI applications of plugins.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from .utils.asgi import asgi_send

#: Methods that change nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class CrossOriginProtectionMiddleware:
    """Refuses requests that browsers send for other sites, by what the browser says about them."""

    SAFE_METHODS = SAFE_METHODS

    def __init__(self, app: Any, datasette: Any) -> None:
        self.app = app
        self.datasette = datasette

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Passes the request on, or answers with 403."""
        if scope["type"] == "http":
            _add_token(scope)
            reason = self._refusal(scope)
            if reason is not None:
                page = await self.datasette.render_template("csrf_error.html", {"reason": reason})
                await asgi_send(send, page, 403, content_type="text/html; charset=utf-8")
                return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Any) -> str | None:
        """Why the request is refused."""
        if scope.get("method", "GET") in self.SAFE_METHODS:
            return None
        headers = {_text(name).lower(): _text(value) for name, value in scope.get("headers") or []}
        scheme = headers.get("authorization", "").split(None, 1)[:1]
        # A browser sends no bearer token by itself, but it does send cookies.
        if scheme and scheme[0].lower() == "bearer" and not headers.get("cookie"):
            return None
        site = headers.get("sec-fetch-site")
        if site is not None:
            if site in ("same-origin", "none"):
                return None
            return f"Sec-Fetch-Site was {site!r}, expected 'same-origin' or 'none'"
        origin = headers.get("origin")
        if not origin:
            # No browser.
            return None
        host = headers.get("host", "")
        try:
            is_same = _origin(origin) == _origin(f"{self._scheme(scope)}://{host}")
        except ValueError:
            return f"Malformed Origin {origin!r} or Host {host!r}"
        return None if is_same else f"Origin {origin!r} does not match Host {host!r}"

    def _scheme(self, scope: Any) -> str:
        if self.datasette is not None and self.datasette.setting("force_https_urls"):
            return "https"
        return scope.get("scheme") or "http"


def _origin(text: str) -> tuple[str, str, int]:
    """Scheme, host and port, or `ValueError`."""
    parts = urlsplit(text)
    host = (parts.hostname or "").lower()
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    if not parts.scheme or not host or port is None:
        raise ValueError(text)
    return parts.scheme, host, port


def _add_token(scope: Any) -> None:
    """Gives templates of old plugins the token that they put into forms. Nobody looks at it."""

    def csrftoken() -> str:
        return scope.setdefault("_datasette_legacy_csrftoken", secrets.token_urlsafe(32))

    scope["csrftoken"] = csrftoken


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
