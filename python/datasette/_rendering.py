"""Templates rendered by the server with what a plugin adds (API-91 to API-95)."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ._host.failures import ServerError
from ._host.requests import info_of

if TYPE_CHECKING:
    from .app import Datasette


async def render_template(
    ds: Datasette, templates: Any, context: Any, request: Any, view_name: str | None
) -> str:
    """The rendered template: the first of several names that exists."""
    if not ds._startup_invoked:
        raise RuntimeError("render_template() called before await ds.invoke_startup()")
    names = [templates] if isinstance(templates, str) else list(templates)
    data, safe = await _split(context)
    for name in names[:-1]:
        try:
            return await _render(ds, name, data, safe, request, view_name)
        except ServerError as error:
            if "template not found" not in str(error):
                raise
    return await _render(ds, names[-1], data, safe, request, view_name)


async def _render(
    ds: Datasette,
    name: str,
    data: dict[str, Any],
    safe: dict[str, str],
    request: Any,
    view_name: str | None,
) -> str:
    question = {
        "template": name,
        "context": data,
        "safe": safe,
        "request": info_of(request),
        "view_name": view_name,
    }
    return str(await ds._link.ask("render_template", question))


async def _split(context: Any) -> tuple[dict[str, Any], dict[str, str]]:
    if context is None:
        return {}, {}
    if dataclasses.is_dataclass(context) and not isinstance(context, type):
        names = [field.name for field in dataclasses.fields(context)]
        context = {name: getattr(context, name) for name in names}
    data: dict[str, Any] = {}
    safe: dict[str, str] = {}
    for name, value in context.items():
        if inspect.isawaitable(value):
            value = await value
        if isinstance(value, Markup):
            safe[name] = str(value)
        else:
            data[name] = value
    return data, safe
