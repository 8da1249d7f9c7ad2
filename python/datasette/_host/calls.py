"""What the server asks of this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from .._earlier import hooks as earlier
from .._earlier.queries import EarlierQueries
from ..utils import await_me_maybe
from . import (
    columns,
    declare,
    facets,
    formats,
    functions,
    hooks,
    jinja,
    registered,
    views,
    wrapping,
)
from .lines import Lines
from .loans import Loans
from .patience import OF_HOOKS
from .requests import Requests
from .site import datasette_for
from .stages import Stages

if TYPE_CHECKING:
    from ..app import Datasette
    from .link import Link

Method = Callable[["Calls", Any], Awaitable[Any]]


class Calls:
    """Answers the server's calls, with all that they have in common."""

    link: Link
    datasette: Datasette
    queries: EarlierQueries

    def __init__(self) -> None:
        self.registry = declare.Registry()
        self.requests = Requests()
        self.functions = functions.Functions()
        self.lines = Lines()
        #: Seconds that a hook may take.
        self.patience = OF_HOOKS
        self.loans = Loans()
        self.stages = Stages(self)
        self.wrapping = wrapping.Wrapping(self)

    async def answer(self, method: str, params: Any) -> Any:
        """The answer to one call."""
        result = await METHODS[method](self, params)
        # Databases that a plugin attached on the way are there when it is answered.
        if (datasette := getattr(self, "datasette", None)) is not None:
            await datasette._settled()
        return result


async def ping(_calls: Calls, _params: Any) -> None:
    """The event loop is free."""


async def start(calls: Calls, params: dict[str, Any]) -> dict[str, Any]:
    """Loads the plugins and tells what they declare."""
    calls.datasette = datasette_for(params, calls.link)
    calls.datasette._calls = calls
    calls.queries = EarlierQueries(calls.datasette)
    calls.requests.link = calls.link
    calls.requests.inside = calls.wrapping.inside
    return await calls.registry.declare(calls.datasette)


async def attached(calls: Calls, _params: Any) -> None:
    """The server can be asked from now on."""
    await calls.datasette._attached()


async def resume(calls: Calls, params: dict[str, Any]) -> None:
    """This process replaces one that was at work: what was done there is done again."""
    for before in params["prepared"]:
        await hooks.prepare_again(calls, before)
    if params["started"]:
        await calls.datasette._attached()
        await jinja.prepare_again(calls)
        await hooks.start_again(calls)
    if params["serving"] is not None:
        await calls.wrapping.launch(params["serving"])


async def stop(calls: Calls, _params: Any) -> None:
    """The server ends."""
    await calls.wrapping.lifespan.end()
    calls.link.ended.set()


async def open_stage(calls: Calls, _params: Any) -> None:
    """The server wants one more thread for its connections."""
    calls.stages.open()


async def open_line(calls: Calls, number: int) -> None:
    """The server wants one more thread for SQL functions."""
    calls.lines.open(number)


async def skip_csrf(calls: Calls, params: dict[str, Any]) -> bool:
    """Whether a plugin of an earlier release lets a request pass that another site started."""
    request = calls.requests.of(params["request"])
    assert request is not None
    given = {"datasette": calls.datasette, "scope": request.scope}
    return any([await await_me_maybe(one) for one in earlier.answers("skip_csrf", given)])


async def canned_queries(calls: Calls, _params: Any) -> None:
    """Queries of plugins of earlier releases are stored as they are now."""
    await calls.queries.refresh()


async def run_task(calls: Calls, params: dict[str, Any]) -> Any:
    """Does work beside the requests, and waits for its end."""
    return await calls.datasette._background_tasks.run(params["id"])


async def cancel_task(calls: Calls, params: dict[str, Any]) -> None:
    """Ends work beside the requests."""
    calls.datasette._background_tasks.cancel(params["id"])


METHODS: dict[str, Method] = {
    "ping": ping,
    "start": start,
    "attached": attached,
    "resume": resume,
    "stop": stop,
    "hook": hooks.call,
    "view": views.call,
    "wrapped": wrapping.call,
    "inside_request": wrapping.inside_request,
    "launch": wrapping.launch,
    "land": wrapping.land,
    "render": formats.render,
    "can_render": formats.can_render,
    "facet_results": facets.results,
    "facet_suggest": facets.suggest,
    "column_render": columns.render,
    "column_validate": columns.validate,
    "column_transform": columns.transform,
    "magic": registered.magic,
    "make_token": registered.make_token,
    "check_token": registered.check_token,
    "select_template": jinja.select_template,
    "list_templates": jinja.list_templates,
    "render_page": jinja.render_page,
    "open_line": open_line,
    "open_stage": open_stage,
    "skip_csrf": skip_csrf,
    "canned_queries": canned_queries,
    "run_task": run_task,
    "cancel_task": cancel_task,
}
