"""The rights of earlier releases: one question per resource, where now there are rules.

A resource was a name of a database, or a pair of one and the name of a table or query, or None.
Plugins answered True, False or None; one False decided, else one True.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..permissions import PermissionSQL, Resource
from ..utils import actor_matches_allow, await_me_maybe
from ..utils.asgi import Forbidden

if TYPE_CHECKING:
    from ..app import Datasette

Ask = Callable[[str, Any], Awaitable[Any]]

_WIDER = {
    "view-table": ("view-database", "view-instance"),
    "view-query": ("view-database", "view-instance"),
    "view-database": (None, "view-instance"),
    "view-database-download": ("view-database", "view-instance"),
    "execute-sql": ("view-database", "view-instance"),
}
"""What decided where nobody had an opinion about an action: on the database, on the instance."""

_RULES = """
select json_extract(value, '$[0]') as parent, json_extract(value, '$[1]') as child,
  json_extract(value, '$[2]') as allow, :earlier_reason as reason
from json_each(:earlier_rules)
"""


def resource_of(resource: Any) -> tuple[str | None, str | None]:
    """Database and table or query of a resource, as earlier and present releases write it."""
    if resource is None:
        return None, None
    if isinstance(resource, Resource):
        return resource.parent, resource.child
    if isinstance(resource, str):
        return resource, None
    parent, child = resource
    return parent, child


async def rules(datasette: Datasette, ask: Ask, action: str, plugin: str) -> PermissionSQL | None:
    """The opinions of one plugin about all resources of an action, as rules.

    What is asked is what pages of earlier releases asked: the action on the resource, then what is
    wider. So whoever was kept from a database is kept from its tables, in lists too."""
    on_database, on_instance = _WIDER.get(action, (None, None))
    known = datasette.actions.get(action)
    kind = known.resource_class if known is not None else None
    found: list[tuple[str | None, str | None, bool]] = []

    async def opinion(about: str, resource: Any, parent: str | None, child: str | None) -> None:
        answer = await ask(about, resource)
        if answer is not None:
            found.append((parent, child, bool(answer)))

    if kind is None:
        await opinion(action, None, None, None)
    else:
        if on_instance:
            await opinion(on_instance, None, None, None)
        below = kind.parent_class is not None
        if below:
            for parent, child in await _resources(datasette, kind):
                await opinion(action, (parent, child), parent, child)
            databases = list(datasette.databases) if on_database else []
        else:
            # Kinds of plugins may be on top, too: what they contain is not called a database.
            databases = [parent for parent, _ in await _resources(datasette, kind)]
        for database in databases:
            answer = None if below else await ask(action, database)
            if answer is None and on_database:
                answer = await ask(on_database, database)
            if answer is not None:
                found.append((database, None, bool(answer)))
    if not found:
        return None
    return PermissionSQL(
        sql=_RULES,
        params={
            "earlier_rules": json.dumps(
                [[parent, child, int(yes)] for parent, child, yes in found]
            ),
            "earlier_reason": f"permission_allowed() of {plugin}",
        },
        source=plugin,
    )


async def _resources(datasette: Datasette, kind: type[Resource]) -> list[tuple[str, Any]]:
    sql = await kind.resources_sql(datasette, None)
    result = await datasette.get_internal_database().execute(sql)
    return [(row["parent"], row["child"]) for row in result]


async def permission_allowed(
    datasette: Datasette, actor: Any, action: str, resource: Any, default: bool | None
) -> bool | None:
    """Whether the actor may; `default` where it is about something that the server knows nothing of
    and nobody has an opinion."""
    parent, child = resource_of(resource)
    known = datasette.actions.get(action)
    if known is not None:
        kind = known.resource_class
        if kind is None:
            return await datasette.allowed(action=action, actor=actor)
        if parent is None or (kind.parent_class is not None and child is None):
            return await _everywhere(datasette, actor, action, kind, parent)
        return await datasette.allowed(action=action, resource=_Named(parent, child), actor=actor)
    opinions = [*await _opinions(datasette, actor, action, resource)]
    opinions += _configured(datasette, actor, action, parent, child)
    if not _unrestricted(actor, action, parent, child) or not all(opinions):
        return False
    if opinions:
        return True
    return default


class _Named(Resource):
    """A resource by its names; the action says what kind it is."""

    @classmethod
    async def resources_sql(cls, datasette: Any, actor: Any = None) -> str:
        """Never asked for."""
        raise NotImplementedError


async def _everywhere(
    datasette: Datasette, actor: Any, action: str, kind: type[Resource], parent: str | None
) -> bool:
    """Whether the actor may on all that there is: asked where nobody named what is meant."""
    there = [one for one in await _resources(datasette, kind) if parent in (None, one[0])]
    for names in there:
        if not await datasette.allowed(action=action, resource=_Named(*names), actor=actor):
            return False
    return bool(there)


async def _opinions(datasette: Datasette, actor: Any, action: str, resource: Any) -> list[bool]:
    """What hooks of earlier releases say about an action that nobody registered."""
    from .hooks import answers

    given = {"datasette": datasette, "actor": actor, "action": action, "resource": resource}
    said = [await await_me_maybe(one) for one in answers("permission_allowed", given)]
    return [bool(answer) for answer in said if answer is not None]


def _configured(
    datasette: Datasette, actor: Any, action: str, parent: str | None, child: str | None
) -> list[bool]:
    """What `permissions` blocks of the configuration say: the most specific one."""
    config = datasette.config or {}
    database = (config.get("databases") or {}).get(parent) or {}
    blocks = [config]
    if parent is not None:
        blocks.insert(0, database)
    if child is not None:
        for kind in ("tables", "queries"):
            block = (database.get(kind) or {}).get(child)
            if isinstance(block, dict):
                blocks.insert(0, block)
    for block in blocks:
        allow = (block.get("permissions") or {}).get(action)
        if allow is not None:
            return [bool(actor_matches_allow(actor, allow))]
    return []


def _unrestricted(actor: Any, action: str, parent: str | None, child: str | None) -> bool:
    """Whether what the actor is restricted to contains it."""
    if not isinstance(actor, dict) or "_r" not in actor:
        return True
    restrictions = actor["_r"] or {}
    return (
        action in (restrictions.get("a") or ())
        or action in ((restrictions.get("d") or {}).get(parent) or ())
        or action in (((restrictions.get("r") or {}).get(parent) or {}).get(child) or ())
    )


async def ensure_permissions(datasette: Datasette, actor: Any, permissions: Sequence[Any]) -> None:
    """Raises Forbidden unless the actor may do all of it.

    Earlier releases stopped at the first that somebody had an opinion about, so that what is open
    inside of something closed could be seen; rules do the same by themselves, so what is wider than
    what came before needs no asking."""
    seen: list[tuple[str, Any]] = []
    for one in permissions:
        action, resource = (one, None) if isinstance(one, str) else one
        parent, _ = resource_of(resource)
        is_contained = any(_contains(action, parent, *before) for before in seen)
        if not (is_contained or await permission_allowed(datasette, actor, action, resource, None)):
            raise Forbidden(action)
        seen.append((action, parent))


def _contains(action: str, parent: str | None, before: str, before_parent: Any) -> bool:
    wider: Iterable[str | None] = _WIDER.get(before, ())
    return action in wider and (parent is None or parent == before_parent)
