"""Views as classes, and the error that becomes a page (API-196, API-261, API-262)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from datasette.utils import add_cors_headers, path_with_format
from datasette.utils.asgi import Response

from ._csv import stream_csv

__all__ = ["BaseView", "DatasetteError", "View", "stream_csv"]

_METHODS = ("head", "get", "post", "put", "patch", "delete")


class DatasetteError(Exception):
    """An error that is shown as a page, or as JSON where JSON was asked for (API-196).

    `message_is_html` shows the message as it is; `plain_message` then stands in for it in JSON.
    """

    def __init__(
        self,
        message: str,
        title: str | None = None,
        error_dict: dict[str, Any] | None = None,
        status: int = 500,
        template: str | None = None,
        message_is_html: bool = False,
        plain_message: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.title = title
        self.error_dict = error_dict or {}
        self.status = status
        self.template = template
        self.message_is_html = message_is_html
        self.plain_message = plain_message


def _not_allowed(request: Any) -> Response:
    wants_json = (
        request.path.endswith(".json") or request.headers.get("content-type") == "application/json"
    )
    if wants_json:
        return Response.error("Method not allowed", 405)
    return Response.text("Method not allowed", status=405)


class View:
    """A view with a method for each HTTP method: `async def get(self, request, datasette)`.

    Give the class itself to `register_routes`.
    """

    async def __call__(self, request: Any, datasette: Any) -> Any:
        """Answers with the method that is called like that of the request."""
        handler = getattr(self, request.method.lower(), None)
        if handler is None:
            return await self.method_not_allowed(request)
        return await handler(request, datasette)

    async def head(self, request: Any, datasette: Any) -> Any:
        """What `get` answers, without its body."""
        get = getattr(self, "get", None)
        if get is None:
            return await self.method_not_allowed(request)
        response = await get(request, datasette)
        response.body = ""
        return response

    async def options(self, request: Any, datasette: Any) -> Response:
        """The methods there are."""
        allowed = ", ".join(method.upper() for method in _METHODS if hasattr(self, method))
        return Response.text("ok", headers={"allow": allowed})

    async def method_not_allowed(self, request: Any) -> Response:
        """The answer to other methods: 405, as JSON where the request looks like it."""
        return _not_allowed(request)


class BaseView:
    """A view that is made with the `Datasette` object; `as_view` is what goes into a route."""

    ds: Any = None
    #: What the page is called for templates and hooks.
    name: str | None = None
    #: Whether the page is there as JSON, too.
    has_json_alternate = True

    def __init__(self, datasette: Any) -> None:
        self.ds = datasette

    @classmethod
    def as_view(cls, *class_args: Any, **class_kwargs: Any) -> Callable[[Any, Any], Awaitable[Any]]:
        """A function that makes an instance for each request and lets it answer."""

        async def view(request: Any, send: Any) -> Any:
            return await cls(*class_args, **class_kwargs).dispatch_request(request)

        view.view_class = cls  # type: ignore[attr-defined]
        view.__doc__ = cls.__doc__
        view.__module__ = cls.__module__
        view.__name__ = cls.__name__
        return view

    async def dispatch_request(self, request: Any) -> Any:
        """Answers with the method that is called like that of the request."""
        if self.ds:
            await self.ds.refresh_schemas()
        handler = getattr(self, request.method.lower(), self.method_not_allowed)
        response = await handler(request)
        if self.ds and self.ds.cors:
            add_cors_headers(response.headers)
        return response

    async def method_not_allowed(self, request: Any) -> Response:
        """The answer to other methods: 405, as JSON where the request looks like it."""
        return _not_allowed(request)

    async def head(self, *args: Any, **kwargs: Any) -> Any:
        """What `get` answers, without its body."""
        response = await self.get(*args, **kwargs)
        response.body = b""
        return response

    async def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Says that there is something."""
        return Response.text("ok")

    async def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Not there unless a subclass has it."""
        return await self.method_not_allowed(request)

    async def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Not there unless a subclass has it."""
        return await self.method_not_allowed(request)

    async def put(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Not there unless a subclass has it."""
        return await self.method_not_allowed(request)

    async def patch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Not there unless a subclass has it."""
        return await self.method_not_allowed(request)

    async def delete(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Not there unless a subclass has it."""
        return await self.method_not_allowed(request)

    async def render(
        self, templates: Sequence[str], request: Any, context: dict[str, Any] | None = None
    ) -> Response:
        """A page from the first of the templates that is there."""
        template = self.ds.get_jinja_environment(request).select_template(templates)
        variables = dict(context or {})
        variables["select_templates"] = [
            f"*{name}" if name == template.name else name for name in templates
        ]
        headers = {}
        if self.has_json_alternate:
            path = request.scope.get("route_path")
            alternate = path_with_format(request=request, path=path, format="json")
            url = self.ds.absolute_url(request, self.ds.urls.path(alternate))
            variables["alternate_url_json"] = url
            headers["Link"] = f'<{url}>; rel="alternate"; type="application/json+datasette"'
        body = await self.ds.render_template(
            template, variables, request=request, view_name=self.name
        )
        return Response.html(body, headers=headers)
