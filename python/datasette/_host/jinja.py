"""Pages of the server that Jinja2 renders, because plugins have a say in them (OOP-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import TemplateNotFound

from ..utils import await_me_maybe
from .claims import claims
from .environment import Rendering, rendering
from .failures import describe
from .page_values import NothingHere, PageValues
from .work import called

if TYPE_CHECKING:
    from .calls import Calls


def _environment(calls: Calls, info: dict[str, Any] | None) -> Any:
    return calls.datasette.get_jinja_environment(calls.requests.of(info))


async def select_template(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    """The first of these templates that there is, and whether the request has an environment of
    its own."""
    environment = _environment(calls, params["request"])
    is_own = environment is not calls.datasette._jinja_env
    for name in params["candidates"]:
        try:
            environment.get_template(name)
        except TemplateNotFound:
            continue
        except Exception:  # noqa: BLE001 - rendering it says what is wrong with it
            return {"template": name, "is_own": is_own}
        return {"template": name, "is_own": is_own}
    return {"template": None, "is_own": is_own}


async def list_templates(calls: Calls, params: dict[str, Any]) -> list[str]:
    """The names of all templates that there are for the request."""
    return list(_environment(calls, params["request"]).list_templates())


async def render_page(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    """A page, or why there is none."""
    request = calls.requests.of(params["request"])
    page = Rendering(nonce=params["nonce"])
    values = PageValues(calls, request, page)
    try:
        template = calls.datasette.get_jinja_environment(request).get_template(params["template"])
        with rendering(page):
            html = await template.render_async(values.all(params["variables"]))
    except NothingHere as nothing:
        return {"page": {"html": "", "not_found": str(nothing)}}
    except Exception as error:  # noqa: BLE001 - templates and plugins raise anything
        return {"failed": describe(error)}
    return {
        "page": {
            "html": html,
            "needs": page.needs,
            "messages_shown": page.messages_shown,
            "status": page.status,
            "headers": [(str(name), str(value)) for name, value in page.headers.items()],
        }
    }


async def prepare_again(calls: Calls) -> None:
    """Prepares the environment in a process that replaces another."""
    for one in calls.registry.by_hook.get("prepare_jinja2_environment", ()):
        given = {"datasette": calls.datasette, "env": calls.datasette._jinja_env}
        prepared = called(one.plugin, one.function, *[given[name] for name in one.names])
        for work in prepared if isinstance(prepared, list) else [prepared]:
            await await_me_maybe(work)


def claimed(calls: Calls) -> dict[str, Any]:
    """What plugins claim, as the outcome of a hook."""
    return {"plugin": "jinja2", "value": claims(calls.datasette)}
