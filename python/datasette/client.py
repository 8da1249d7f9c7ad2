"""`datasette.client`: asks the whole site from inside (API-114 to API-125)."""

from __future__ import annotations

import contextvars
import importlib
from typing import TYPE_CHECKING, Any

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
        return importlib.import_module("httpx")
    except ImportError:
        return importlib.import_module("httpx2")


def _transport(ds: Datasette, skip_permission_checks: bool) -> Any:
    httpx = _httpx()

    class ServerTransport(httpx.AsyncBaseTransport):  # type: ignore[name-defined,misc]
        """Hands requests to the server."""

        async def handle_async_request(self, request: Any) -> Any:
            await request.aread()
            answer = await ds._link.ask(
                "client",
                {
                    "method": request.method,
                    "path": request.url.raw_path.decode("ascii"),
                    "headers": [
                        (name.decode("latin-1").lower(), value.decode("latin-1"))
                        for name, value in request.headers.raw
                    ],
                    "body": request.content,
                    "skip_permission_checks": skip_permission_checks,
                },
            )
            return httpx.Response(
                answer["status"], headers=answer["headers"], content=answer["body"]
            )

    return ServerTransport()


class DatasetteClient:
    """Requests to the site from inside, without a socket."""

    def __init__(self, ds: Datasette) -> None:
        self.ds = ds

    def actor_cookie(self, actor: dict[str, Any]) -> str:
        """The cookie that signs an actor in (API-121)."""
        return self.ds.sign({"a": actor}, "actor")

    def _path(self, path: str, avoid_path_rewrites: bool) -> str:
        if avoid_path_rewrites or isinstance(path, PrefixedUrlString):
            return str(path)
        return str(self.ds.urls.path(path))

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
        cookies = dict(kwargs.pop("cookies", None) or {})
        if actor is not None:
            if "ds_actor" in cookies:
                raise TypeError("Cannot use both actor= and a ds_actor cookie")
            cookies["ds_actor"] = self.actor_cookie(actor)
        sending = {
            name: kwargs.pop(name) for name in ("follow_redirects", "auth") if name in kwargs
        }
        kwargs.pop("timeout", None)
        url = f"http://localhost{self._path(path, avoid_path_rewrites)}"
        transport = _transport(self.ds, skip_permission_checks)
        async with httpx.AsyncClient(transport=transport, cookies=cookies, timeout=None) as client:
            return await client.send(client.build_request(method, url, **kwargs), **sending)

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
