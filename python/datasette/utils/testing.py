"""A client for tests that are not async (API-264)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import async_to_sync


class TestResponse:
    """An answer of `TestClient`."""

    __test__ = False

    def __init__(self, httpx_response: Any) -> None:
        self.httpx_response = httpx_response

    @property
    def status(self) -> int:
        """The status."""
        return self.httpx_response.status_code

    @property
    def status_code(self) -> int:
        """The status."""
        return self.status

    @property
    def headers(self) -> Any:
        """The headers."""
        return self.httpx_response.headers

    @property
    def body(self) -> bytes:
        """The body as bytes."""
        return self.httpx_response.content

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        return self.body

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf8")

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.text)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that were set."""
        return dict(self.httpx_response.cookies)


class TestClient:
    """Sends requests to a `Datasette` object and waits for the answers."""

    __test__ = False
    max_redirects = 5

    def __init__(self, ds: Any) -> None:
        self.ds = ds

    def actor_cookie(self, actor: dict[str, Any]) -> str:
        """The value of `ds_actor` for this actor."""
        return self.ds.sign({"a": actor}, "actor")

    @async_to_sync
    async def get(
        self,
        path: str,
        follow_redirects: bool = False,
        redirect_count: int = 0,
        method: str = "GET",
        params: Any = None,
        cookies: dict[str, str] | None = None,
        if_none_match: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Asks for a page; `params` become its query string."""
        if params:
            path = f"{path}?{urlencode(params, doseq=True)}"
        return await self._request(
            path,
            follow_redirects,
            redirect_count,
            method,
            cookies,
            headers,
            None,
            None,
            if_none_match,
        )

    @async_to_sync
    async def post(
        self,
        path: str,
        post_data: Any = None,
        body: str | bytes | None = None,
        follow_redirects: bool = False,
        redirect_count: int = 0,
        content_type: str = "application/x-www-form-urlencoded",
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        csrftoken_from: Any = None,
    ) -> TestResponse:
        """Sends a form or a body. `csrftoken_from` means nothing any more."""
        assert not (post_data and body), "Provide one or other of body= or post_data="
        if post_data:
            body = urlencode(post_data, doseq=True)
        return await self._request(
            path,
            follow_redirects,
            redirect_count,
            "POST",
            cookies,
            headers,
            body,
            content_type,
            None,
        )

    @async_to_sync
    async def request(
        self,
        path: str,
        follow_redirects: bool = True,
        redirect_count: int = 0,
        method: str = "GET",
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        post_body: str | bytes | None = None,
        content_type: str | None = None,
        if_none_match: str | None = None,
    ) -> TestResponse:
        """Sends any request."""
        return await self._request(
            path,
            follow_redirects,
            redirect_count,
            method,
            cookies,
            headers,
            post_body,
            content_type,
            if_none_match,
        )

    async def _request(
        self,
        path: str,
        follow_redirects: bool,
        redirect_count: int,
        method: str,
        cookies: dict[str, str] | None,
        headers: dict[str, str] | None,
        body: str | bytes | None,
        content_type: str | None,
        if_none_match: str | None,
    ) -> TestResponse:
        await self.ds.invoke_startup()
        sent = dict(headers or {})
        if content_type:
            sent["content-type"] = content_type
        if if_none_match:
            sent["if-none-match"] = if_none_match
        while True:
            answer = await self.ds.client.request(
                method,
                path,
                follow_redirects=follow_redirects,
                avoid_path_rewrites=True,
                cookies=cookies,
                headers=sent,
                content=body,
            )
            response = TestResponse(answer)
            if not follow_redirects or response.status not in (301, 302):
                return response
            assert redirect_count < self.max_redirects, (
                f"Redirected {redirect_count} times, max_redirects={self.max_redirects}"
            )
            # What is followed is a plain GET without cookies.
            redirect_count += 1
            path, method = response.headers["Location"], "GET"
            cookies, sent, body = None, {}, None
