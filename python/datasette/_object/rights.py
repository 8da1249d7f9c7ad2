"""Who may do what (API-60 to API-71)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._resolving import ResourcesSQL
from ..permissions import Action, Resource, _skip_permission_checks
from ..resources import DatabaseResource, QueryResource, TableResource
from ..utils import PaginatedResources, named_parameters, tilde_encode, urlsafe_components
from ..utils.asgi import Forbidden, NotFound

if TYPE_CHECKING:
    from .._host.link import Link
    from ..database import Database

Actor = dict[str, Any] | None

_OWN_KINDS = (DatabaseResource, TableResource, QueryResource)
_SQL = (
    "select value->>0 as parent, value->>1 as child, value->>2 as reason{private} "
    "from json_each(:allowed_resources) order by parent, child"
)


class Rights:
    """Asks the server, which decides."""

    _link: Link
    _internal_database: Database
    actions: dict[str, Action]

    async def allowed(
        self, *, action: str, resource: Resource | None = None, actor: Actor = None
    ) -> bool:
        """Whether the actor may do the action to the resource. `ValueError` for an unknown one."""
        self._known_action(action)
        if _skip_permission_checks.get():
            return True
        right = {"action": action, **_about(resource, actor)}
        return bool(await self._asked("allowed", right))

    async def allowed_many(
        self, *, actions: Sequence[str], resource: Resource | None = None, actor: Actor = None
    ) -> dict[str, bool]:
        """Which of the actions the actor may do to the resource."""
        wanted = list(dict.fromkeys(actions))
        for action in wanted:
            self._known_action(action)
        if _skip_permission_checks.get():
            return dict.fromkeys(wanted, True)
        rights = {"actions": wanted, **_about(resource, actor)}
        return dict(zip(wanted, await self._asked("allowed_many", rights)))

    async def ensure_permission(
        self, *, action: str, resource: Resource | None = None, actor: Actor = None
    ) -> None:
        """Raises Forbidden where the actor may not."""
        if not await self.allowed(action=action, resource=resource, actor=actor):
            raise Forbidden(action)

    async def check_visibility(
        self, actor: Actor, action: str, resource: Resource | None = None
    ) -> tuple[bool, bool]:
        """Whether the actor may, and whether anonymous visitors may not."""
        if resource is not None and not isinstance(resource, Resource):
            raise TypeError("resource must be a Resource subclass instance or None.")
        if not await self.allowed(action=action, resource=resource, actor=actor):
            return False, False
        return True, not await self.allowed(action=action, resource=resource, actor=None)

    def get_action(self, name_or_abbr: str) -> Action | None:
        """The action of that name or abbreviation."""
        named = self.actions.get(name_or_abbr)
        if named is not None:
            return named
        return next((one for one in self.actions.values() if one.abbr == name_or_abbr), None)

    def resource_for_action(self, action: str, parent: str | None, child: str | None) -> Resource:
        """What the action is done to, of these names. `ValueError` for an unknown action."""
        known = self.actions.get(action)
        if known is None:
            raise ValueError(f"Unknown action: {action}")
        # Classes of plugins take arguments of their own.
        resource: Resource = object.__new__(known.resource_class or Resource)
        Resource.__init__(resource, parent=parent, child=child)
        return resource

    async def allowed_resources_sql(
        self,
        *,
        action: str,
        actor: Actor = None,
        parent: str | None = None,
        include_is_private: bool = False,
    ) -> ResourcesSQL:
        """SQL over the internal database with `parent`, `child`, `reason`, and `is_private`."""
        reasons = {
            (found[0], found[1]): json.dumps(found[2])
            for found in await self._reasons(action, actor, parent)
        }
        listed = [
            [one[0], one[1], reasons.get((one[0], one[1]), "[]"), int(one[2])]
            for one in await self._allowed_list(action, actor, parent)
        ]
        private = ", value->>3 as is_private" if include_is_private else ""
        return ResourcesSQL(_SQL.format(private=private), {"allowed_resources": json.dumps(listed)})

    async def allowed_resources(
        self,
        action: str,
        actor: Actor = None,
        *,
        parent: str | None = None,
        include_is_private: bool = False,
        include_reasons: bool = False,
        limit: int = 100,
        next: str | None = None,
    ) -> PaginatedResources:
        """A page of what the actor may do the action to, in the order of names."""
        limit = min(max(1, limit), 1000)
        listed = await self._allowed_list(action, actor, parent)
        listed.sort(key=lambda one: (one[0] or "", one[1] or ""))
        after = _cursor(next)
        if after is not None:
            listed = [one for one in listed if (one[0] or "", one[1] or "") > after]
        reasons: dict[tuple[Any, Any], list[str]] = {}
        if include_reasons:
            found = await self._reasons(action, actor, parent)
            reasons = {(one[0], one[1]): one[2] for one in found}
        page = []
        for database, child, private in listed[:limit]:
            resource = self.resource_for_action(action, database, child)
            if include_reasons:
                resource.reasons = reasons.get((database, child), [])
            if include_is_private:
                resource.private = private
            page.append(resource)
        token = None
        if len(listed) > limit:
            last = page[-1]
            token = f"{tilde_encode(str(last.parent))},{tilde_encode(str(last.child))}"
        return PaginatedResources(
            resources=page,
            next=token,
            _datasette=self,
            _action=action,
            _actor=actor,
            _parent=parent,
            _include_is_private=include_is_private,
            _include_reasons=include_reasons,
            _limit=limit,
        )

    async def ensure_query_write_permissions(
        self,
        database: str,
        sql: str,
        *,
        actor: Actor = None,
        params: dict[str, Any] | None = None,
        analysis: Any = None,
    ) -> None:
        """Raises `Forbidden` or `QueryWriteRejected` where the actor may not run that SQL."""
        from ..write_sql import QueryWriteRejected

        given = dict.fromkeys(named_parameters(sql), "") if params is None else params
        question = {"database": database, "sql": sql, "actor": actor, "params": list(given.items())}
        rejected = await self._asked("judge_write", question)
        if rejected is not None:
            raise QueryWriteRejected(rejected)

    # What stands behind ---------------------------------------------------------------------

    def _known_action(self, name: str) -> None:
        if name not in self.actions:
            raise ValueError(f"Unknown action: {name}")

    async def _asked(self, method: str, right: dict[str, Any]) -> Any:
        try:
            return await self._link.ask(method, right)
        except NotFound as error:
            if str(error).startswith("Unknown action"):
                raise ValueError(str(error)) from None
            raise

    async def _allowed_list(
        self, action: str, actor: Actor, parent: str | None
    ) -> list[tuple[str | None, str | None, bool]]:
        known = self.actions.get(action)
        if known is None:
            raise ValueError(f"Unknown action: {action}")
        kind = known.resource_class
        if kind is not None and kind not in _OWN_KINDS:
            return await self._allowed_of_plugin(kind, action, actor, parent)
        if _skip_permission_checks.get() and kind is not None:
            return [(*one, False) for one in await self._resources(kind, actor, parent)]
        right = {"action": action, "actor": actor, "parent": parent}
        found = await self._asked("allowed_resources", right)
        return [(one["parent"], one["child"], one["private"]) for one in found]

    async def _allowed_of_plugin(
        self, kind: type[Resource], action: str, actor: Actor, parent: str | None
    ) -> list[tuple[str | None, str | None, bool]]:
        allowed = []
        for names in await self._resources(kind, actor, parent):
            resource = self.resource_for_action(action, *names)
            visible, private = await self.check_visibility(actor, action, resource)
            if visible:
                allowed.append((*names, private))
        return allowed

    async def _resources(
        self, kind: type[Resource], actor: Actor, parent: str | None
    ) -> list[tuple[str | None, str | None]]:
        sql = await kind.resources_sql(self, actor)
        found = await self._internal_database.execute(
            f"select parent, child from ({sql}) where :parent is null or parent = :parent",
            {"parent": parent},
        )
        return [(row[0], row[1]) for row in found.rows]

    async def _reasons(self, action: str, actor: Actor, parent: str | None) -> list[Any]:
        right = {"action": action, "actor": actor, "parent": parent}
        return list(await self._asked("allowed_reasons", right))


def _about(resource: Resource | None, actor: Actor) -> dict[str, Any]:
    return {
        "actor": actor,
        "parent": getattr(resource, "parent", None),
        "child": getattr(resource, "child", None),
    }


def _cursor(token: str | None) -> tuple[str, str] | None:
    try:
        parts = urlsafe_components(token) if token else []
    except ValueError:
        return None
    return (parts[0], parts[1]) if len(parts) >= 2 else None
