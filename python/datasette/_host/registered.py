"""Magic parameters and tokens of plugins."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from ..tokens import TokenRestrictions
from .work import called

if TYPE_CHECKING:
    from .calls import Calls


async def magic(calls: Calls, params: dict[str, Any]) -> Any:
    """The value of a magic parameter (HOOK-156, HOOK-157)."""
    function = calls.registry.magic[params["id"]]
    owner = calls.registry.magic.owner(params["id"])
    value = called(owner, function, params["key"], calls.requests.of(params["request"]))
    if inspect.isawaitable(value):
        value = await value
    return value


async def make_token(calls: Calls, params: dict[str, Any]) -> str:
    """A token of the handler of that number."""
    handler = calls.registry.token_handlers[params["id"]]
    given = params["restrictions"]
    restrictions = None
    if given is not None:
        restrictions = TokenRestrictions(
            all=given.get("a", []), database=given.get("d", {}), resource=given.get("r", {})
        )
    token: str = await called(
        calls.registry.token_handlers.owner(params["id"]),
        handler.create_token,
        calls.datasette,
        params["actor_id"],
        expires_after=params["expires_after"],
        restrictions=restrictions,
    )
    return token


async def check_token(calls: Calls, params: dict[str, Any]) -> Any:
    """The actor of a token; None where it is none of the handler's."""
    handler = calls.registry.token_handlers[params["id"]]
    owner = calls.registry.token_handlers.owner(params["id"])
    return await called(owner, handler.verify_token, calls.datasette, params["token"])
