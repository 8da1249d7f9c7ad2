"""The variables of a page as the server sends them, and what stands in for its functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ..utils import (
    append_querystring,
    display_actor,
    format_bytes,
    path_with_replaced_args,
)
from .environment import Rendering, fix_path
from .requests import info_of
from .table_rows import Filters, Rows

if TYPE_CHECKING:
    from ..app import Datasette
    from .calls import Calls


class PageValues:
    """Makes the variables of one page of what the server sends."""

    def __init__(self, calls: Calls, request: Any, page: Rendering) -> None:
        self._calls = calls
        self._datasette: Datasette = calls.datasette
        self._request = request
        self._page = page

    def all(self, sent: dict[str, Any]) -> dict[str, Any]:
        """All variables."""
        return {name: self.one(value) for name, value in sent.items()}

    def one(self, sent: dict[str, Any]) -> Any:
        """One value."""
        ((kind, value),) = sent.items()
        if kind == "data":
            return value
        made: Callable[[Any], Any] = getattr(self, f"_{kind}")
        return made(value)

    def _bytes(self, value: bytes) -> bytes:
        return value

    def _html(self, value: str) -> Markup:
        return Markup(value)

    def _list(self, items: list[Any]) -> list[Any]:
        return [self.one(item) for item in items]

    def _tuple(self, items: list[Any]) -> tuple[Any, ...]:
        return tuple(self.one(item) for item in items)

    def _map(self, members: dict[str, Any]) -> dict[str, Any]:
        return self.all(members)

    def _returns(self, sent: dict[str, Any]) -> Callable[[], Any]:
        value = self.one(sent)
        return lambda: value

    def _rows(self, sent: dict[str, Any]) -> Rows:
        return Rows(sent)

    def _filters(self, sent: dict[str, Any]) -> Filters:
        return Filters(self.all(sent))

    def _foreign(self, number: int) -> Any:
        return self._calls.functions.handles[number]

    def _messages(self, messages: list[Any]) -> Callable[[], list[Any]]:
        def show_messages() -> list[Any]:
            self._page.messages_shown = True
            return [tuple(message) for message in messages]

        return show_messages

    def _known(self, name: str) -> Any:
        if name == "request":
            return self._request
        if name == "urls":
            return self._datasette.urls
        if name == "fix_path":
            return fix_path(self._datasette)
        if name in _EVERYWHERE:
            return _EVERYWHERE[name]
        return getattr(self, name)

    async def crumb_items(
        self, request: Any, database: str | None = None, table: str | None = None
    ) -> list[dict[str, str]]:
        """Links down to a table, as far as the visitor may go there (CTX-02)."""
        question = {"request": info_of(request), "database": database, "table": table}
        links = await self._datasette._link.ask("crumb_items", question)
        return [{"href": href, "label": label} for href, label in links]

    def custom_header(self, name: str, value: str) -> str:
        """Sets a header of the response (CTX-90)."""
        self._page.headers[name] = value
        return ""

    def custom_status(self, code: int) -> str:
        """Sets its status."""
        self._page.status = code
        return ""

    def custom_redirect(self, location: str, code: int = 302) -> str:
        """Sends the visitor elsewhere."""
        self._page.status = code
        self._page.headers["Location"] = location
        return ""

    def raise_404(self, message: str = "") -> None:
        """Says that there is nothing at this address."""
        raise NothingHere(message)


class NothingHere(Exception):
    """A template says that there is nothing at its address (ROUTE-54)."""


def _display_actor(actor: Any) -> str:
    return display_actor(actor) if actor else ""


_EVERYWHERE: dict[str, Any] = {
    "api_path": lambda link: link["href"],
    "append_querystring": append_querystring,
    "display_actor": _display_actor,
    "format_bytes": format_bytes,
    "path_with_replaced_args": path_with_replaced_args,
    "zip": zip,
}
