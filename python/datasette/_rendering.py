"""Templates that plugins render (API-91 to API-96): by Jinja2 itself, so that they may hold anything
that Python has. The server gives what is around every page."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, Template
from markupsafe import Markup, escape

from ._host.environment import Rendering, rendering
from ._host.page_values import PageValues
from ._host.requests import info_of

if TYPE_CHECKING:
    from .app import Datasette

_made_up = itertools.count(1 << 62)
"""Numbers of requests that the server does not know."""


def jinja_environment(ds: Datasette, request: Any) -> Environment:
    """The environment for a request (HOOK-36, API-96)."""
    environment = ds._jinja_env
    if request:
        for other in ds.pm.hook.jinja2_environment_from_request(
            datasette=ds, request=request, env=environment
        ):
            environment = other
    return environment


async def render_template(
    ds: Datasette, templates: Any, context: Any, request: Any, view_name: str | None
) -> str:
    """The rendered template: the first of several names that exists."""
    if not ds._startup_invoked:
        raise RuntimeError("render_template() called before await ds.invoke_startup()")
    given = _shallow(context or {})
    template = templates
    if not isinstance(templates, Template):
        names = [templates] if isinstance(templates, str) else templates
        template = jinja_environment(ds, request).select_template(names)
    info = _described(ds, request)
    question = {"page": _about(template, given, view_name), "request": info}
    frame = await ds._link.ask("page_frame", question)
    page = Rendering(nonce=frame["nonce"])
    around = PageValues(ds._calls, request, page).all(frame["variables"])
    if around.get("alternate_url_json") is None:
        around.pop("alternate_url_json", None)
    for script in around["body_scripts"]:
        script["script"] = Markup(script["script"])
    variables = {**given, **around}
    if request and request.args.get("_context") and ds.setting("template_debug"):
        shown = json.dumps(variables, default=_not_json, indent=4)
        return f"<pre>{escape(shown)}</pre>"
    with rendering(page):
        html = await template.render_async(variables)
    if page.messages_shown and info_of(request) is not None:
        await ds._link.ask("messages_shown", {"request": info})
    return html


def _shallow(context: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(context) and not isinstance(context, type):
        return {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    return dict(context)


def _about(template: Template, given: dict[str, Any], view_name: str | None) -> dict[str, Any]:
    """What hooks learn about the page (HOOK-38, HOOK-39)."""

    def text(name: str) -> str | None:
        value = given.get(name)
        return str(value) if isinstance(value, str) else None

    columns = given.get("columns")
    names = [str(name) for name in columns] if isinstance(columns, (list, tuple)) else None
    return {
        "template": template.name or "",
        "database": text("database"),
        "table": text("table"),
        "columns": names,
        "view_name": view_name,
    }


def _described(ds: Datasette, request: Any) -> dict[str, Any] | None:
    """The request for the server; one that a plugin made up is described to it."""
    if request is None:
        return None
    known = info_of(request)
    if known is not None:
        return known
    info = {
        "id": next(_made_up),
        "method": request.method,
        "scheme": request.scheme,
        "host": request.host,
        "path": request.path,
        "query_string": request.query_string,
        "headers": list(request.headers.items()),
        "cookies": list(request.cookies.items()),
        "url_vars": list(request.url_vars.items()),
        "client": None,
        "actor": request.actor,
    }
    ds._calls.requests.know(info["id"], request)
    return info


def _not_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _shallow(value)
    return repr(value)
