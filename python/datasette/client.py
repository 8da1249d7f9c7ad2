"""`datasette.client`: asks the whole site from inside (API-114 to API-125)."""

from __future__ import annotations

import contextvars
import importlib
from typing import TYPE_CHECKING, Any

from .permissions import _skip_permission_checks
from .utils import PrefixedUrlString

if TYPE_CHECKING:
    from .app import Datasette

_in_client: contextvars.ContextVar[bool] = contextvars.ContextVar(
    "datasette_in_client", default=False
)


def in_client() -> bool:
    """Whether the running code belongs to a request of `datasette.client` (API-79)."""
    return _in_client.get()


def _httpx() -> Any:
    """The HTTP library. Imported late, because it takes long."""
    try:
        return importlib.import_module("httpx2")
    except ImportError:
        return importlib.import_module("httpx")


def _transport(client: DatasetteClient) -> Any:
    httpx = _httpx()

    class ServerTransport(httpx.AsyncBaseTransport):  # type: ignore[name-defined,misc]
        """Hands requests to the server."""

        async def handle_async_request(self, request: Any) -> Any:
            await request.aread()
            headers = [
                (name.decode("latin-1").lower(), value.decode("latin-1"))
                for name, value in request.headers.raw
            ]
            path = request.url.raw_path.decode("ascii")
            answer = await client._ask(request.method, path, headers, request.content)
            return httpx.Response(
                answer["status"], headers=answer["headers"], content=answer["body"]
            )

    return ServerTransport()


class DatasetteClient:
    """Requests to the site from inside, without a socket."""

    def __init__(self, ds: Datasette) -> None:
        self.ds = ds

    @property
    def app(self) -> Any:
        """The site as an application of ASGI."""
        return self.ds.app()

    def actor_cookie(self, actor: dict[str, Any]) -> str:
        """The cookie that signs an actor in (API-121)."""
        return self.ds.sign({"a": actor}, "actor")

    def _path(self, path: str, avoid_path_rewrites: bool) -> str:
        if not (avoid_path_rewrites or isinstance(path, PrefixedUrlString)):
            path = self.ds.urls.path(path)
        return f"http://localhost{path}" if path.startswith("/") else str(path)

    async def _ask(
        self, method: str, path: str, headers: list[tuple[str, str]], body: bytes
    ) -> dict[str, Any]:
        """Sends one request; hooks that run for it see the context variables of here (OOP-20)."""
        await self.ds._ready()
        await self.ds._settled()
        link = self.ds._link
        sender = link.senders.enter()
        question = {
            "method": method,
            "path": path,
            "headers": headers,
            "body": body,
            "skip_permission_checks": _skip_permission_checks.get(),
            "sender": sender,
        }
        try:
            return dict(await link.ask("client", question))
        finally:
            link.senders.leave(sender)

    async def request(
        self,
        method: str,
        path: str,
        skip_permission_checks: bool = False,
        *,
        avoid_path_rewrites: bool = False,
        actor: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Asks for a path with any method; keyword arguments are those of HTTPX (API-115)."""
        httpx = _httpx()
        cookies = kwargs.pop("cookies", None)
        if actor is not None:
            cookies = dict(cookies or {})
            if "ds_actor" in cookies:
                raise TypeError("Cannot pass both actor= and a ds_actor cookie")
            cookies["ds_actor"] = self.actor_cookie(actor)
        url = self._path(path, avoid_path_rewrites)
        entered = _in_client.set(True)
        skipping = _skip_permission_checks.set(True) if skip_permission_checks else None
        try:
            async with httpx.AsyncClient(transport=_transport(self), cookies=cookies) as client:
                return await client.request(method, url, **kwargs)
        finally:
            _in_client.reset(entered)
            if skipping is not None:
                _skip_permission_checks.reset(skipping)

    async def get(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """GET."""
        return await self.request("GET", path, skip_permission_checks, **kwargs)

    async def options(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """OPTIONS."""
        return await self.request("OPTIONS", path, skip_permission_checks, **kwargs)

    async def head(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """HEAD."""
        return await self.request("HEAD", path, skip_permission_checks, **kwargs)

    async def post(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """POST."""
        return await self.request("POST", path, skip_permission_checks, **kwargs)

    async def put(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """PUT."""
        return await self.request("PUT", path, skip_permission_checks, **kwargs)

    async def patch(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """PATCH."""
        return await self.request("PATCH", path, skip_permission_checks, **kwargs)

    async def delete(self, path: str, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        """DELETE."""
        return await self.request("DELETE", path, skip_permission_checks, **kwargs)
